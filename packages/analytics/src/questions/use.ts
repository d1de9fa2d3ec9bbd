// Question: which organisations use the network, for what, and what came of it.
import type { Question } from '../question.ts'

export const use: Question = {
  name: 'use',
  title: ['Who uses it for what', 'Chi la usa e per che cosa'],
  says: ['Requests by organisation and purpose: how many were allowed, refused, and came to data, and how often data or a count left.', 'Richieste per organizzazione e finalità: quante autorizzate, rifiutate, arrivate ai dati, e quante volte sono usciti dati o un conteggio.'],
  parameters: {},
  columns: { requester: ['Organisation', 'Organizzazione'], purpose: ['Purpose', 'Finalità'], requests: ['Requests', 'Richieste'], allowed: ['Allowed', 'Autorizzate'], refused: ['Refused', 'Rifiutate'], with_data: ['With data', 'Con dati'], deliveries: ['Deliveries', 'Consegne'] },
  sql: `WITH asked AS (SELECT part1 AS id, json_extract_string(value, '$.requester') AS requester, json_extract_string(value, '$.purpose') AS purpose FROM procedure_at($height) WHERE kind IN ('request', 'use-request')),
    answers AS (SELECT part1 AS id, bool_or(state IN ('issued', 'accepted', 'revoked')) AS allowed, bool_or(state = 'refused') AS refused FROM procedure_at($height) WHERE kind IN ('permit', 'use-request-answer', 'request-answer') GROUP BY part1),
    left_data AS (SELECT part1 AS id, count(*) AS deliveries FROM feed.procedure WHERE kind IN ('use-release', 'release') AND height <= $height GROUP BY part1)
    SELECT requester, purpose, count(*) AS requests, count(*) FILTER (allowed) AS allowed, count(*) FILTER (refused AND NOT allowed) AS refused, count(deliveries) AS with_data, coalesce(sum(deliveries), 0)::BIGINT AS deliveries
    FROM asked LEFT JOIN answers USING (id) LEFT JOIN left_data USING (id) GROUP BY requester, purpose ORDER BY requester, purpose`,
  evidence: `SELECT height, place FROM feed.procedure WHERE kind IN ('request', 'use-request', 'permit', 'use-request-answer', 'request-answer', 'use-release', 'release') AND height <= $height`,
  chart: { label: 'requester', value: 'deliveries' },
}
