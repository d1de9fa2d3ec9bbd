// A member of staff's way in: an administrator's invitation, taken with a new passkey in the browser.
import { readProfile } from '@mhmd/cli'
import { peopleClient } from '@mhmd/client'
import type { PeopleClient } from '@mhmd/client'
import type { DevNetwork } from '@mhmd/devnet'
import type { professional } from '@mhmd/portal/professional-it'
import type { Person } from './browser.ts'
import type { Transcript } from './transcript.ts'

/** The administrator's ordinary client. */
export function staffOf(network: DevNetwork, member: string): PeopleClient {
  const { node, key } = readProfile(network.profile(member))
  return peopleClient({ baseUrl: node, key, clock: { now: () => Date.now() }, randomness: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) } })
}

/** An invitation by the administrator's ordinary call. */
export async function invitation(network: DevNetwork, member: string, roles: readonly string[]): Promise<string> {
  return (await staffOf(network, member).post<{ link: string }>('/staff/1/invitations', { roles })).link
}

/** With a new passkey, by an invitation's link. */
export async function enter(person: Person, words: typeof professional, { link, check }: { readonly link: string } & Pick<Transcript, 'check'>): Promise<void> {
  await person.page.goto(link)
  await person.arrives(words.invited.title)
  check('the invitation\'s secret is out of the address', !person.page.url().includes('invitation'))
  await person.press(words.invited.submit)
}
