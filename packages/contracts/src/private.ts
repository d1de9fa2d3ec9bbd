// `private@1`: hashes of a member's private data; the data themselves stay with the member and can be purged.
import { encodeKey, toBase64Url, utf8 } from '@mhmd/base'
import type { Key } from '@mhmd/base'
import { sha256 } from '@mhmd/crypto'
import { PurgePrivatePayload, PutPrivatePayload } from '@mhmd/schema'
import type { PrivateState } from '@mhmd/schema'
import { applied, contract, operation } from './define-operation.ts'
import { contractErrors } from './errors.ts'
import { refuse } from './refusals.ts'
import { stateKeys } from './state-keys.ts'

const put = operation(PutPrivatePayload, {
  reads: ({ keyHash }, tx) => ({ keys: [stateKeys.privateValue(tx.submitter, keyHash)] }),
  apply: ({ keyHash, valueHash }, tx, state) => {
    const key = stateKeys.privateValue(tx.submitter, keyHash)
    if (state.get(key) !== undefined) return refuse('PRIVATE_EXISTS')
    const value: PrivateState = { state: 'present', valueHash, time: tx.time }
    return applied([{ key, value }], 'private-put', { member: tx.submitter, keyHash })
  },
})

const purge = operation(PurgePrivatePayload, {
  reads: ({ keyHash }, tx) => ({ keys: [stateKeys.privateValue(tx.submitter, keyHash)] }),
  apply: ({ keyHash }, tx, state) => {
    const key = stateKeys.privateValue(tx.submitter, keyHash)
    const before = state.get(key) as PrivateState | undefined
    if (before?.state !== 'present') return refuse('PRIVATE_UNKNOWN')
    const value: PrivateState = { state: 'purged', time: tx.time }
    return applied([{ key, value }], 'private-purged', { member: tx.submitter, keyHash })
  },
})

export const privateValues = contract('private', 1, { put, purge })

/**
 * What `put` takes: both hashes hide their input because the value begins with 16 random bytes, so each put of a key has
 * another `keyHash`. Throws CONTRACT_PRIVATE_VALUE_SHORT.
 */
export function privateHashes(key: Key, value: Uint8Array): { readonly keyHash: string; readonly valueHash: string } {
  if (value.length < 16) throw contractErrors.PRIVATE_VALUE_SHORT({ bytes: value.length })
  return { keyHash: toBase64Url(sha256(utf8(encodeKey(key)), utf8('\u0000'), value)), valueHash: toBase64Url(sha256(value)) }
}
