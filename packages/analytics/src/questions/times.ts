// Question: how long it takes from a request to its decision and to data.
import type { Question } from '../question.ts'

export const times: Question = {
  name: 'times',
  title: ['From request to decision to data', 'Dalla richiesta alla decisione ai dati'],
  says: ['Days from filing to the first decision, and from that to the first release: median and ninth decile, by access body, or without one where holders decide.', 'Giorni dal deposito alla prima decisione e da questa al primo rilascio: mediana e nono decile, per organismo di accesso, o senza dove decidono i titolari.'],
  parameters: {},
  columns: { authority: ['Access body', 'Organismo di accesso'], requests: ['Requests', 'Richieste'], decided: ['Decided', 'Decise'], decision_median: ['Days to decision, median', 'Giorni alla decisione, mediana'], decision_p90: ['Ninth decile', 'Nono decile'], delivered: ['With data', 'Con dati'], data_median: ['Days to data, median', 'Giorni ai dati, mediana'], data_p90: ['Ninth decile', 'Nono decile'] },
  sql: `WITH steps AS (SELECT part1 AS id,
      min(time) FILTER (kind IN ('use-request', 'request')) AS filed,
      min(time) FILTER (kind = 'permit' OR (kind IN ('use-request-answer', 'request-answer') AND state IN ('accepted', 'refused'))) AS decided,
      min(time) FILTER (kind IN ('use-release', 'release')) AS delivered
      FROM feed.procedure WHERE kind IN ('use-request', 'request', 'permit', 'use-request-answer', 'request-answer', 'use-release', 'release') AND height <= $height GROUP BY part1),
    named AS (SELECT part1 AS id, json_extract_string(value, '$.authority') AS authority FROM procedure_at($height) WHERE kind IN ('use-request', 'request'))
    SELECT authority, count(*) AS requests, count(decided) AS decided, round(quantile_cont((decided - filed) / 86400000.0, 0.5), 3) AS decision_median, round(quantile_cont((decided - filed) / 86400000.0, 0.9), 3) AS decision_p90,
      count(delivered) AS delivered, round(quantile_cont((delivered - decided) / 86400000.0, 0.5), 3) AS data_median, round(quantile_cont((delivered - decided) / 86400000.0, 0.9), 3) AS data_p90
    FROM steps JOIN named USING (id) GROUP BY authority ORDER BY authority NULLS FIRST`,
  evidence: `SELECT height, place FROM feed.procedure WHERE kind IN ('use-request', 'request', 'permit', 'use-request-answer', 'request-answer', 'use-release', 'release') AND height <= $height`,
}
