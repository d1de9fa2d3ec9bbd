// Messages about a request between requester and holder: each reaches the other side once, lies sealed at both, and nobody else's request can be written about.
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { newId } from '@mhmd/base'
import { fileCount, importPatients, randomness, smallNetwork, until } from './support/small-network.ts'
import type { SmallNetwork } from './support/small-network.ts'

interface Message {
  readonly id: string
  readonly with: string
  readonly from: string
  readonly by: string | null
  readonly text: string
  readonly delivery: string | null
}

let network: SmallNetwork
let request: string
const path = (): string => `/staff/1/requests/${request}/messages`
const messagesAt = async (member: 'rome' | 'institute'): Promise<readonly Message[]> => (await network.staff(member).get<{ messages: Message[] }>(path())).messages
const QUESTION = 'Is zyxwander-blue the ward of the second floor?'
const ANSWER = 'No: zyxwander-green is.'

before(async () => {
  network = await smallNetwork()
  await importPatients(network, 2)
  request = await fileCount(network)
})
after(() => network.close())

test('a question and its answer reach the other side, with who wrote, when, and whether it arrived', async () => {
  const id = newId(randomness)
  for (let tries = 0; tries < 2; tries++) assert.deepEqual(await network.staff('institute').post(path(), { id, to: 'rome', text: QUESTION }), { message: id })
  await until('the question is at the holder', async () => (await messagesAt('rome')).length === 1)
  await network.staff('rome').post(path(), { to: 'institute', text: ANSWER })
  await until('the answer is at the requester', async () => (await messagesAt('institute')).length === 2)
  await until('both know that they arrived', async () => (await messagesAt('rome')).every(({ delivery }) => delivery !== 'waiting'))
  const [question, answer] = await messagesAt('institute')
  assert.deepEqual([question?.id, question?.with, question?.from, question?.by, question?.text, question?.delivery], [id, 'rome', 'institute', network.admin.publicKey, QUESTION, 'delivered'])
  assert.deepEqual([answer?.with, answer?.from, answer?.by, answer?.text, answer?.delivery], ['rome', 'rome', null, ANSWER, null])
})

test('no word of them lies in the clear in either node\'s folder', async () => {
  for (const member of ['rome', 'institute'] as const) {
    await network.stopNode(member)
    const data = join(network.home(member), 'data')
    const bytes = readdirSync(data, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => readFileSync(join(entry.parentPath, entry.name)))
    assert.ok(bytes.some((file) => file.includes(request)), 'what is in the clear is found')
    assert.deepEqual(bytes.filter((file) => file.includes('zyxwander')), [])
    await network.start(member)
  }
  await until('rome is back', async () => (await messagesAt('rome')).length === 2)
})

test('nobody writes about a request that is not hers, to another member, or nothing at all', async () => {
  await assert.rejects(network.staff('institute').post(path(), { to: 'accounts', text: 'x' }), { code: 'NODE_NOT_FOUND' })
  await assert.rejects(network.staff('institute').post(`/staff/1/requests/${newId(randomness)}/messages`, { to: 'rome', text: 'x' }), { code: 'NODE_NOT_FOUND' })
  await assert.rejects(network.staff('institute').get(`/staff/1/requests/${newId(randomness)}/messages`), { code: 'NODE_NOT_FOUND' })
  for (const text of ['', ' \n', 'x'.repeat(4001)]) await assert.rejects(network.staff('rome').post(path(), { to: 'institute', text }), { code: 'SCHEMA_NOT_VALID' })
})
