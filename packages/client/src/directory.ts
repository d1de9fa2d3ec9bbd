// The network's members as a node lists them for people: how each is called, where it is reached, and with which keys it signs and opens; and her device among them.
import { Digest, MemberId, MemberRecord, documentType } from '@mhmd/schema'
import Type from 'typebox'
import type { Device } from './citizen.ts'
import { clientErrors } from './errors.ts'
import type { PeopleClient } from './people-client.ts'

const { id, name, country, roles, state, peopleEndpoint, signingKey, messageKey } = MemberRecord.properties
/** A directory that a device kept from before has no `state`: then it named active members alone. */
const memberSchema = Type.Object({ id, name, country, roles, state: Type.Optional(state), peopleEndpoint, signingKey, messageKey })
export type Member = Readonly<Type.Static<typeof memberSchema>>

export const directoryDocument = documentType('directory', Type.Object({ network: Digest, self: MemberId, members: Type.Array(memberSchema, { maxItems: 10_000 }) }))
export interface Directory {
  readonly network: string
  /** The node that was asked. */
  readonly self: string
  readonly members: readonly Member[]
}

/** Any key may ask. */
export const readDirectory = async (client: Pick<PeopleClient, 'get'>): Promise<Directory> => directoryDocument.parse(await client.get('/people/1/directory'))

/** Throws CLIENT_NO_SUCH_MEMBER. */
export function memberOf(directory: Directory, id: string): Member {
  const found = directory.members.find((member) => member.id === id)
  if (found === undefined) throw clientErrors.NO_SUCH_MEMBER({ member: id })
  return found
}

/** Hospitals, the suspended ones too: what she decided there she can withdraw there. */
export const holdersOf = (directory: Directory): readonly Member[] => directory.members.filter((member) => member.roles.includes('data-holder'))

/** For what is new: a suspended member takes no link, and neither asks nor answers. */
export const isActive = (member: Pick<Member, 'state'>): boolean => member.state !== 'suspended'

type Among = Omit<Device, 'addressOf' | 'nameOf'> & {
  readonly directory: Directory
  /** Where this machine reaches a member. */
  readonly dial: (member: Member) => string
}

/** Her device among these members. */
export const deviceAmong = ({ directory, dial, ...device }: Among): Device => ({
  ...device, addressOf: (id) => dial(memberOf(directory, id)), nameOf: (id) => directory.members.find((member) => member.id === id)?.name ?? id,
})
