// A member of staff in this browser: signed in by the key that her passkey gives, then by a session; the key stays here for what needs a signature.
import { staffKey } from '@mhmd/accounts'
import { memberOf, peopleClient, sessionClient } from '@mhmd/client'
import type { Directory, PeopleClient } from '@mhmd/client'
import type { SigningKey } from '@mhmd/crypto'
import { directoryHere } from '../device/directory.ts'
import { makePasskey, usePasskey } from '../device/passkey.ts'
import { clock, randomness } from '../device/ports.ts'

export type StaffRole = 'admin' | 'steward' | 'desk' | 'dpo' | 'researcher' | 'officer' | 'auditor'

interface SessionShown {
  readonly key: string
  readonly roles: readonly StaffRole[]
  readonly csrf: string
  readonly idleUntil: number
  readonly expires: number
}

/** What every page of staff has: who she is here, and the ways to ask her node. */
export interface Staff {
  readonly session: SessionShown
  readonly directory: Directory
  /** By the session. */
  readonly node: PeopleClient
  /** By a signature, for what the session may not do: her passkey is asked where the key is not in memory. */
  readonly signed: () => Promise<PeopleClient>
  /** Her key itself, for what carries her signature inside. */
  readonly key: () => Promise<SigningKey>
}

const clientOf = (key: SigningKey): PeopleClient => peopleClient({ baseUrl: location.origin, key, clock, randomness })

let key: SigningKey | undefined

async function keyNow(member: string): Promise<SigningKey> {
  key ??= staffKey(await usePasskey(), member)
  return key
}

const staffOf = (session: SessionShown, directory: Directory): Staff => ({
  session, directory, node: sessionClient({ baseUrl: location.origin, name: memberOf(directory, directory.self).name, csrf: session.csrf }), signed: async () => clientOf(await keyNow(directory.self)), key: () => keyNow(directory.self),
})

/** That this browser was signed in, so that a node is not asked for a session that can't be there. Says nothing of whom. */
const SIGNED_IN = 'signed-in'

/** The session that this browser has, if any. Throws NODE_SESSION_OVER and what else the node says of it. */
export async function resume(): Promise<Staff | undefined> {
  if (localStorage.getItem(SIGNED_IN) === null) return undefined
  const session = await sessionClient({ baseUrl: location.origin, csrf: '' }).get<SessionShown>('/session/1')
  return staffOf(session, await directoryHere())
}

async function entered(own: SigningKey, directory: Directory): Promise<Staff> {
  const session = await clientOf(own).post<SessionShown>('/session/1', {})
  localStorage.setItem(SIGNED_IN, 'yes')
  return staffOf(session, directory)
}

export async function signIn(): Promise<Staff> {
  const directory = await directoryHere()
  key = undefined
  return entered(await keyNow(directory.self), directory)
}

/** Takes an invitation with a new passkey, and signs in. Throws NODE_INVITATION. */
export async function takeInvitation({ id, secret }: { readonly id: string; readonly secret: string }): Promise<Staff> {
  const directory = await directoryHere()
  const name = directory.members.find((member) => member.id === directory.self)?.name ?? directory.self
  key ??= staffKey(await makePasskey(name), directory.self)
  await clientOf(key).post(`/people/1/invitations/${id}`, { secret })
  return entered(key, directory)
}

export async function signOut(staff: Staff): Promise<void> {
  key = undefined
  localStorage.removeItem(SIGNED_IN)
  await staff.node.delete('/session/1')
}
