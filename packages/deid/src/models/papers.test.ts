// Tables printed in the models' papers, and one worked by hand, searched whole.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { columnOf } from '@mhmd/columns'
import type { Table } from '@mhmd/columns'
import { checkRelease } from '../check/check.ts'
import { sourceOf } from '../hierarchies/source.ts'
import type { HierarchySource } from '../hierarchies/source.ts'
import type { Job, ModelSpec } from '../job.ts'
import { release } from '../release.ts'
import type { Release } from '../released.ts'

const tableOf = (header: readonly string[], rows: readonly (readonly string[])[]): Table => ({ rows: rows.length, columns: header.map((name, at) => columnOf(name, rows.map((row) => row[at] as string))) })
const hierarchyOf = (name: string, rows: readonly (readonly string[])[]): HierarchySource => sourceOf(name, (rows[0] as readonly string[]).map((_, level) => rows.map((row) => row[level] as string)))

// Nergiz, Atzori, Clifton (SIGMOD 2007), the public table and its private subset (five of nine), with the hierarchies and the
// (1/2, 2/3)-present generalisation that the peer's test states for it ("Example taken from the d-presence paper": testDPresenceWithoutOutliers).
const header = ['id', 'zip', 'age', 'nationality']
const people = ['a 47906 35 USA', 'b 47903 59 Canada', 'c 47906 42 USA', 'd 47630 18 Brazil', 'e 47630 22 Brazil', 'f 47633 63 Peru', 'g 48973 33 Spain', 'h 48972 47 Bulgaria', 'i 48970 52 France'].map((row) => row.split(' '))
const present = new Set(['b', 'c', 'f', 'h', 'i'])
const tables = {
  input: tableOf(header, people),
  subset: tableOf(header, people.filter(([id]) => present.has(id as string))),
  hierarchies: {
    zip: hierarchyOf('zip', ['47630', '47633', '47903', '47906', '48970', '48972', '48973'].map((zip) => [0, 1, 2, 3, 4, 5].map((cut) => cut === 0 ? zip : `${zip.slice(0, 5 - cut)}*`))),
    age: hierarchyOf('age', [18, 22, 33, 35, 42, 47, 52, 59, 63].map((age) => [`${age}`, `${Math.floor(age / 10)}*`, age <= 40 ? '<=40' : '>40', '*'])),
    nationality: hierarchyOf('nationality', [['Canada', 'N. America', 'America', '*'], ['USA', 'N. America', 'America', '*'], ['Peru', 'S. America', 'America', '*'], ['Brazil', 'S. America', 'America', '*'], ['Bulgaria', 'E. Europe', 'Europe', '*'], ['France', 'W. Europe', 'Europe', '*'], ['Spain', 'W. Europe', 'Europe', '*']]),
  },
}

function presence(min: number, max: number): Release {
  const models: ModelSpec[] = [{ type: 'k-anonymity', k: 2 }, { type: 'delta-presence', min, max, subset: { path: '' } }]
  const columns: Job['columns'] = { id: { role: 'identifying' }, zip: { role: 'quasi-identifying' }, age: { role: 'quasi-identifying' }, nationality: { role: 'quasi-identifying' } }
  return release({ input: { path: '' }, columns, models, metric: { type: 'precision' } }, tables)
}

test('δ-presence: the paper\'s (1/2, 2/3)-present generalisation of its public table is the optimum', () => {
  const found = presence(1 / 2, 2 / 3)
  assert.deepEqual([found.levels, found.optimal, found.suppressedRows], [{ zip: 3, age: 3, nationality: 2 }, true, 0])
  const shown = people.flatMap(([id], row) => present.has(id as string) ? [found.table.columns.map(({ dictionary, codes }) => dictionary[codes[row] as number]).join(' ')] : [])
  assert.deepEqual(shown, ['47* * America', '47* * America', '47* * America', '48* * Europe', '48* * Europe'])
})

test('δ-presence: both of the paper\'s bounds are met exactly: three of six Americans, two of three Europeans', () => {
  for (const [min, max] of [[0.501, 2 / 3], [1 / 2, 0.666]] as const) assert.deepEqual(presence(min, max).levels, { zip: 4, age: 3, nationality: 3 })
})

// Of twelve rows: '' 2, 9 six, 10 two, 100 two. The class z, of 9 alone, cumulates −1/6, 1/3, 1/6: over three steps 2/9. In the order of texts ('', 10, 100, 9) it would be 1/3.
test('ordered t-closeness: a missing value among numbers leaves them in the order of numbers', () => {
  const rows = ['9', '10', '100', ''].flatMap((value) => ['x', 'y'].map((group) => [group, value]))
  const tables = { input: tableOf(['q', 's'], [...rows, ...Array.from({ length: 4 }, () => ['z', '9'])]), hierarchies: {} }
  const job = (t: number): Job => ({ input: { path: '' }, columns: { q: { role: 'quasi-identifying', maxLevel: 0 }, s: { role: 'sensitive' } }, models: [{ type: 'ordered-t-closeness', column: 's', t }] })
  const { table: output } = release(job(2 / 9 + 1e-6), tables)
  assert.ok(checkRelease({ job: job(2 / 9 + 1e-6), ...tables, output }).ok)
  assert.throws(() => release(job(2 / 9 - 1e-6), tables), { code: 'DEID_NO_SOLUTION' })
  assert.ok(!checkRelease({ job: job(2 / 9 - 1e-6), ...tables, output }).ok)
})
