// One-time links for the devnet's personas: citizens by their recovery codes, staff by invitations that the administrator's ordinary call gives. Nothing but this launcher prints them.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readProfile } from '@mhmd/cli'
import { peopleClient } from '@mhmd/client'
import { crowdProfileOf } from './choices.ts'
import { clock, randomness } from './machine.ts'
import type { DevNetwork } from './network.ts'

/** Who a newcomer can be, and the link that makes her browser theirs. */
export interface PersonaLink {
  readonly who: string
  readonly link: string
}

const staff = [
  { who: 'steward and desk of Rome Hospital', member: 'rome', roles: ['steward', 'desk'] },
  // Who decides on uses doesn't watch over them (GDPR Art. 38(6)).
  { who: 'data protection officer of Rome Hospital', member: 'rome', roles: ['dpo'] },
  { who: 'operator of Rome Hospital', member: 'rome', roles: ['admin'] },
  { who: 'researcher of the Institute for Heart Research', member: 'institute', roles: ['researcher'] },
  { who: 'officer of the Health Data Access Body', member: 'access', roles: ['officer'] },
  { who: 'auditor of the Health Data Access Body', member: 'access', roles: ['auditor'] },
]
/** Somebody who agrees to much, somebody who has decided nothing, somebody who wants none of it. */
const citizens = [1, 4, 8]

const codeFile = (folder: string): string => join(folder, 'recovery-code')

/** What a person would have on paper. */
export const keepCode = (folder: string, code: string): void => writeFileSync(codeFile(folder), `${code}\n`, { mode: 0o600 })

/** Fresh links; those that an earlier start printed and nobody used are taken back. */
export async function personaLinks(network: DevNetwork): Promise<PersonaLink[]> {
  const there = staff.filter(({ member }) => network.plan.organisations.some(({ id }) => id === member))
  for (const member of new Set(there.map((persona) => persona.member))) await takeBack(network, member)
  const links: PersonaLink[] = citizens.flatMap((number) => citizenLink(network, number))
  for (const { who, member, roles } of there) links.push({ who, link: (await adminOf(network, member).post<{ link: string }>('/staff/1/invitations', { roles })).link })
  return links
}

function citizenLink(network: DevNetwork, number: number): PersonaLink[] {
  const file = codeFile(join(network.plan.folder, 'citizens', String(number).padStart(3, '0')))
  const provider = network.plan.organisations.find(({ roles }) => roles.includes('account-provider'))
  if (provider === undefined || !existsSync(file)) return []
  return [{ who: `citizen ${number}: ${crowdProfileOf(number - 1).says}`, link: `${network.address(provider.id)}/#recovery=${readFileSync(file, 'utf8').trim()}` }]
}

async function takeBack(network: DevNetwork, member: string): Promise<void> {
  const admin = adminOf(network, member)
  const { invitations } = await admin.get<{ invitations: readonly { id: string }[] }>('/staff/1/invitations')
  for (const { id } of invitations) await admin.delete(`/staff/1/invitations/${id}`)
}

function adminOf(network: DevNetwork, member: string): ReturnType<typeof peopleClient> {
  const { node, key } = readProfile(network.profile(member))
  return peopleClient({ baseUrl: node, key, clock, randomness })
}
