// What is derived from one subject's data key: sealing of records, facts and what other rooms keep about her, and MACs that only the key's holder can compute.
import { toHex, utf8 } from '@mhmd/base'
import { deriveKey, mac, open, seal, secretKey } from '@mhmd/crypto'
import type { SecretKey } from '@mhmd/crypto'

const MAC_BYTES = 16

/** Uses of one data key; each has a derived key of its own, and every sealed value is bound to its subject and place. */
export interface SubjectKeys {
  readonly subject: string
  /** Place of a record: the same for the same type and id, unlinkable without the key. */
  placeOf(identity: string): string
  digestOf(bytes: Uint8Array): Uint8Array
  seal(use: SealUse, place: string, plain: Uint8Array): Uint8Array
  open(use: SealUse, place: string, sealed: Uint8Array): Uint8Array
}
/** `aside` is what other rooms keep about her under her key, so that it ends with her records. */
export type SealUse = 'record' | 'facts' | 'aside'

export function subjectKeys(subject: string, dataKey: Uint8Array): SubjectKeys {
  const derived = new Map<string, SecretKey>()
  const keyFor = (use: string): SecretKey => {
    const known = derived.get(use)
    if (known !== undefined) return known
    const made = secretKey(deriveKey(dataKey, `vault/${use}`))
    derived.set(use, made)
    return made
  }
  return {
    subject,
    placeOf: (identity) => toHex(mac(keyFor('place'), utf8(identity)).subarray(0, MAC_BYTES)),
    digestOf: (bytes) => mac(keyFor('digest'), bytes).subarray(0, MAC_BYTES),
    seal: (use, place, plain) => seal(keyFor(use), plain, `vault/${use}/${subject}/${place}`),
    open: (use, place, sealed) => open(keyFor(use), sealed, `vault/${use}/${subject}/${place}`),
  }
}
