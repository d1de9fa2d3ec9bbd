// The network's members as this page's node lists them: where each is reached, and with which keys it signs.
import { newSigningKey } from '@mhmd/crypto'
import { peopleClient } from '@mhmd/client'
import { portalErrors } from './errors.ts'
import { clock, randomness } from './ports.ts'

export interface Member {
  readonly id: string
  readonly name: string
  readonly country: string
  readonly roles: readonly string[]
  readonly peopleEndpoint: string
  readonly signingKey: string
  readonly messageKey: string
}

export interface Directory {
  readonly network: string
  readonly self: string
  readonly members: readonly Member[]
}

/** Asked with a key that is used for nothing else. */
export const readDirectory = (): Promise<Directory> => peopleClient({ baseUrl: location.origin, key: newSigningKey().key, clock, randomness }).get('/people/1/directory')

/** Throws PORTAL_NO_SUCH_MEMBER. */
export function memberOf(directory: Directory, id: string): Member {
  const found = directory.members.find((member) => member.id === id)
  if (found === undefined) throw portalErrors.NO_SUCH_MEMBER({ member: id })
  return found
}

/** This page's own node is reached where the page came from. */
export const addressIn = (directory: Directory) => (id: string): string => id === directory.self ? location.origin : memberOf(directory, id).peopleEndpoint

export const holdersOf = (directory: Directory): readonly Member[] => directory.members.filter((member) => member.roles.includes('data-holder'))
