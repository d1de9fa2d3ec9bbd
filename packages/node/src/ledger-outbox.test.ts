// What a node keeps of an effect once the ledger has taken it: with its receipt, whenever the outcome is learnt, and never of what was refused.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { newSigningKey } from '@mhmd/crypto'
import type { Ledger, Receipt } from '@mhmd/ledger'
import type { DatasetDescription } from '@mhmd/schema'
import type { Store } from '@mhmd/store'
import { memoryStore } from '@mhmd/store/testing'
import { datasetsKept } from './datasets-kept.ts'
import { datasetRoutes } from './holder-datasets.ts'
import { createLedgerOutbox } from './ledger-outbox.ts'
import type { LedgerOutbox } from './ledger-outbox.ts'
import type { PeopleRoute } from './people.ts'

const clock = { now: (): number => 1_800_000_000_000 }
const randomness = { bytes: (length: number): Uint8Array => randomBytes(length) }
const description: DatasetDescription = { title: 'Blood pressure', summary: '', categories: ['a'] }

/** A ledger that remembers what it took; while `cut`, its answer is lost on the way back, as where the node is killed. */
function ledgerOf(code: string): { readonly taken: string[]; isCut: boolean; readonly port: Ledger } {
  const at = { taken: [] as string[], isCut: false, port: {} as Ledger }
  const submit: Ledger['submit'] = async ({ operationId }) => {
    if (!at.taken.includes(operationId)) at.taken.push(operationId)
    if (at.isCut) throw new Error('cut off')
    return { status: 'committed', code, height: at.taken.indexOf(operationId), operationId } as unknown as Receipt
  }
  return Object.assign(at, { port: { submit } as unknown as Ledger })
}

/** A node's ledger outbox and dataset routes, made anew as after a start. */
function started(store: Store, ledger: Ledger): { readonly outbox: LedgerOutbox; call(method: string, path: string, body?: unknown, id?: string): Promise<unknown> } {
  const outbox = createLedgerOutbox({ store, ledger, network: 'n', member: 'rome', key: newSigningKey().key, clock, log: () => undefined })
  const routes: PeopleRoute[] = datasetRoutes({ store, ledger: outbox, drafts: { profileOf: async () => undefined }, clock, randomness })
  return {
    outbox,
    call: async (method, path, body, id = '') => {
      const found = routes.find((one) => one.method === method && one.path === path)
      return found?.handle({ params: { id }, body } as unknown as Parameters<PeopleRoute['handle']>[0])
    },
  }
}

const kept = (store: Store): Promise<{ version: number; state: string }[]> => store.read(async (tx) => (await datasetsKept.list(tx)).map(({ version, state }) => ({ version, state })))

test('a dataset that the ledger took is kept by the next start, where the node was killed before it could', async () => {
  const [store, ledger] = [memoryStore(), ledgerOf('VALID')]
  ledger.isCut = true
  await assert.rejects(started(store, ledger.port).call('POST', '/staff/1/datasets', description), /cut off/)
  assert.deepEqual([ledger.taken.length, await kept(store)], [1, []])
  ledger.isCut = false
  const next = started(store, ledger.port)
  const stop = new AbortController()
  const running = next.outbox.run(stop.signal)
  for (let tries = 0; (await kept(store)).length === 0 && tries < 100; tries++) await new Promise((resolve) => setTimeout(resolve, 10))
  stop.abort()
  await running
  assert.deepEqual(await kept(store), [{ version: 1, state: 'offered' }])
  assert.deepEqual(await store.read((tx) => datasetsKept.untold(tx)), (await store.read((tx) => datasetsKept.list(tx))).map((row) => row.id), 'others are to be told of it')
  assert.equal(ledger.taken.length, 1)
  const [{ id } = { id: '' }] = await store.read((tx) => datasetsKept.list(tx))
  await next.call('DELETE', '/staff/1/datasets/:id', undefined, id)
  assert.deepEqual(await kept(store), [{ version: 2, state: 'withdrawn' }])
})

test('what the ledger refused is not kept', async () => {
  const [store, ledger] = [memoryStore(), ledgerOf('CONFLICT')]
  await assert.rejects(started(store, ledger.port).call('POST', '/staff/1/datasets', description), { code: 'NODE_LEDGER_REFUSED' })
  assert.deepEqual(await kept(store), [])
})
