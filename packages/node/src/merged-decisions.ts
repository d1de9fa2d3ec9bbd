// What counts for one pseudonym of a person whose pseudonyms were merged: the stricter of what she decided under each (decision 0022). Pure.
import type { Basis, ConsentBasis, KeyBasis, OptOutBasis } from '@mhmd/consent'

/** What is known of one pseudonym's own decisions. */
export interface Decided {
  readonly key?: KeyBasis | undefined
  readonly consent?: DecidedConsent | undefined
  readonly optOut?: OptOutBasis | undefined
}

export interface DecidedConsent {
  readonly basis: ConsentBasis
  /** When this holder learnt of it. */
  readonly at: number
  /** Whether she signed it under the notice that tells of the merge. */
  readonly isForAll: boolean
}

/** Another pseudonym of hers, and since when it is known to be. */
export interface Mate extends Decided {
  readonly since: number
}

/** The bases of her own pseudonym, with what the others narrow or, by a decision for all, give. Without mates: her own, as they are. */
export function mergedBases(own: Decided, mates: readonly Mate[], now: number): Basis[] {
  const optOut = strictest([own, ...mates].flatMap((one) => one.optOut ?? []))
  return [...consentBases(own, mates, now), ...(optOut === undefined ? [] : [optOut])]
}

/** One in doubt counts most, then those in force, since the earliest of them. */
function strictest(optOuts: readonly OptOutBasis[]): OptOutBasis | undefined {
  const inForce = optOuts.filter(({ state }) => state === 'active')
  const found = optOuts.find(({ record }) => record === 'missing') ?? inForce[0] ?? optOuts[0]
  return found === undefined || inForce.length === 0 ? found : { ...found, since: Math.min(...inForce.map(({ since }) => since)) }
}

function consentBases(own: Decided, mates: readonly Mate[], now: number): Basis[] {
  const given = newestForAll(own, mates)
  const consent = given?.consent ?? own.consent
  const key = given?.key ?? own.key
  const bases: Basis[] = key === undefined ? [] : [key]
  if (consent === undefined) return bases
  const others = [...mates, ...(given === undefined ? [] : [own])].filter((one) => one !== given).flatMap((one) => (isKeyClosed(one) ? [] : one.consent ?? []))
  const isForAll = consent.isForAll && mates.every(({ since }) => consent.at >= since)
  // A decision for all replaces what she said before; what she said later narrows it.
  return [...bases, others.filter(({ at }) => !isForAll || at > consent.at).reduce((basis, other) => narrowed(basis, other.basis, now), consent.basis)]
}

/** Of the others' consents, the newest that she signed for all of them after this one was joined, unless her own is newer. */
function newestForAll(own: Decided, mates: readonly Mate[]): Mate | undefined {
  const forAll = mates.filter((mate) => mate.consent?.isForAll === true && mate.consent.at >= mate.since && !isKeyClosed(mate))
  const newest = forAll.reduce<Mate | undefined>((best, mate) => (timeOf(mate) > timeOf(best) ? mate : best), undefined)
  return timeOf(newest) > timeOf(own) ? newest : undefined
}

const timeOf = (one: Decided | undefined): number => one?.consent?.at ?? -1
const isKeyClosed = ({ key }: Decided): boolean => key?.state === 'closed'

function narrowed(basis: ConsentBasis, other: ConsentBasis, now: number): ConsentBasis {
  if (other.record === 'missing') return { ...basis, record: 'missing' }
  if (other.state === 'withdrawn') return { ...basis, state: 'withdrawn', terms: null }
  if (basis.terms === null || other.terms === null || Math.min(other.expires, other.terms.until) <= now) return basis
  return { ...basis, terms: { ...basis.terms, prohibitions: [...basis.terms.prohibitions, ...other.terms.prohibitions], despiteOptOut: basis.terms.despiteOptOut && other.terms.despiteOptOut } }
}
