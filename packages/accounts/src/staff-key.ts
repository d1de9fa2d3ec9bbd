// The key of a member of staff, derived from her passkey's secret: another one for each organisation, and nothing to store.
import { deriveKey, signingKeyFromSeed } from '@mhmd/crypto'
import type { SigningKey } from '@mhmd/crypto'
import { accountsErrors } from './errors.ts'

const PRF_BYTES = 32

/** `secret` is the output of the passkey's PRF for `passkeyPrfInput`. Throws ACCOUNTS_BAD_SECRET, ACCOUNTS_BAD_NAME. */
export function staffKey(secret: Uint8Array, member: string): SigningKey {
  if (secret.length !== PRF_BYTES) throw accountsErrors.BAD_SECRET({ kind: 'passkey', expected: PRF_BYTES })
  if (!/^[a-z][a-z0-9-]{1,30}$/.test(member)) throw accountsErrors.BAD_NAME()
  return signingKeyFromSeed(deriveKey(secret, `staff/${member}`))
}
