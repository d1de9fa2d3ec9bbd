import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pathOf, wholeList } from './pages.ts'

test('a path takes what is asked, beside what it asks for already; what is undefined is left out', () => {
  assert.equal(pathOf('/a', {}), '/a')
  assert.equal(pathOf('/a', { limit: '5', after: undefined, text: 'heart & sleep' }), '/a?limit=5&text=heart%20%26%20sleep')
  assert.equal(pathOf('/a?state=open', { limit: '5' }), '/a?state=open&limit=5')
})

test('a whole list is the rows of all pages, each asked for by the one before, empty ones too', async () => {
  const pages: Readonly<Record<string, object>> = { '/a?limit=500&state=open': { rows: [1, 2], next: 'x.1' }, '/a?limit=500&state=open&after=x.1': { rows: [], next: 'x.2' }, '/a?limit=500&state=open&after=x.2': { rows: [3], next: null } }
  const asked: string[] = []
  const client = { get: async <T>(path: string): Promise<T> => (asked.push(path), pages[path] as T) }
  assert.deepEqual(await wholeList<number>(client, '/a', { state: 'open', name: 'rows' }), [1, 2, 3])
  assert.deepEqual(asked, Object.keys(pages))
})
