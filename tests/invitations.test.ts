// Invitations at a real node: a link makes one key a colleague, once; and there is no other way in that a link could open.
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { newSigningKey } from '@mhmd/crypto'
import { oneTimeClient, smallNetwork } from './support/small-network.ts'
import type { SmallNetwork } from './support/small-network.ts'

let network: SmallNetwork
before(async () => { network = await smallNetwork() })
after(() => network.close())

const invite = async (roles: readonly string[]): Promise<{ id: string; secret: string; link: string }> => {
  const { link, id } = await network.staff('rome').post<{ link: string; id: string }>('/staff/1/invitations', { roles })
  const [, named, secret] = /#invitation=([0-9a-z]{26})\.([A-Za-z0-9_-]{43})$/.exec(link) ?? []
  assert.equal(named, id)
  return { id, secret: secret ?? '', link }
}

test('a link makes the first key that shows it a colleague, once; lost answers are given again', async () => {
  const { id, secret, link } = await invite(['steward', 'desk'])
  assert.ok(link.startsWith(network.url('rome').replace('127.0.0.1', 'localhost')))
  const [key, other] = [newSigningKey().key, newSigningKey().key]
  const hers = oneTimeClient(network, 'rome', key)
  await assert.rejects(hers.get('/staff/1/status'), { code: 'NODE_STAFF_UNKNOWN' })
  for (const wrong of ['A'.repeat(43), `${secret.slice(1)}A`]) await assert.rejects(hers.post(`/people/1/invitations/${id}`, { secret: wrong }), { code: 'NODE_INVITATION' })
  await assert.rejects(hers.post('/people/1/invitations/00000000000000000000000000', { secret }), { code: 'NODE_INVITATION' })
  for (let again = 0; again < 2; again++) assert.deepEqual((await hers.post<{ roles: string[] }>(`/people/1/invitations/${id}`, { secret })).roles, ['steward', 'desk'])
  assert.equal((await hers.get<{ member: string }>('/staff/1/status')).member, 'rome')
  await assert.rejects(oneTimeClient(network, 'rome', other).post(`/people/1/invitations/${id}`, { secret }), { code: 'NODE_INVITATION' })
  // A second invitation adds to what she has.
  const more = await invite(['dpo'])
  assert.deepEqual((await hers.post<{ roles: string[] }>(`/people/1/invitations/${more.id}`, { secret: more.secret })).roles, ['steward', 'desk', 'dpo'])
  assert.deepEqual((await network.staff('rome').get<{ invitations: object[] }>('/staff/1/invitations')).invitations, [])
})

test('only an administrator invites, with her signature, and takes back what nobody took', async () => {
  const steward = newSigningKey().key
  await network.staff('rome').post('/staff/1/staff', { key: steward.publicKey, roles: ['steward'] })
  await assert.rejects(oneTimeClient(network, 'rome', steward).post('/staff/1/invitations', { roles: ['admin'] }), { code: 'NODE_STAFF_ROLE' })
  const { id, secret } = await invite(['auditor'])
  await network.staff('rome').delete(`/staff/1/invitations/${id}`)
  await assert.rejects(oneTimeClient(network, 'rome').post(`/people/1/invitations/${id}`, { secret }), { code: 'NODE_INVITATION' })
})

test('a colleague who is taken off the list can do nothing more; nobody takes herself off', async () => {
  const admin = network.staff('rome')
  const key = newSigningKey().key
  await admin.post('/staff/1/staff', { key: key.publicKey, roles: ['steward', 'desk', 'admin'] })
  await oneTimeClient(network, 'rome', key).get('/staff/1/inbox')
  await assert.rejects(oneTimeClient(network, 'rome', key).delete(`/staff/1/staff/${key.publicKey}`), { code: 'NODE_STATE' })
  await admin.delete(`/staff/1/staff/${key.publicKey}`)
  await assert.rejects(oneTimeClient(network, 'rome', key).get('/staff/1/inbox'), { code: 'NODE_STAFF_UNKNOWN' })
  await assert.rejects(admin.delete(`/staff/1/staff/${key.publicKey}`), { code: 'NODE_NOT_FOUND' })
})

test('the node\'s files hold no secret of an invitation, and a node by itself has given none', async () => {
  const { secret } = await invite(['auditor'])
  const folder = join(network.home('rome'), 'data')
  for (const name of readdirSync(folder).filter((one) => one.startsWith('store'))) assert.ok(!readFileSync(join(folder, name)).includes(secret))
  // Nothing but the administrator's signed call makes a way in: a node that only started has none.
  for (const name of ['institute', 'accounts'] as const) assert.deepEqual(await network.staff(name).get('/staff/1/invitations'), { invitations: [] })
  for (const name of ['rome', 'institute', 'accounts'] as const) assert.deepEqual(network.node(name).doors.filter((door) => /link|invit|persona|dev/.test(door)).filter((door) => !/link-codes|\/staff\/1\/invitations|\/people\/1\/invitations\/:id/.test(door)), [])
})
