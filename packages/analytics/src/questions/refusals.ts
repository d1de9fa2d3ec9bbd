// Question: what was refused, by whom and why.
import type { Question } from '../question.ts'

export const refusals: Question = {
  name: 'refusals',
  title: ['Refusals and their reasons', 'Rifiuti e motivi'],
  says: ['Requests refused or found incomplete, permits refused or revoked, agreements ended, with the reason’s code; and decisions in batches that the contract refused.', 'Richieste rifiutate o incomplete, permessi negati o revocati, accordi terminati, con il codice del motivo; e decisioni in lotto rifiutate dal contratto.'],
  parameters: {},
  columns: { what: ['What', 'Cosa'], state: ['State', 'Stato'], actor: ['By', 'Da'], reason: ['Reason', 'Motivo'], says: ['What the code says', 'Che cosa dice il codice'], number: ['Number', 'Numero'] },
  sql: `SELECT kind AS what, state, coalesce(actor, part2) AS actor, json_extract_string(value, '$.reason') AS reason, NULL AS says, count(*) AS number FROM feed.procedure
      WHERE kind IN ('use-request', 'use-request-answer', 'request-answer', 'permit', 'agreement') AND state IN ('refused', 'incomplete', 'revoked', 'ended') AND height <= $height GROUP BY ALL
    UNION ALL SELECT 'item', 'refused', submitter, items.code, refusals.says, count(*) FROM feed.items JOIN feed.transactions USING (height, place) LEFT JOIN feed.refusals ON refusals.code = items.code
      WHERE items.code <> 'VALID' AND height <= $height GROUP BY ALL
    ORDER BY what, state, actor, reason`,
  evidence: `SELECT height, place FROM feed.procedure WHERE kind IN ('use-request', 'use-request-answer', 'request-answer', 'permit', 'agreement') AND state IN ('refused', 'incomplete', 'revoked', 'ended') AND height <= $height
    UNION SELECT height, place FROM feed.items WHERE code <> 'VALID' AND height <= $height`,
  chart: { label: 'reason', value: 'number' },
  missing: ['Transactions that a contract refused outright: they reach no block. Each node logs those it submitted.', 'Transazioni rifiutate per intero da un contratto: non arrivano in nessun blocco. Ogni nodo registra quelle che ha inviato.'],
}
