// Everybody who may call the people interface of a small network, each with a credential: a key that signs, or a session.
import { toHex } from '@mhmd/base'
import { deriveKey, newSigningKey } from '@mhmd/crypto'
import { openSession } from './lawful-walk.ts'
import type { Walked } from './lawful-walk.ts'
import type { SmallNetwork } from '../../tests/support/small-network.ts'

export interface Credential {
  readonly role: string
  readonly node: 'rome' | 'institute' | 'accounts' | 'access'
  /** Made when her turn comes: a session that nobody uses is over before. */
  readonly environment: () => Promise<Readonly<Record<string, string>>>
  /** As the description names callers; what anyone may call is understood. */
  readonly roles: readonly string[]
  /** Operations that would end the credential itself. */
  readonly leaveOut: readonly string[]
}

const staff: readonly { readonly role: string; readonly node: Credential['node']; readonly roles: readonly string[] }[] = [
  { role: 'steward', node: 'rome', roles: ['steward'] }, { role: 'desk', node: 'rome', roles: ['desk'] }, { role: 'dpo', node: 'rome', roles: ['dpo'] },
  { role: 'auditor', node: 'rome', roles: ['auditor'] }, { role: 'admin', node: 'rome', roles: ['admin'] },
  { role: 'officer', node: 'access', roles: ['officer'] }, { role: 'researcher', node: 'institute', roles: ['researcher'] }, { role: 'admin', node: 'accounts', roles: ['admin'] },
]

const signing = (seed: Uint8Array): Credential['environment'] => () => Promise.resolve({ MHMD_SEED: toHex(seed) })

export async function callersOf(network: SmallNetwork, { citizen: { device } }: Walked): Promise<Credential[]> {
  const callers: Credential[] = []
  for (const { role, node, roles } of staff) {
    const { seed, key } = newSigningKey()
    await network.staff(node).post('/staff/1/staff', { key: key.publicKey, roles })
    callers.push({ role, node, roles: ['staff', ...roles], environment: signing(seed), leaveOut: [] })
  }
  const inSession = newSigningKey().key
  const all = ['steward', 'desk', 'dpo', 'auditor', 'admin']
  await network.staff('rome').post('/staff/1/staff', { key: inSession.publicKey, roles: all })
  const session = async (): ReturnType<Credential['environment']> => {
    const { cookie, csrf } = await openSession(network, 'rome', inSession)
    return { MHMD_COOKIE: cookie, MHMD_CSRF: csrf }
  }
  callers.push({ role: 'everyone of staff, in a session', node: 'rome', roles: ['staff', ...all], environment: session, leaveOut: ['delete-session'] })
  for (const node of ['rome', 'institute', 'accounts', 'access'] as const) callers.push({ role: 'stranger', node, roles: [], environment: signing(newSigningKey().seed), leaveOut: [] })
  // As her device derives them (packages/accounts); erasing her would leave a stranger.
  callers.push({ role: 'citizen', node: 'rome', roles: ['citizen'], environment: signing(deriveKey(device.seed, 'holder/rome/decision')), leaveOut: ['post-people-erasure'] })
  callers.push({ role: 'citizen', node: 'accounts', roles: ['citizen'], environment: signing(deriveKey(device.seed, 'account/accounts')), leaveOut: [] })
  return callers
}
