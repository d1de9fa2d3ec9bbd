import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { after, before, suite, test } from 'node:test'
import type { Log } from '@mhmd/base'
import { createFollower } from '@mhmd/ledger'
import type { Ledger } from '@mhmd/ledger'
import { ledgerSuite, sampleNetwork } from '@mhmd/ledger/testing'
import type { SampleMember, SampleNetwork } from '@mhmd/ledger/testing'
import { memoryStore } from '@mhmd/store/testing'
import { startMemberServer } from '@mhmd/transport-https'
import type { MemberClient, MemberServer } from '@mhmd/transport-https'
import { clientOf, sampleMembers, sampleTls } from '../testing/sample-members.ts'
import type { SampleTls } from '../testing/sample-members.ts'
import { folderHolds } from '../testing/folder-holds.ts'
import { Engine, embeddedLedgerClient, ledgerRoutes } from './index.ts'

const clock = { now: () => Date.now() }

/** Engine, mutual TLS server and clients, in one process over loopback. */
class Served {
  readonly folder: string
  readonly networkId: string
  readonly tls: Record<SampleMember, SampleTls>
  readonly lines: string[] = []
  engine: Engine | undefined
  server: MemberServer | undefined
  port = 0
  readonly #clients = new Map<SampleMember, MemberClient>()

  constructor(folder: string, networkId: string, tls: Record<SampleMember, SampleTls>) {
    this.folder = folder
    this.networkId = networkId
    this.tls = tls
  }

  async start(): Promise<void> {
    const log: Log = (event, details) => void this.lines.push(`${event} ${JSON.stringify(details)}`)
    const engine = await Engine.open({ folder: this.folder, networkId: this.networkId, clock, workers: 1 })
    const members = new Map(sampleMembers.map((member) => [this.tls[member].pin, member]))
    this.engine = engine
    this.server = await startMemberServer({
      host: '127.0.0.1', port: this.port, log,
      tls: () => ({ ...this.tls.rome.certificate, ca: sampleMembers.map((member) => this.tls[member].caRoot) }),
      allowList: (pin) => members.get(pin),
      register: (app) => ledgerRoutes(app, engine, log),
    })
    this.port = this.server.port
  }

  async stop(): Promise<void> {
    await this.server?.close()
    await this.engine?.close()
  }

  client(member: SampleMember): MemberClient {
    const client = this.#clients.get(member) ?? clientOf(member, this.tls)
    this.#clients.set(member, client)
    return client
  }

  as(member: SampleMember, deadlineMs = 5000): Ledger {
    return embeddedLedgerClient({ client: this.client(member), peer: () => ({ endpoint: `https://127.0.0.1:${this.port}`, serverName: 'rome.localhost', pins: [this.tls.rome.pin] }), deadlineMs })
  }

  async close(): Promise<void> {
    await Promise.all([...this.#clients.values()].map((client) => client.close()))
    await this.stop()
    await rm(this.folder, { recursive: true })
  }
}

async function serve(network: SampleNetwork): Promise<Served> {
  const served = new Served(await mkdtemp(join(tmpdir(), 'ledger-')), network.id, await sampleTls())
  await served.start()
  return served
}

ledgerSuite('embedded engine over mutual TLS', async (network) => {
  const served = await serve(network)
  return {
    as: (member) => served.as(member),
    restart: async () => {
      await served.stop()
      await served.start()
    },
    holdsBytes: async (bytes) => {
      await served.stop()
      const held = await folderHolds(served.folder, bytes)
      await served.start()
      return held
    },
    close: () => served.close(),
  }
})

suite('the ledger’s client', () => {
  const network = sampleNetwork({ now: () => Date.now() })
  let served: Served
  before(async () => {
    served = await serve(network)
    await served.as('rome').submit(network.genesis())
  })
  after(() => served.close())

  test('a submit waits through an outage of the ledger, and takes effect once', async () => {
    const rome = served.as('rome', 10_000)
    await served.stop()
    const enrolled = served.as('accounts', 10_000).submit(network.enrol(1))
    await sleep(300)
    await served.start()
    assert.equal((await enrolled).status, 'committed')
    assert.equal((await rome.submit(network.decide(1, 1))).status, 'committed')
  })

  test('without a ledger a call ends at its deadline with LEDGER_UNAVAILABLE', async () => {
    await served.stop()
    const started = Date.now()
    await assert.rejects(served.as('rome', 400).submit(network.decide(1, 2)), { code: 'LEDGER_UNAVAILABLE', kind: 'unavailable' })
    await assert.rejects(served.as('rome', 400).head(), { code: 'LEDGER_UNAVAILABLE' })
    assert.ok(Date.now() - started < 3000)
    await served.start()
  })

  test('a block stream goes on after the ledger was away, without gap or repetition', async () => {
    const stop = new AbortController()
    const seen: number[] = []
    const following = (async () => {
      for await (const block of served.as('institute').blocks(0, stop.signal)) seen.push(block.height)
    })()
    for (let n = 10; n < 14; n++) {
      await served.as('accounts').submit(network.enrol(n))
      if (n === 11) {
        await served.stop()
        await sleep(100)
        await served.start()
      }
    }
    const { height } = await served.as('rome').head()
    for (let i = 0; i < 100 && seen.length <= height; i++) await sleep(50)
    stop.abort()
    await following
    assert.deepEqual(seen, Array.from({ length: height + 1 }, (_, at) => at))
  })

  test('a follower over the wire holds what the engine holds, and proves it', async () => {
    const follower = await createFollower({ ledger: served.as('institute'), store: memoryStore(), clock, networkId: network.id, pollMs: 20 })
    const stop = new AbortController()
    const running = follower.run(stop.signal)
    const receipt = await served.as('rome').submit(network.decide(10, 1))
    await follower.waitFor(receipt.operationId, 5000)
    assert.deepEqual(await follower.latest(['consent', 'rome', network.subject(10)]), await served.as('rome').get(['consent', 'rome', network.subject(10)]))
    const entries = await follower.latestBelow(['subject'])
    assert.deepEqual(entries.map(({ key, value }) => ({ key, value })), await served.as('rome').range(['subject']))
    await sleep(60)
    assert.ok((follower.confirmedAt() ?? 0) > 0)
    stop.abort()
    await running
  })

  test('a bad line spoils its own answer only; garbage gets a code', async () => {
    const peer = { endpoint: `https://127.0.0.1:${served.port}`, serverName: 'rome.localhost', pins: [served.tls.rome.pin] }
    const post = (path: string, body: unknown): Promise<unknown> => served.client('rome').request({ ...peer, method: 'POST', path, body })
    const get = (path: string): Promise<unknown> => served.client('rome').request({ ...peer, method: 'GET', path })
    const good = JSON.stringify({ transaction: network.decide(11, 1) })
    const lines = [good, 'no json', '{}', '{"transaction":null}', '{"transaction":{"submitter":"rome"}}', `{"transaction":{"submitter":"rome","operationId":"x","payload":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`]
    const { results } = await post('/ledger/1/submit', Buffer.from(lines.join('\n'))) as { results: { receipt?: { status: string }; error?: { code: string } }[] }
    assert.deepEqual(results.map((result) => result.receipt?.status ?? result.error?.code), ['committed', ...Array.from({ length: 5 }, () => 'LEDGER_BAD_TRANSACTION')])
    await assert.rejects(post('/ledger/1/submit', Buffer.from([0xff, 0xfe])), { code: 'BASE_BAD_ENCODING' })
    await assert.rejects(post('/ledger/1/private/get', { key: 'not a key' }), { code: 'LEDGER_BAD_REQUEST' })
    for (const path of ['/ledger/1/state', '/ledger/1/state?key=5', '/ledger/1/state?key=[1', '/ledger/1/blocks?from=-1', '/ledger/1/blocks', '/ledger/1/range?prefix=["member"]&limit=many']) {
      await assert.rejects(get(path), { code: 'LEDGER_BAD_REQUEST' }, path)
    }
    await assert.rejects(get('/ledger/1/state?key=[""]'), { code: 'BASE_BAD_KEY' })
  })

  test('many submits at once travel in few requests and all are answered', async () => {
    const accounts = served.as('accounts')
    const receipts = await Promise.all(Array.from({ length: 300 }, (_, i) => accounts.submit(network.enrol(100 + i))))
    assert.equal(receipts.filter((receipt) => receipt.status === 'committed').length, 300)
    const blocks = new Set(receipts.map((receipt) => receipt.status === 'committed' && receipt.height))
    assert.ok(blocks.size < 30, `${blocks.size} blocks`)
  })
})
