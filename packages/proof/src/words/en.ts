// What a proof proves and what it doesn't, in English.
import type { Words } from './words.ts'

export const en: Words = {
  operation: ({ operation, network, height, code }) => `Operation ${operation} stands on the ledger of “${network}” at height ${height}, with the code ${code}.`,
  batch: ({ operation }) => `It went there in the batch ${operation}.`,
  about: { consent: 'consent', 'opt-out': 'opt-out from secondary use', subject: 'key' },
  states: { active: 'active', withdrawn: 'withdrawn', closed: 'closed' },
  state: ({ about, subject, holder, version, state, time }) => `The ${about} of ${subject} at ${holder}: version ${version}, ${state}, dated ${time} UTC by whoever sent it.`,
  more: ({ count }) => `… and ${count} more in the same transaction.`,
  signed: ({ members, size }) => `${members} signed the log of ${size} transactions that holds it: none of them can deny it later, or show another log of that size, without being found out.`,
  witnessed: ({ witnesses, time }) => `${witnesses} cosigned that log, having seen that it only grew: no second history of it can have got the same quorum. The first of them saw it on ${time} UTC, by its own clock.`,
  unwitnessed: () => 'The roots ask for no witness: members who were all shown a false history by whoever orders the ledger would not know.',
  others: () => 'It went in a batch with other people\'s, whose pseudonyms stand in the proof: show it only to whom it concerns.',
  hidden: ({ count }) => `It went in a batch: ${count} more entries of the same transaction concern others and are not shown.`,
  notContent: () => 'What was permitted or forbidden in detail: the ledger holds a commitment; whoever has its opening can show that.',
  notLatest: () => 'That nothing newer replaced it, that anybody acted on it, or who the person behind the pseudonym is.',
  notRoots: () => 'That the roots are the right ones. They must have come to you another way than the proof.',
  and: (items) => items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`,
  refusals: {},
}
