import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { statementSigner } from '@mhmd/accounts'
import type { Canonical } from '@mhmd/base'
import { commit, newSigningKey } from '@mhmd/crypto'
import type { Follower } from '@mhmd/ledger'
import type { Envelope, Outbox } from '@mhmd/messages'
import { tableManifestContent } from '@mhmd/release'
import { openSqliteStore } from '@mhmd/store-sqlite'
import type { Store } from '@mhmd/store'
import { nodeErrors } from './errors.ts'
import { PIECE_BYTES } from './held-bytes.ts'
import { createHoldings } from './holdings.ts'
import { createJobs } from './jobs.ts'
import type { JobRunner, Jobs } from './jobs.ts'
import type { LedgerOutbox } from './ledger-outbox.ts'
import { agreementsReceived } from './tables.ts'

const id = (letter: string): string => letter.repeat(26)
const [request, release, agreement] = [id('1'), id('2'), id('3')]
const randomness = { bytes: (length: number): Uint8Array => randomBytes(length) }
const clock = { now: (): number => Date.now() }
const table = randomBytes(3 * PIECE_BYTES + 17)
const digest = createHash('sha256').update(table).digest('base64url')
const salt = randomBytes(32).toString('base64url')
const manifest = JSON.stringify({ format: 'mhmd-table/1', release })
const holderManifest = createHash('sha256').update('holder').digest('base64url')

interface Place extends AsyncDisposable {
  readonly store: Store
  readonly asked: number[]
  readonly posted: string[]
  /** Offers the table, runs the jobs until none waits, and gives the holding. */
  received(offer?: { digest?: string; manifest?: string }): Promise<{ state: string; got: number; code: string | undefined }>
}

/** A recipient whose holder is this test: `give` answers for the bytes from an offset. */
async function recipient(give: (from: number) => Uint8Array): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'holdings-'))
  const store = await openSqliteStore(join(folder, 'store.db'))
  const [asked, posted]: [number[], string[]] = [[], []]
  const states: Record<string, unknown> = {
    'use-release': { form: 'anonymised', height: 1, time: 1, bytes: commit('table-bytes', digest, salt), content: commit('table-manifests', { recipient: (tableManifestContent(manifest, '') as { recipient: string }).recipient, holder: holderManifest }, salt) },
    agreement: { state: 'accepted', agreement, until: Date.now() + 1e6 },
  }
  const follower = { latest: (key: readonly string[]) => Promise.resolve(states[key[0] ?? ''] as Canonical | undefined), height: () => 7 } as unknown as Follower
  const runners: Record<string, JobRunner> = {}
  const jobs: Jobs = createJobs({ store, clock, randomness, log: () => undefined, runners })
  const key = newSigningKey().key
  const holdings = createHoldings({
    store, jobs, follower, clock, randomness, nodeKey: randomBytes(32), signer: statementSigner({ network: digest, member: 'institute' }, newSigningKey().key, key), peerOf: () => ({ endpoint: 'https://rome', serverName: 'rome', pins: [] }),
    ledger: {} as LedgerOutbox, outbox: { post: (_tx: unknown, { kind }: { kind: string }) => Promise.resolve(String(posted.push(kind))) } as unknown as Outbox,
    members: { bytes: ({ path }) => {
      const from = Number(new URL(path, 'https://rome').searchParams.get('from'))
      asked.push(from)
      return Promise.resolve().then(() => give(from))
    } },
  })
  Object.assign(runners, holdings.runners)
  await store.write((tx) => agreementsReceived.put(tx, [request, 'rome'], { document: { format: 'mhmd-agreement/1', agreement, request, holder: 'rome', recipient: 'institute', form: 'anonymised', until: Date.now() + 1e6, duties: [] }, salt }))
  return {
    store, asked, posted,
    received: async (change = {}) => {
      const body = { request, release, agreement, manifest, holderManifest, salt, size: table.length, digest, ...change }
      await store.write(async (tx) => void await holdings.handlers['table-offer/1']?.({ from: 'rome', body } as unknown as Envelope, tx))
      const stopping = new AbortController()
      const running = jobs.run(stopping.signal)
      for (const limit = Date.now() + 20_000; (await jobs.list(9)).some((job) => job.state === 'waiting' && job.code !== 'NODE_NOT_YET') && Date.now() < limit;) await new Promise((resolve) => setTimeout(resolve, 10))
      stopping.abort()
      await running
      const list = holdings.routes.find(({ path }) => path === '/staff/1/holdings')
      const { holdings: [holding] } = await list?.handle({} as never) as { holdings: { state: string; got: number }[] }
      return { state: holding?.state ?? '', got: holding?.got ?? -1, code: (await jobs.list(9))[0]?.code }
    },
    [Symbol.asyncDispose]: async () => {
      await store.close()
      rmSync(folder, { recursive: true })
    },
  }
}

const honest = (from: number): Uint8Array => table.subarray(from, (Math.floor(from / PIECE_BYTES) + 1) * PIECE_BYTES)

test('a table is held once all of its bytes came and their digest is the one offered', async () => {
  await using place = await recipient(honest)
  assert.deepEqual(await place.received(), { state: 'held', got: table.length, code: undefined })
  assert.deepEqual(place.asked, [0, PIECE_BYTES, 2 * PIECE_BYTES, 3 * PIECE_BYTES])
  assert.deepEqual(place.posted, ['table-received/1'])
})

test('bytes with another digest than was offered are refused, and nothing of them is kept', async () => {
  await using place = await recipient((from) => {
    const bytes = Buffer.from(honest(from))
    if (from > 0) bytes.writeUInt8(bytes.readUInt8(0) ^ 1, 0)
    return bytes
  })
  assert.deepEqual(await place.received(), { state: 'refused', got: 0, code: 'NODE_DIGEST_MISMATCH' })
  assert.deepEqual(place.posted, [])
  let left = 0
  await place.store.read(async (tx) => { for await (const _ of tx.scan('holding-bytes')) left++ })
  assert.equal(left, 0)
})

test('a transfer that is cut off goes on at the byte where it stood', async () => {
  let cuts = 2
  await using place = await recipient((from) => {
    if (from === 2 * PIECE_BYTES && cuts-- > 0) throw nodeErrors.BUSY()
    return honest(from).subarray(0, from === 0 ? 1000 : undefined)
  })
  assert.equal((await place.received()).state, 'held')
  assert.deepEqual(place.asked.slice(0, 2), [0, 1000], 'a piece may be cut anywhere')
  assert.ok(place.asked.filter((from) => from === 0).length === 1 && place.asked.filter((from) => from === 2 * PIECE_BYTES).length === 3, place.asked.join())
})

test('more bytes than offered, none at all, or an offer that is not what the ledger shows: nothing is held', async () => {
  await using longer = await recipient((from) => (from >= 3 * PIECE_BYTES ? Buffer.concat([honest(from), Buffer.alloc(9)]) : honest(from)))
  assert.equal((await longer.received()).code, 'NODE_TRANSFER_BROKEN')
  await using nothing = await recipient(() => new Uint8Array())
  assert.equal((await nothing.received()).code, 'NODE_TRANSFER_BROKEN')
  for (const change of [{ digest: holderManifest }, { manifest: '{}' }]) {
    await using forged = await recipient(honest)
    assert.equal((await forged.received(change)).code, 'NODE_RECORD_MISMATCH')
    assert.deepEqual(forged.asked, [])
  }
})
