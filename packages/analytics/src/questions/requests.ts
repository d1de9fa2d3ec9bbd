// Question: what was asked for, and how much of it came to data.
import type { Question } from '../question.ts'

export const requests: Question = {
  name: 'requests',
  title: ['Requests and their yield', 'Richieste e loro resa'],
  says: ['Requests by purpose, form and basis: how many were allowed (by a permit or a holder), refused, and came to at least one release.', 'Richieste per finalità, forma e base: quante autorizzate (da un permesso o da un titolare), rifiutate, e quante hanno portato almeno un rilascio.'],
  parameters: { requester: { kind: 'member', says: ['Only this requester', 'Solo questo richiedente'] } },
  columns: { purpose: ['Purpose', 'Finalità'], form: ['Form', 'Forma'], basis: ['Basis', 'Base'], requests: ['Requests', 'Richieste'], allowed: ['Allowed', 'Autorizzate'], refused: ['Refused', 'Rifiutate'], with_data: ['With data', 'Con dati'], yield: ['Yield', 'Resa'] },
  sql: `WITH asked AS (SELECT part1 AS id, state, json_extract_string(value, '$.purpose') AS purpose, json_extract_string(value, '$.form') AS form, json_extract_string(value, '$.basis') AS basis, json_extract_string(value, '$.requester') AS requester, json_extract_string(value, '$.authority') AS authority FROM procedure_at($height) WHERE kind IN ('request', 'use-request')),
    answers AS (SELECT part1 AS id, bool_or(state IN ('issued', 'accepted', 'revoked')) AS allowed, bool_or(state = 'refused') AS refused FROM procedure_at($height) WHERE kind IN ('permit', 'use-request-answer', 'request-answer') GROUP BY part1),
    left_data AS (SELECT DISTINCT part1 AS id, true AS has_data FROM feed.procedure WHERE kind IN ('use-release', 'release') AND height <= $height)
    SELECT purpose, form, basis, count(*) AS requests, count(*) FILTER (allowed) AS allowed, count(*) FILTER (refused AND NOT allowed) AS refused, count(*) FILTER (has_data) AS with_data, round(count(*) FILTER (has_data) / count(*), 3) AS yield
    FROM asked LEFT JOIN answers USING (id) LEFT JOIN left_data USING (id) WHERE $requester IS NULL OR requester = $requester GROUP BY ALL ORDER BY ALL`,
  evidence: `SELECT height, place FROM feed.procedure WHERE kind IN ('request', 'use-request', 'permit', 'use-request-answer', 'request-answer', 'use-release', 'release') AND height <= $height
    AND ($requester IS NULL OR part1 IN (SELECT part1 FROM feed.procedure WHERE kind IN ('request', 'use-request') AND json_extract_string(value, '$.requester') = $requester))`,
  chart: { label: 'purpose', value: 'requests' },
  missing: ['Fees, publications and products of a use: no contract holds them. Data categories of a request stand in its committed document.', 'Tariffe, pubblicazioni e prodotti di un uso: nessun contratto li contiene. Le categorie di dati di una richiesta sono nel documento impegnato.'],
}
