// A hospital's imports on the way in: cut, resumed, damaged, too long, cancelled, and carried over a restart of the node.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { smallNetwork, until } from './support/small-network.ts'
import type { SmallNetwork } from './support/small-network.ts'

let network: SmallNetwork
before(async () => { network = await smallNetwork() })
after(() => network.close())

const patients = (from: number, count: number): Buffer => Buffer.from(Array.from({ length: count }, (_, at) => `${JSON.stringify({ resourceType: 'Patient', id: `u${from + at}`, identifier: [{ system: 'urn:example:mrn', value: `U-${from + at}` }] })}\n`).join(''))

interface Announced { readonly id: string; readonly token: string }
const announce = (body: Buffer, as: Partial<{ size: number; sha256: string; name: string }> = {}): Promise<Announced> =>
  network.staff('rome').post('/staff/1/imports', { name: 'a.ndjson', size: body.length, sha256: createHash('sha256').update(body).digest('base64url'), ...as })

interface Answer { readonly received?: number; readonly job?: string; readonly error?: { readonly code: string; readonly details: { readonly state?: string } } }
async function put({ id, token }: Announced, body: Buffer, offset = 0): Promise<Answer> {
  const answer = await fetch(`${network.url('rome')}/staff/1/uploads/${id}`, { method: 'PUT', body: new Uint8Array(body), headers: { 'content-type': 'application/vnd.mhmd.upload', 'x-upload-token': token, 'x-upload-offset': String(offset) } })
  return await answer.json() as Answer
}

const stateOf = (job: string): Promise<{ state: string; report: { added: number } | null }> => network.staff('rome').get(`/staff/1/imports/${job}`)
const held = async (): Promise<number> => (await network.staff('rome').get<{ subjects: number }>('/staff/1/records')).subjects

test('a file that comes in parts is imported once it is whole', async () => {
  const body = patients(0, 10)
  const upload = await announce(body)
  assert.equal((await put(upload, body.subarray(0, 100))).received, 100)
  const wrong = await put(upload, body.subarray(50), 50)
  assert.deepEqual([wrong.error?.code, wrong.error?.details.state], ['NODE_STATE', 'at byte 100'])
  const { job } = await put(upload, body.subarray(100), 100)
  await until('it is imported', async () => (await stateOf(job ?? '')).state === 'done')
  assert.equal((await stateOf(job ?? '')).report?.added, 10)
  assert.equal(await held(), 10)
})

test('a connection cut in the middle keeps what came, and the rest follows', async () => {
  const body = patients(10, 10)
  const upload = await announce(body)
  await new Promise<void>((resolve) => {
    const cut = request(`${network.url('rome')}/staff/1/uploads/${upload.id}`, { method: 'PUT', headers: { 'content-type': 'application/vnd.mhmd.upload', 'content-length': body.length, 'x-upload-token': upload.token, 'x-upload-offset': 0 } })
    cut.on('error', () => resolve())
    cut.write(body.subarray(0, 300), () => setTimeout(() => cut.destroy(), 100))
  })
  let at: number | undefined
  await until('the node says where to go on', async () => {
    const { error } = await put(upload, body, body.length)
    at = Number(/^at byte (\d+)$/.exec(error?.details.state ?? '')?.[1])
    return at === 300
  })
  const { job } = await put(upload, body.subarray(300), 300)
  await until('it is imported', async () => (await stateOf(job ?? '')).state === 'done')
  assert.equal(await held(), 20)
})

test('what is longer, damaged, or nobody announced is refused, and nothing of it stays', async () => {
  const body = patients(100, 2)
  const long = await announce(body, { size: body.length - 1 })
  assert.equal((await put(long, body)).error?.code, 'NODE_BAD_INPUT')
  const damaged = await announce(body, { sha256: createHash('sha256').update('other').digest('base64url') })
  assert.equal((await put(damaged, body)).error?.code, 'NODE_BAD_INPUT')
  assert.equal((await put({ ...damaged, token: `${damaged.token.slice(1)}A` }, body)).error?.code, 'NODE_NOT_FOUND')
  assert.equal((await put({ ...damaged, id: '0'.repeat(26) }, body)).error?.code, 'NODE_NOT_FOUND')
  assert.equal((await put({ ...damaged, id: '..%2F..%2Fconfig.json' }, body)).error?.code, 'NODE_NOT_FOUND')
  await assert.rejects(announce(body, { name: '../../etc/passwd' }), { code: 'SCHEMA_NOT_VALID' })
  await assert.rejects(announce(body, { size: 2 ** 50 }), { code: 'NODE_BAD_INPUT' })
  assert.equal(await held(), 20)
  assert.deepEqual(readdirSync(join(network.home('rome'), 'data', 'spool')).filter((file) => file.startsWith(damaged.id)), [])
})

test('an import that a restart cut off goes on by itself, and a cancelled one stops', async () => {
  const body = patients(1000, 1500)
  const upload = await announce(body)
  const { job = '' } = await put(upload, body)
  await network.stopNode('rome')
  await network.start('rome')
  await until('it is imported', async () => (await stateOf(job)).state === 'done', 60)
  assert.equal(await held(), 1520)

  const more = patients(10_000, 1500)
  const second = (await put(await announce(more), more)).job ?? ''
  assert.deepEqual(await network.staff('rome').delete(`/staff/1/imports/${second}`), { cancelled: true })
  assert.equal((await stateOf(second)).state, 'cancelled')
  const after = await held()
  await new Promise((resolve) => setTimeout(resolve, 500))
  assert.equal(await held(), after, 'nothing is added any more')
  assert.ok(after < 3020)
})
