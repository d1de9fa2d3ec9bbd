// Question: which datasets holders offer, by holder and category of EHDS Article 51.
import type { Question } from '../question.ts'

export const datasets: Question = {
  name: 'datasets',
  title: ['Datasets by holder and category', 'Dataset per titolare e categoria'],
  says: ['Datasets that stand on the ledger, by holder and category of health data (EHDS Article 51). A dataset of two categories counts in both.', 'Dataset iscritti nel registro, per titolare e categoria di dati sanitari (EHDS, articolo 51). Un dataset di due categorie conta in entrambe.'],
  parameters: { holder: { kind: 'member', says: ['Only this holder', 'Solo questo titolare'] } },
  columns: { holder: ['Holder', 'Titolare'], category: ['Category', 'Categoria'], state: ['State', 'Stato'], datasets: ['Datasets', 'Dataset'] },
  sql: `SELECT holder, category, state, count(*) AS datasets FROM (
      SELECT part1 AS holder, unnest(json_extract_string(value, '$.categories[*]')) AS category, state FROM procedure_at($height) WHERE kind = 'dataset' AND ($holder IS NULL OR part1 = $holder))
    GROUP BY ALL ORDER BY ALL`,
  evidence: `SELECT height, place FROM feed.procedure WHERE kind = 'dataset' AND height <= $height AND ($holder IS NULL OR part1 = $holder)`,
  chart: { label: 'holder', value: 'datasets' },
  missing: ['How many people a dataset has, and its quality label: its description is a commitment, and the catalogue holds the text.', 'Quante persone contiene un dataset e la sua etichetta di qualità: la descrizione è un impegno crittografico, il testo è nel catalogo.'],
}
