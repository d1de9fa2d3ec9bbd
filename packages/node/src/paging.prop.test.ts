// Pages of a list: together they are the list, once each and in its order, whatever comes and goes between two of them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ordinal } from '@mhmd/base'
import type { Store } from '@mhmd/store'
import { memoryStore } from '@mhmd/store/testing'
import fc from 'fast-check'
import { orderedTable } from './ordered-table.ts'
import type { OrderedTable } from './ordered-table.ts'
import { newestFirst, pageOf, searchQuery } from './paging.ts'
import type { Page } from './paging.ts'
import { jsonTable } from './table.ts'

interface Thing { readonly id: string; readonly at: number; readonly words: string }

const things: fc.Arbitrary<Thing[]> = fc.uniqueArray(fc.record({ id: fc.stringMatching(/^[0-9a-z]{1,6}$/), at: fc.nat(5), words: fc.constantFrom('heart', 'sleep', 'heart and sleep', '') }), { selector: ({ id }) => id, maxLength: 30 })
const limits = fc.integer({ min: 1, max: 7 }).map(String)
const ordered = (): OrderedTable<Thing> => orderedTable(jsonTable<Thing>('things'), { name: 'things-by-age', placeOf: ({ at }) => [ordinal(at)] })
const textOf = ({ words }: Thing): string => words
const inOrder = (rows: readonly Thing[]): string[] => rows.toSorted((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1)).map(({ id }) => id)
const holding = async (rows: readonly Thing[], table = ordered()): Promise<Store> => {
  const store = memoryStore()
  await store.write(async (tx) => { for (const row of rows) await table.put(tx, [row.id], row) })
  return store
}

/** Ids of all pages; `between` runs before each next one. */
async function followed(page: (after: string | undefined) => Promise<Page<Thing>>, between: () => Promise<void> = async () => undefined): Promise<string[]> {
  const ids: string[] = []
  for (let next: string | null | undefined; next !== null;) {
    const found: Page<Thing> = await page(next)
    ids.push(...found.rows.map(({ id }) => id))
    next = found.next
    await between()
  }
  return ids
}

test('all pages are the list in its order, from a table with places and from rows in memory, with and without words', () => fc.assert(fc.asyncProperty(things, limits, fc.constantFrom(undefined, '', 'heart', 'Sleep heart'), async (rows, limit, text) => {
  const store = await holding(rows)
  const wanted = inOrder(rows.filter(({ words }) => (text ?? '').toLowerCase().split(' ').every((word) => words.includes(word))))
  const query = (after: string | undefined): Record<string, string> => searchQuery().parse({ limit, ...(text === undefined ? {} : { text }), ...(after === undefined ? {} : { after }) }) as Record<string, string>
  assert.deepEqual(await followed((after) => store.read((tx) => ordered().page(tx, query(after), textOf))), wanted)
  const memory = newestFirst(rows.map((value) => ({ key: [ordinal(value.at), value.id], value })))
  assert.deepEqual(await followed((after) => pageOf(query(after), { rows: memory, textOf })), wanted)
})))

test('what was there all the while is met once, though others come, go and change their place between two pages', () => fc.assert(fc.asyncProperty(things, things, limits, async (rows, others, limit) => {
  const table = ordered()
  const store = await holding(rows, table)
  const touched = new Set(others.map(({ id }) => id))
  const coming = [...others]
  const ids = await followed((after) => store.read((tx) => table.page(tx, { limit, ...(after === undefined ? {} : { after }) }, textOf)), async () => {
    const one = coming.pop()
    if (one !== undefined) await store.write((tx) => one.at % 2 === 0 ? table.put(tx, [one.id], one) : table.delete(tx, one.id))
  })
  assert.deepEqual(ids.filter((id) => !touched.has(id)), inOrder(rows.filter(({ id }) => !touched.has(id))))
})))

test('a store that was written without places gets them once; a row that moves leaves its place', async () => {
  const [table, store] = [ordered(), memoryStore()]
  await store.write((tx) => jsonTable<Thing>('things').put(tx, ['old'], { id: 'old', at: 1, words: '' }))
  const ids = (): Promise<string[]> => store.read(async (tx) => (await table.page(tx, {}, textOf)).rows.map(({ id }) => id))
  assert.deepEqual(await ids(), [])
  await table.fill(store)
  await table.fill(store)
  assert.deepEqual(await ids(), ['old'])
  await store.write((tx) => table.put(tx, ['new'], { id: 'new', at: 2, words: '' }))
  await store.write((tx) => table.put(tx, ['old'], { id: 'old', at: 3, words: '' }))
  assert.deepEqual(await ids(), ['old', 'new'])
})

test('what is no limit and no place is refused by the query\'s own schema', () => {
  for (const bad of [{ limit: '0' }, { limit: '501' }, { limit: '1e2' }, { after: '' }, { after: 'a..b' }, { after: 'A' }, { after: '../x' }, { after: 'a.b.c.d.e.f' }, { text: 'x'.repeat(201) }, { before: 'x' }]) assert.throws(() => searchQuery().parse(bad), { code: 'SCHEMA_NOT_VALID' }, JSON.stringify(bad))
})
