// The keys of the examples: made from seeds that anybody can derive again, so that an edited example can be signed anew. They stand on no real network.
import { utf8 } from '@mhmd/base'
import { sha256, signingKeyFromSeed } from '@mhmd/crypto'
import type { SigningKey } from '@mhmd/crypto'

/** Seed of NAME: SHA-256 of the UTF-8 text `mhmd contract vectors/NAME`. */
export const sampleSeed = (name: string): Uint8Array => sha256(utf8(`mhmd contract vectors/${name}`))

/** Who signs in the examples: members by their id, citizens and staff by what they are. */
const names = ['rome', 'berlin', 'institute', 'accounts', 'ledger', 'newcomer', 'alice at rome', 'recovery of alice at rome', 'first clerk of rome', 'second clerk of rome']

let known: ReadonlyMap<string, SigningKey> | undefined

/** The key of an example's signer, by its public key. */
export function sampleKeys(publicKey: string): SigningKey | undefined {
  known ??= new Map(names.map((name) => signingKeyFromSeed(sampleSeed(name))).map((key) => [key.publicKey, key]))
  return known.get(publicKey)
}
