// One epoch: the key under which subjects' keys and the table of local identifiers are sealed. It ends at the next erasure.
import { fromUtf8, toHex, utf8 } from '@mhmd/base'
import { deriveKey, mac, open, seal, secretKey } from '@mhmd/crypto'

/** A local identifier's row, as sealed: the identifier is kept so that its MAC can be made anew in the next epoch. */
export interface Person {
  readonly identifier: string
  readonly subject: string
}

export interface Epoch {
  readonly id: string
  wrap(subject: string, dataKey: Uint8Array): Uint8Array
  unwrap(subject: string, wrapped: Uint8Array): Uint8Array
  /** Where an identifier's row stands in this epoch. */
  placeOf(identifier: string): string
  sealPerson(person: Person): Uint8Array
  openPerson(place: string, sealed: Uint8Array): Person
}

export function epochOf(id: string, key: Uint8Array): Epoch {
  const wrapping = secretKey(deriveKey(key, 'vault/wrap'))
  const people = secretKey(deriveKey(key, 'vault/people'))
  const index = secretKey(deriveKey(key, 'vault/index'))
  const placeOf = (identifier: string): string => toHex(mac(index, utf8(identifier)))
  return {
    id,
    wrap: (subject, dataKey) => seal(wrapping, dataKey, `vault/key/${subject}/${id}`),
    unwrap: (subject, wrapped) => open(wrapping, wrapped, `vault/key/${subject}/${id}`),
    placeOf,
    sealPerson: (person) => seal(people, utf8(JSON.stringify([person.identifier, person.subject])), `vault/person/${placeOf(person.identifier)}`),
    openPerson: (place, sealed) => {
      const [identifier, subject] = JSON.parse(fromUtf8(open(people, sealed, `vault/person/${place}`))) as [string, string]
      return { identifier, subject }
    },
  }
}
