// The account seed and the keys derived from it: another signing key for every holder, so that no two of them can link her.
import type { Randomness } from '@mhmd/base'
import { deriveKey, signingKeyFromSeed } from '@mhmd/crypto'
import type { SigningKey } from '@mhmd/crypto'
import { accountsErrors } from './errors.ts'

/** 32 random bytes. They stay on her device; elsewhere they rest wrapped only. */
export type Seed = Uint8Array

export const newSeed = (randomness: Randomness): Seed => randomness.bytes(32)

/** Signs her in at her account provider, and speaks for nothing else. */
export const accountKey = (seed: Seed, provider: string): SigningKey => derived(seed, `account/${named(provider)}`)

/** Signs her decisions at one holder. A replaced key is followed by the next generation's. */
export const decisionKey = (seed: Seed, holder: string, generation = 1): SigningKey =>
  derived(seed, generation === 1 ? `holder/${named(holder)}/decision` : `holder/${named(holder)}/decision/${generation}`)

/** Replaces her decision key at one holder. Only its digest is shown until it is used. */
export const recoveryKey = (seed: Seed, holder: string): SigningKey => derived(seed, `holder/${named(holder)}/recovery`)

function derived(seed: Seed, purpose: string): SigningKey {
  if (seed.length !== 32) throw accountsErrors.BAD_SEED()
  return signingKeyFromSeed(deriveKey(seed, purpose))
}

// A name with a slash could pose as another derivation.
function named(member: string): string {
  if (!/^[a-z][a-z0-9-]{1,30}$/.test(member)) throw accountsErrors.BAD_NAME()
  return member
}
