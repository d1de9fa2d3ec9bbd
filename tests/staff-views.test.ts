// What auditors' and operators' pages read at real nodes: blocks and transactions as this node checked them, health, members, and what changes while a page is open.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { after, before, test } from 'node:test'
import { newSigningKey } from '@mhmd/crypto'
import type { SigningKey } from '@mhmd/crypto'
import { signRequest } from '@mhmd/messages'
import { clock, fileCount, importPatients, oneTimeClient, randomness, smallNetwork, until } from './support/small-network.ts'
import type { SmallNetwork } from './support/small-network.ts'

let network: SmallNetwork
let auditor: SigningKey
before(async () => {
  network = await smallNetwork()
  auditor = newSigningKey().key
  await network.staff('rome').post('/staff/1/staff', { key: auditor.publicKey, roles: ['auditor'] })
})
after(() => network.close())

const reads = <T>(path: string): Promise<T> => oneTimeClient(network, 'rome', auditor).get<T>(path)

interface Blocks {
  readonly height: number
  readonly blocks: readonly { readonly height: number; readonly previous: string; readonly hash: string; readonly transactions: readonly { readonly operationId: string; readonly operation: string }[] }[]
}

test('blocks form one chain from genesis to the head, in pages of any size; a transaction is found in its block', async () => {
  const { height } = await reads<Blocks>('/staff/1/ledger/blocks?limit=1')
  const all: Blocks['blocks'][number][] = []
  while (all.length <= height) all.push(...(await reads<Blocks>(`/staff/1/ledger/blocks?from=${all.length}&limit=3`)).blocks)
  assert.deepEqual(all.map((block) => block.height), Array.from({ length: all.length }, (_, index) => index))
  assert.equal(all[0]?.previous, network.id)
  for (const [n, block] of all.entries()) if (n > 0) assert.equal(block.previous, all[n - 1]?.hash)
  for (const { transactions, height: at, hash } of all) {
    for (const { operationId, operation } of transactions) {
      const found = await reads<{ block: { height: number; hash: string }; transaction: { operationId: string; operation: string }; writes: unknown[]; events: unknown[] }>(`/staff/1/ledger/transactions/${operationId}`)
      assert.deepEqual([found.block.height, found.block.hash, found.transaction.operationId, found.transaction.operation], [at, hash, operationId, operation])
      const { code, trace } = await reads<{ code: string; trace: { code: string; signatures: { holds: boolean }[]; changes: { key: string[]; after: unknown }[]; events: unknown[] } }>(`/staff/1/ledger/transactions/${operationId}/trace`)
      assert.deepEqual([trace.code, trace.signatures.every(({ holds }) => holds), trace.events], [code, true, found.events], 'run again, it comes to what the block holds')
      assert.deepEqual(trace.changes.map(({ key, after }) => ({ key, value: after })), found.writes)
    }
  }
  assert.deepEqual((await reads<Blocks>(`/staff/1/ledger/blocks?from=${height + 100}`)).blocks, [])
  for (const wrong of ['limit=0', 'limit=101', 'from=-1', 'from=x', 'limit=1&limit=2']) await assert.rejects(reads(`/staff/1/ledger/blocks?${wrong}`), { code: 'SCHEMA_NOT_VALID' })
  for (const path of ['', '/trace']) await assert.rejects(reads(`/staff/1/ledger/transactions/00000000000000000000000000${path}`), { code: 'LEDGER_NOT_IN_LOG' })
})

test('health names what an operator looks for, and members their certificates\' ends', async () => {
  const health = await reads<{ ledger: { height: number; hash: string; confirmedMillisecondsAgo: number }; disk: { dataBytes: number; freeBytes: number }; certificateExpires: number; versions: { node: string; contracts: string[] }; jobs: Record<string, number> }>('/staff/1/health')
  assert.equal(health.ledger.hash, (await reads<Blocks>(`/staff/1/ledger/blocks?from=${health.ledger.height}&limit=1`)).blocks[0]?.hash)
  assert.ok(health.ledger.confirmedMillisecondsAgo < 10_000 && health.disk.dataBytes > 10_000 && health.disk.freeBytes > 0)
  assert.ok(health.certificateExpires > Date.now() + 300 * 86_400_000)
  assert.deepEqual([health.versions.node, health.versions.contracts.includes('consents@1')], [process.versions.node, true])
  const { members } = await reads<{ members: { authorityExpires: number }[] }>('/staff/1/members')
  assert.ok(members.length === 4 && members.every((member) => member.authorityExpires > Date.now()))
})

interface NetworkSeen {
  readonly engine: string
  readonly logSize: number
  readonly quorum: number
  readonly operator: string
  readonly members: readonly { readonly id: string; readonly state: string; readonly version: number; readonly authorityExpires: number; readonly votes: readonly string[]; readonly heard: { readonly behind: number; readonly at: number } | null }[]
  readonly contracts: readonly string[]
  readonly channel: unknown
  readonly actions: readonly { readonly does: string; readonly command: string }[]
}

test('the network\'s page has every member with its votes and how far its ledger is; commands are for administrators, and are commands', async () => {
  const [seen, own] = await Promise.all([reads<NetworkSeen>('/staff/1/network'), network.staff('rome').get<NetworkSeen>('/staff/1/network')])
  assert.deepEqual([seen.engine, seen.channel, seen.actions], ['operator', null, []])
  assert.deepEqual(seen.members.map(({ id, state, votes }) => [id, state, votes]).sort(), [...seen.members.map(({ id }) => [id, 'active', []])].sort())
  assert.ok(seen.members.length === 4 && seen.contracts.includes('consents@1') && seen.members.some(({ id }) => id === seen.operator))
  assert.deepEqual(own.actions.map(({ does }) => does), ['start-node', 'stop-node', 'join'])
  for (const { command } of own.actions.filter((action) => action.command.startsWith('mhmd '))) {
    const [, ...words] = command.split(' ')
    const { stdout } = spawnSync(process.execPath, [fileURLToPath(new URL('../apps/cli/src/main.ts', import.meta.url)), words[0] ?? '', words[1] ?? '', '--help'], { encoding: 'utf8' })
    for (const option of command.matchAll(/ (--[a-z-]+)/g)) assert.ok(stdout.includes(option[1] ?? ''), `${command}: ${option[1]}`)
  }
  await until('another member\'s checkpoint was heard', async () => (await reads<NetworkSeen>('/staff/1/network')).members.some(({ heard }) => heard !== null && heard.behind <= seen.logSize && heard.at <= Date.now()))
})

/** The events that a stream tells in so many seconds. */
async function events(headers: Record<string, string> = {}, seconds = 0): Promise<{ kind: string; id: string; data: Record<string, unknown> }[]> {
  const url = new URL(`/staff/1/events?seconds=${seconds}`, network.url('rome'))
  const answer = await fetch(url, { headers: { ...signRequest({ method: 'GET', url, body: new Uint8Array(0) }, auditor, { clock, randomness }), ...headers } })
  assert.match(answer.headers.get('content-type') ?? '', /^text\/event-stream/)
  const field = (text: string, name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1] ?? ''
  return (await answer.text()).split('\n\n').filter((text) => text.includes('event: ')).map((text) => ({ kind: field(text, 'event'), id: field(text, 'id'), data: JSON.parse(field(text, 'data')) as Record<string, unknown> }))
}

test('events tell of jobs, messages and blocks as they happen; a cut reader goes on where it was, or is told that it can\'t', async () => {
  const [hello] = await events()
  assert.equal(hello?.kind, 'hello')
  const live = events({}, 6)
  await importPatients(network, 3)
  await fileCount(network)
  const told = await live
  for (const kind of ['job', 'message', 'ledger']) assert.ok(told.some((event) => event.kind === kind), kind)
  assert.ok(told.some(({ kind, data }) => kind === 'job' && data['kind'] === 'import'))
  assert.ok(told.some(({ kind, data }) => kind === 'message' && data['kind'] === 'use-request/1' && data['from'] === 'institute'))
  const again = await events({ 'last-event-id': hello.id })
  assert.deepEqual(again.filter(({ kind }) => kind !== 'hello').slice(0, told.length - 1), told.filter(({ kind }) => kind !== 'hello'))
  const tail = told.at(-2)
  assert.deepEqual((await events({ 'last-event-id': tail?.id ?? '' })).find(({ id }) => id === told.at(-1)?.id), told.at(-1))
  for (const unknown of ['x', `${'0'.repeat(26)}-3`, `${hello.id.slice(0, 26)}-999999`]) assert.deepEqual((await events({ 'last-event-id': unknown })).map(({ kind }) => kind), ['hello', 'reset'])
})

test('so many streams a key and no more; a stream that ends makes room', async () => {
  const streams = Array.from({ length: 8 }, () => events({}, 2))
  await until('a ninth is refused', async () => {
    const client = oneTimeClient(network, 'rome', auditor)
    return client.get('/staff/1/events?seconds=0').then(() => false, (error: { code: string }) => error.code === 'NODE_BUSY')
  }, 2)
  await Promise.all(streams)
  assert.equal((await events())[0]?.kind, 'hello')
})
