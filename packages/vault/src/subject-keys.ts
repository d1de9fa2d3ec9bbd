// What is derived from one subject's data key: sealing of records, facts and what other rooms keep about her, and MACs that only the key's holder can compute.
import { toHex, utf8 } from '@mhmd/base'
import { deriveKey, mac, open, seal, secretKey } from '@mhmd/crypto'
import type { SecretKey } from '@mhmd/crypto'

const MAC_BYTES = 16
const KIND_BYTES = 8

/** Uses of one data key; each has a derived key of its own, and every sealed value is bound to its subject and place. */
export interface SubjectKeys {
  readonly subject: string
  /** Place of a record: the same for the same type and id, unlinkable without the key. */
  placeOf(identity: string): string
  /** Place of all records of a type, so that those of one can be opened without the others. */
  kindOf(type: string): string
  /** What the table of owners calls her: it leads to her through the table of people alone, whose key ends with each erasure. */
  readonly alias: Uint8Array
  digestOf(bytes: Uint8Array): Uint8Array
  seal(use: SealUse, place: string, plain: Uint8Array): Uint8Array
  open(use: SealUse, place: string, sealed: Uint8Array): Uint8Array
}
/** `aside` is what other rooms keep about her under her key, so that it ends with her records. */
export type SealUse = 'record' | 'facts' | 'link' | 'aside'

export function subjectKeys(subject: string, dataKey: Uint8Array): SubjectKeys {
  const derived = new Map<string, SecretKey>()
  const keyFor = (use: string): SecretKey => {
    const known = derived.get(use)
    if (known !== undefined) return known
    const made = secretKey(deriveKey(dataKey, `vault/${use}`))
    derived.set(use, made)
    return made
  }
  let alias: Uint8Array | undefined
  const kinds = new Map<string, string>()
  const kindOf = (type: string): string => {
    const known = kinds.get(type)
    if (known !== undefined) return known
    const kind = toHex(mac(keyFor('kind'), utf8(type)).subarray(0, KIND_BYTES))
    kinds.set(type, kind)
    return kind
  }
  return {
    subject, kindOf,
    get alias() {
      return alias ??= mac(keyFor('alias'), utf8('alias')).subarray(0, MAC_BYTES)
    },
    placeOf: (identity) => toHex(mac(keyFor('place'), utf8(identity)).subarray(0, MAC_BYTES)),
    digestOf: (bytes) => mac(keyFor('digest'), bytes).subarray(0, MAC_BYTES),
    seal: (use, place, plain) => seal(keyFor(use), plain, `vault/${use}/${subject}/${place}`),
    open: (use, place, sealed) => open(keyFor(use), sealed, `vault/${use}/${subject}/${place}`),
  }
}
