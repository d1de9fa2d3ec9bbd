// What a holder knows of its subjects, as columns: one row a person, distinct terms kept once. Built once a ledger height, read by every request.
import { canonicalText } from '@mhmd/base'
import type { ConsentTerms } from '@mhmd/schema'
import { optOutOf } from './bases/opt-out.ts'
import { currentOf } from './bases/current.ts'
import { basesNamed } from './basis.ts'
import type { Basis } from './basis.ts'
import type { SubjectBases } from './decision.ts'

/** Codes of the consent column; `active` alone points to terms. */
export const consentCodes = { none: 0, active: 1, withdrawn: 2, recordMissing: 3, conflict: 4, keyClosed: 5 } as const
/** Codes of the opt-out column. */
export const optOutCodes = { none: 0, inForce: 1, undetermined: 2 } as const

export interface ConsentColumns {
  readonly subjects: readonly string[]
  readonly terms: readonly ConsentTerms[]
  /** Index into `terms`, −1 where the consent is not active. */
  readonly termsIndex: Int32Array
  readonly consent: Uint8Array
  readonly expires: Float64Array
  readonly optOut: Uint8Array
  readonly optOutSince: Float64Array
}

/** Columns of the subjects' consents and opt-outs; their other bases belong to requests of other kinds and are left out. */
export function consentColumns(rows: readonly SubjectBases[]): ConsentColumns {
  const columns = {
    subjects: rows.map((row) => row.subject), terms: [] as ConsentTerms[],
    termsIndex: new Int32Array(rows.length).fill(-1), consent: new Uint8Array(rows.length), expires: new Float64Array(rows.length),
    optOut: new Uint8Array(rows.length), optOutSince: new Float64Array(rows.length),
  }
  const indexOfTerms = termsIndexer(columns.terms)
  rows.forEach(({ bases }, row) => {
    const consent = consentCode(bases)
    columns.consent[row] = consent.code
    if (consent.terms !== null) columns.termsIndex[row] = indexOfTerms(consent.terms)
    columns.expires[row] = consent.expires
    const optOut = optOutOf(bases)
    columns.optOut[row] = optOut.state === 'none' ? optOutCodes.none : optOut.state === 'in-force' ? optOutCodes.inForce : optOutCodes.undetermined
    columns.optOutSince[row] = optOut.state === 'in-force' ? optOut.since : 0
  })
  return columns
}

function consentCode(bases: readonly Basis[]): { code: number; terms: ConsentTerms | null; expires: number } {
  const without = (code: number): { code: number; terms: null; expires: number } => ({ code, terms: null, expires: 0 })
  if (basesNamed(bases, 'key').some((key) => key.state === 'closed')) return without(consentCodes.keyClosed)
  const current = currentOf(basesNamed(bases, 'consent'))
  if (current.kind !== 'one') return without(current.kind === 'none' ? consentCodes.none : consentCodes.conflict)
  const { record, state, terms, expires } = current.value
  if (record === 'missing') return without(consentCodes.recordMissing)
  if (state === 'withdrawn') return without(consentCodes.withdrawn)
  return terms === null ? without(consentCodes.recordMissing) : { code: consentCodes.active, terms, expires }
}

// By identity first, since a holder that keeps one object for each notice needs no text at all.
function termsIndexer(terms: ConsentTerms[]): (one: ConsentTerms) => number {
  const byIdentity = new Map<ConsentTerms, number>()
  const byText = new Map<string, number>()
  return (one) => {
    const known = byIdentity.get(one)
    if (known !== undefined) return known
    const text = canonicalText(one)
    const index = byText.get(text) ?? terms.push(one) - 1
    byText.set(text, index)
    byIdentity.set(one, index)
    return index
  }
}
