// Checkpoints among members: the minority of a split history stops, a single liar stops nobody, and a node from which blocks are withheld closes.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { newSigningKey } from '@mhmd/crypto'
import { createFollower } from '@mhmd/ledger'
import { checkpointOrigin, checkpointText, memberKeyName, openNote, parseCheckpoint, signNote } from '@mhmd/proof'
import type { Block, Follower } from '@mhmd/ledger'
import { ledgerOfBlocks, madeUpChain } from '@mhmd/ledger/testing'
import type { MemberRecord } from '@mhmd/schema'
import { memoryStore } from '@mhmd/store/testing'
import { createCheckpoints } from './checkpoints.ts'
import type { Checkpoints } from './checkpoints.ts'

const networkId = Buffer.alloc(32, 5).toString('base64url')
const names = ['rome', 'berlin', 'institute', 'accounts'] as const
type Name = typeof names[number]
const keys = Object.fromEntries([...names, 'ledger'].map((id) => [id, newSigningKey().key])) as Record<Name | 'ledger', ReturnType<typeof newSigningKey>['key']>
const records = [...names, 'ledger'].map((id) => ({ id, signingKey: keys[id as Name].publicKey, roles: id === 'ledger' ? ['ledger-operator'] : ['data-user'] }) as unknown as MemberRecord)

/** Chains of one `branch` are the same, those of two differ from `splits` on. */
const chain = (length: number, options: { readonly branch?: string; readonly splits?: number } = {}): Block[] => madeUpChain(networkId, length, options)

interface Member {
  readonly follower: Follower
  readonly checkpoints: Checkpoints
  readonly blocks: Block[]
}

/** Members whose nodes are shown these chains, and reach each other unless they are down. Real followers and checkpoints; only the wire is not. */
async function among<T>(chains: Readonly<Record<Name, readonly Block[]>>, work: (at: Readonly<Record<Name, Member>>, clock: { at: number }) => Promise<T>, { down = [], showing = false }: { down?: readonly Name[]; showing?: boolean } = {}): Promise<T> {
  const stop = new AbortController()
  const clock = { at: 1_000_000, now: () => clock.at }
  type Handler = (request: { member: string; body: unknown }, reply: { send: <X>(value: X) => X }) => Promise<unknown>
  const doors = new Map<string, Handler>()
  const loops: Promise<unknown>[] = []
  const members = {} as Record<Name, Member>
  for (const id of names) {
    const blocks = [...chains[id]]
    const store = memoryStore()
    const follower = await createFollower({ ledger: ledgerOfBlocks(networkId, blocks), store, clock, networkId, pollMs: 10, check: async () => undefined })
    const checkpoints = createCheckpoints({
      store, follower, network: networkId, member: id, key: keys[id], clock, log: () => undefined, compareMilliseconds: 20,
      trust: { members: () => records, member: (wanted) => records.find((record) => record.id === wanted) },
      peerOf: (member) => ({ endpoint: member, serverName: member, pins: [] }),
      members: { request: async ({ endpoint, body }) => {
        if (down.includes(endpoint as Name)) throw new Error('down')
        return JSON.parse(JSON.stringify(await doors.get(endpoint)?.({ member: id, body }, { send: (value) => value }))) as unknown
      } },
    })
    checkpoints.mount({ post: (_path: string, _options: object, handler: Handler) => { doors.set(id, handler) } } as never)
    members[id] = { follower, checkpoints, blocks }
    loops.push(follower.run(stop.signal).catch(() => undefined))
    if (showing && !down.includes(id)) loops.push(checkpoints.run(stop.signal))
  }
  try {
    for (const id of names) await members[id].follower.waitFor(chains[id].length - 1, 5000)
    return await work(members, clock)
  } finally {
    stop.abort()
    await Promise.all(loops)
  }
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const limit = Date.now() + 8000; !await holds();) {
    assert.ok(Date.now() < limit, 'it takes too long')
    await sleep(10)
  }
}

const noteOf = (by: Name, size: number, fill: number): string => signNote(checkpointText({ origin: checkpointOrigin(networkId), size, root: new Uint8Array(32).fill(fill) }), [{ name: memberKeyName(networkId, by), key: keys[by] }])
const signersOf = (note: string): string[] => {
  const opened = openNote(note, names.map((id) => ({ name: memberKeyName(networkId, id), publicKey: keys[id].publicKey })))
  return opened.ok ? opened.value.signedBy.map(({ name }) => name.split('/').at(-1) ?? '').sort() : []
}
const rootOf = (note: string): string => Buffer.from(parseCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1))?.root ?? []).toString('hex')

test('the one node that was shown another history stops; the others go on, and all keep both versions, signed', async () => {
  const most = chain(5, { splits: 2 })
  await among({ rome: most, institute: most, accounts: most, berlin: chain(4, { branch: 'b', splits: 2 }) }, async (at) => {
    await until(() => at.berlin.follower.isForked())
    await until(async () => (await Promise.all(names.map(async (id) => (await at[id].checkpoints.disputes()).length))).every((count) => count > 0))
    assert.deepEqual(names.map((id) => at[id].follower.isForked()), [false, true, false, false])
    const [atRome] = await at.rome.checkpoints.disputes()
    assert.deepEqual([atRome?.member, atRome?.agreeing, atRome?.members, atRome?.stopped], ['berlin', 3, 4, false])
    assert.deepEqual([signersOf(atRome?.own ?? ''), signersOf(atRome?.theirs ?? '')], [['accounts', 'institute', 'rome'], ['berlin']])
    const [atBerlin] = await at.berlin.checkpoints.disputes()
    assert.deepEqual([atBerlin?.agreeing, atBerlin?.stopped, signersOf(atBerlin?.own ?? '')], [1, true, ['berlin']])
    for (const dispute of [atRome, atBerlin]) assert.notEqual(rootOf(dispute?.own ?? ''), rootOf(dispute?.theirs ?? ''))
    assert.equal(at.berlin.follower.confirmedAt(), undefined)
    assert.deepEqual((await at.berlin.follower.fork())?.theirs, { note: atBerlin?.theirs })
  }, { showing: true })
})

test('a member that signs a history nobody else holds stops nobody, and is asked about once', async () => {
  const same = chain(4)
  await among({ rome: same, berlin: same, institute: same, accounts: same }, async ({ rome }) => {
    assert.equal(await rome.checkpoints.heard('berlin', noteOf('berlin', 3, 1)), 'forked')
    await until(async () => (await rome.checkpoints.disputes()).length === 1)
    assert.equal(await rome.checkpoints.heard('berlin', noteOf('berlin', 2, 9)), 'forked')
    await sleep(50)
    const [dispute, ...more] = await rome.checkpoints.disputes()
    assert.deepEqual([more, dispute?.theirs, dispute?.agreeing, dispute?.stopped, rome.follower.isForked()], [[], noteOf('berlin', 3, 1), 4, false, false])
    assert.equal(await rome.checkpoints.heard('berlin', noteOf('institute', 3, 1)), 'unreadable', 'somebody else\'s signature')
  })
})

test('where members are split evenly, or too few answer, whoever meets the contradiction stops', async () => {
  const [a, b] = [chain(5, { splits: 2 }), chain(5, { branch: 'b', splits: 2 })]
  await among({ rome: a, berlin: b, institute: a, accounts: b }, async (at) => {
    await until(() => names.every((id) => at[id].follower.isForked()))
  }, { showing: true })
  await among({ rome: a, berlin: a, institute: a, accounts: a }, async ({ rome }) => {
    await rome.checkpoints.heard('berlin', noteOf('berlin', 3, 1))
    await until(() => rome.follower.isForked())
    assert.deepEqual((await rome.checkpoints.disputes()).map(({ agreeing, members }) => [agreeing, members]), [[2, 4]])
  }, { down: ['institute', 'accounts'] })
})

test('a node is behind once two members have signed longer logs for ten seconds, and until its own has come', async () => {
  const short = chain(3)
  await among({ rome: short, berlin: short, institute: short, accounts: short }, async ({ rome }, clock) => {
    assert.equal(await rome.checkpoints.heard('berlin', noteOf('berlin', 4, 1)), 'ahead')
    clock.at += 60_000
    assert.equal(rome.checkpoints.isBehind(), false, 'one may have signed what never was')
    assert.equal(await rome.checkpoints.heard('institute', noteOf('institute', 5, 1)), 'ahead')
    clock.at += 9_000
    assert.equal(await rome.checkpoints.heard('institute', noteOf('institute', 6, 1)), 'ahead')
    assert.equal(rome.checkpoints.isBehind(), false)
    clock.at += 1_001
    assert.equal(rome.checkpoints.isBehind(), true, 'counted from the first')
    const longer = chain(5)
    rome.blocks.push(...longer.slice(3))
    await until(() => !rome.checkpoints.isBehind())
  })
})
