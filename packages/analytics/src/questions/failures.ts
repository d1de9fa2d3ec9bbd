// Question: which functions of the chaincode are used, and where they fail.
import type { Question } from '../question.ts'

export const failures: Question = {
  name: 'failures',
  title: ['Functions, their use and failures', 'Funzioni, uso e fallimenti'],
  says: ['Every function of every contract version, used or not: how often, by how many members, what was ordered and not applied, and which items of batches were refused.', 'Ogni funzione di ogni versione di contratto, usata o no: quante volte, da quanti membri, che cosa è stato ordinato e non applicato, e quali elementi dei lotti sono stati rifiutati.'],
  parameters: {},
  columns: { contract: ['Contract', 'Contratto'], operation: ['Function', 'Funzione'], uses: ['Uses', 'Usi'], submitters: ['Members', 'Membri'], not_applied: ['Not applied', 'Non applicate'], refused_items: ['Items refused', 'Elementi rifiutati'], why: ['Why', 'Perché'] },
  sql: `SELECT contract, operation, uses, submitters, not_applied, refused_items, why::VARCHAR AS why FROM chaincode_at($height) ORDER BY contract, operation`,
  evidence: `SELECT height, place FROM feed.transactions WHERE height <= $height`,
  chart: { label: 'operation', value: 'uses' },
}
