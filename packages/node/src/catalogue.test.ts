import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { newSalt } from '@mhmd/crypto'
import type { Envelope } from '@mhmd/messages'
import type { CatalogueEntry, DatasetState } from '@mhmd/schema'
import { openSqliteStore } from '@mhmd/store-sqlite'
import { catalogue } from './catalogue.ts'
import { entryCommitment, openingOf } from './datasets-kept.ts'

const randomness = { bytes: (length: number): Uint8Array => randomBytes(length) }
const store = await openSqliteStore(join(mkdtempSync(join(tmpdir(), 'mhmd-catalogue-')), 'node.db'))
after(() => store.close())

const id = '0123456789abcdefghjkmnpqrs'
const entryNamed = (title: string): CatalogueEntry => ({ format: 'mhmd-catalogue-entry/1', title, summary: '', categories: ['a'], forms: ['computation'] })
const salt = newSalt(randomness)
const opening = (title: string): ReturnType<typeof openingOf> => openingOf({ entry: entryNamed(title), description: { title, summary: '', categories: ['a'] }, documentSalt: newSalt(randomness) })

const second = opening('second')
const ledger: { state: DatasetState } = { state: { categories: ['a'], description: entryCommitment(second, salt), version: 2, state: 'offered', time: 5 } }
const follower = { height: () => 7, latest: async (key: readonly string[]) => (key[1] === 'rome' && key[2] === id ? ledger.state : undefined), latestBelow: async () => [{ key: ['dataset', 'rome', id], value: ledger.state }] }
const { routes, handlers } = catalogue({ store, follower: follower as never, clock: { now: () => 9 }, self: 'institute', nameOf: (member) => member })

const hear = (from: string, version: number, { entry, document }: ReturnType<typeof openingOf>): Promise<unknown> =>
  store.write((tx) => (handlers['dataset-offered/1'] as (envelope: Envelope, tx: unknown) => Promise<unknown>)({ from, body: { dataset: id, version, entry, document, salt } } as unknown as Envelope, tx))
const titleShown = async (): Promise<string | null> => {
  const { datasets } = await routes[0]?.handle({ query: {} } as never) as { datasets: { entry: CatalogueEntry | null }[] }
  assert.equal(datasets.length, 1)
  return datasets[0]?.entry?.title ?? null
}

test('an entry is shown only when it is the holder\'s own, of the version that the ledger has, and opens its commitment', async () => {
  assert.equal(await titleShown(), null)
  await hear('berlin', 2, second)
  assert.equal(await titleShown(), null, 'another member\'s word about it')
  await hear('rome', 1, opening('first'))
  assert.equal(await titleShown(), null, 'an earlier version')
  await hear('rome', 2, { ...second, entry: entryNamed('altered') })
  assert.equal(await titleShown(), null, 'an altered entry')
  ledger.state = { ...ledger.state, version: 3 }
  await hear('rome', 3, second)
  assert.equal(await titleShown(), 'second')
  await hear('rome', 2, opening('late'))
  assert.equal(await titleShown(), 'second', 'a message that was overtaken')
  ledger.state = { ...ledger.state, state: 'withdrawn' }
  assert.deepEqual((await routes[0]?.handle({ query: {} } as never) as { datasets: unknown[] }).datasets, [])
})

test('an entry that says more than an entry may is not taken', async () => {
  for (const entry of [{ ...entryNamed('x'), people: 12345 }, { ...entryNamed('x'), peopleAtLeast: 3 }, { ...entryNamed('x'), columns: [{ name: 'a', role: 'sensitive', values: 'text', examples: ['HIV'] }] }]) {
    await assert.rejects(hear('rome', 9, { entry: entry as CatalogueEntry, document: second.document }), { code: 'SCHEMA_NOT_VALID' })
  }
})
