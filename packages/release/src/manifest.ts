// What is written down of a count: the holder's manifest, sealed, from which it can be repeated exactly; the recipient's, which says how the figure came about
// and holds no seed, key or figure of records; and the salted commitment for the ledger.
import { canonicalBytes, fromUtf8 } from '@mhmd/base'
import type { Canonical, Randomness } from '@mhmd/base'
import { commit, deriveKey, newSalt, open, seal, statementDigest } from '@mhmd/crypto'
import type { Commitment, Salt } from '@mhmd/crypto'
import type { Question } from '@mhmd/schema'
import type { CountPolicy } from './policy.ts'
import { roundedCount } from './rounding.ts'
import type { Draw } from './rounding.ts'

/** What the holder keeps. `exact` never leaves. */
export interface HolderManifest {
  readonly format: 'mhmd-count-holder/1'
  readonly release: string
  readonly request: string
  readonly question: Question
  readonly height: number
  readonly time: number
  readonly policy: CountPolicy
  readonly population: number
  readonly exact: number
  readonly answer: number
  readonly draw: Draw
}

/** What goes with the figure. */
export interface RecipientManifest {
  readonly format: 'mhmd-count/1'
  readonly release: string
  readonly request: string
  readonly holder: string
  readonly question: Question
  readonly answer: number
  readonly height: number
  readonly time: number
  readonly methods: readonly ['threshold', 'unbiased-random-rounding', 'overlap-control']
  readonly parameters: { readonly threshold: number; readonly base: number }
  readonly simulation: boolean
  readonly notes: readonly string[]
}

export const notes = {
  countedTwice: 'People known at two holders are counted twice.',
  permittedOnly: 'Only people whose data may be used for this request are counted.',
  simulation: 'Simulation: the rules of secondary use apply from 26 March 2029, for some categories from 26 March 2031 (Regulation (EU) 2025/327, Art. 105).',
} as const

const context = (release: string): string => `count-manifest/${release}`

export function sealManifest(manifest: HolderManifest, secret: Uint8Array): Uint8Array {
  return seal(deriveKey(secret, 'count/manifest'), canonicalBytes(manifest as unknown as Canonical), context(manifest.release))
}

/** Throws CRYPTO_CANNOT_OPEN. */
export function openManifest(sealed: Uint8Array, release: string, secret: Uint8Array): HolderManifest {
  return JSON.parse(fromUtf8(open(deriveKey(secret, 'count/manifest'), sealed, context(release)))) as HolderManifest
}

/** The answer computed again from a holder's manifest: the one that left, or the manifest is not of this holder. */
export function repeatedAnswer(manifest: HolderManifest, secret: Uint8Array): number {
  return roundedCount(manifest.exact, manifest.policy.base, { draw: manifest.draw, secret })
}

/** What the ledger's commitment is over: the recipient can check its own part, the holder's part only by digest. */
export function manifestContent(recipient: RecipientManifest, holder: HolderManifest): Canonical {
  return { recipient: recipient as unknown as Canonical, holder: statementDigest('count-holder-manifest', holder as unknown as Canonical) }
}

export function commitManifest(recipient: RecipientManifest, holder: HolderManifest, randomness: Randomness): { commitment: Commitment; salt: Salt } {
  const salt = newSalt(randomness)
  return { commitment: commit('release-manifest', manifestContent(recipient, holder), salt), salt }
}
