// One request compiled for many subjects. A verdict depends on few things about a person, so `decide` is asked once for each combination that occurs and
// its answer is looked up for everyone else: there is one logic, here is only a table of its answers.
// Cost: one look-up a row; allocates one byte a row and one a combination. Deterministic; independent of the order of rows.
import type { UseRequest } from '@mhmd/schema'
import type { Basis, ConsentBasis, OptOutBasis, PermitBasis } from './basis.ts'
import { consentCodes, optOutCodes } from './columns.ts'
import type { ConsentColumns } from './columns.ts'
import { decide } from './decide.ts'
import type { Answer } from './reasons.ts'

export const answerCodes = { deny: 1, permit: 2, undetermined: 3 } as const satisfies Record<Answer, number>

const consentKinds = Object.keys(consentCodes).length
const optOutKinds = Object.keys(optOutCodes).length

/** The answers for every row, as `answerCodes`. The same as `decide` with the row's bases and the permits. Throws nothing. */
export function compileRequest(request: UseRequest, permits: readonly PermitBasis[], time: number): (columns: ConsentColumns) => Uint8Array {
  const approvals = [...new Set(permits.map((permit) => permit.approved))].sort((a, b) => a - b)
  return (columns) => {
    const ranks = approvals.length + 1
    const table = new Uint8Array((columns.terms.length + 1) * consentKinds * 2 * optOutKinds * ranks)
    const { consent, termsIndex, expires, optOut, optOutSince } = columns
    const answers = new Uint8Array(consent.length)
    for (let row = 0; row < answers.length; row++) {
      const kind = consent[row] ?? 0
      const expired = (expires[row] ?? 0) > time ? 0 : 1
      // How many approvals lie before her opt-out: all that a permit's logic asks of its moment.
      const rank = optOut[row] === optOutCodes.inForce ? countBelow(approvals, optOutSince[row] ?? 0) : 0
      const cell = ((((termsIndex[row] ?? -1) + 1) * consentKinds + kind) * 2 + expired) * optOutKinds * ranks + (optOut[row] ?? 0) * ranks + rank
      answers[row] = table[cell] || (table[cell] = answerCodes[decide(request, [...permits, ...basesOfRow(columns, row)], time).answer])
    }
    return answers
  }
}

function countBelow(sorted: readonly number[], value: number): number {
  let count = 0
  while (count < sorted.length && (sorted[count] ?? Infinity) < value) count++
  return count
}

/** Bases that have the row's codes: what stands for everyone in the same cell. */
function basesOfRow(columns: ConsentColumns, row: number): Basis[] {
  return [...consentOfRow(columns, row), ...optOutOfRow(columns, row)]
}

function consentOfRow({ consent, termsIndex, terms, expires }: ConsentColumns, row: number): Basis[] {
  const active: ConsentBasis = { basis: 'consent', version: 1, state: 'active', by: 'subject', expires: expires[row] ?? 0, record: 'held', terms: terms[termsIndex[row] ?? -1] ?? null }
  const withdrawn: ConsentBasis = { ...active, state: 'withdrawn', terms: null }
  switch (consent[row]) {
    case consentCodes.none: return []
    case consentCodes.active: return [active]
    case consentCodes.withdrawn: return [withdrawn]
    case consentCodes.conflict: return [withdrawn, { ...withdrawn, by: 'desk' }]
    case consentCodes.keyClosed: return [{ basis: 'key', state: 'closed' }]
    default: return [{ ...active, record: 'missing', terms: null }]
  }
}

function optOutOfRow({ optOut, optOutSince }: ConsentColumns, row: number): OptOutBasis[] {
  if (optOut[row] === optOutCodes.none) return []
  return [{ basis: 'opt-out', version: 1, state: 'active', by: 'subject', since: optOutSince[row] ?? 0, record: optOut[row] === optOutCodes.inForce ? 'held' : 'missing' }]
}
