// Question: one request from its filing to the receipt of its deletion, step by step.
import type { Question } from '../question.ts'

export const flow: Question = {
  name: 'flow',
  title: ['The flow of one request', 'Il percorso di una richiesta'],
  says: ['Every write about one request, in order: what, by which function, submitted by whom, with which reason, and how many days after its filing.', 'Ogni scrittura su una richiesta, in ordine: che cosa, con quale funzione, inviata da chi, con quale motivo, e quanti giorni dopo il deposito.'],
  parameters: { request: { kind: 'id', says: ['The request', 'La richiesta'], required: true } },
  columns: { height: ['Block', 'Blocco'], place: ['Place', 'Posto'], ordered: ['When', 'Quando'], submitter: ['Submitter', 'Inviata da'], operation: ['Function', 'Funzione'], kind: ['What', 'Cosa'], holder: ['Holder', 'Titolare'], state: ['State', 'Stato'], reason: ['Reason', 'Motivo'], days: ['Days since filing', 'Giorni dal deposito'], operation_id: ['Operation', 'Operazione'] },
  sql: `SELECT height, place, epoch_ms(blocks.time) AS ordered, submitter, contract || ' ' || operation AS operation, kind, part2 AS holder, state, json_extract_string(value, '$.reason') AS reason, round((blocks.time - first_value(blocks.time) OVER (ORDER BY height, place, number)) / 86400000.0, 3) AS days, operation_id
    FROM feed.procedure JOIN feed.transactions USING (height, place) JOIN feed.blocks USING (height)
    WHERE part1 = $request AND kind IN ('request', 'request-answer', 'release', 'use-request', 'use-request-answer', 'permit', 'agreement', 'use-release', 'release-assessment', 'release-deletion') AND height <= $height ORDER BY height, place, number`,
  evidence: `SELECT height, place FROM feed.procedure WHERE part1 = $request AND height <= $height`,
}
