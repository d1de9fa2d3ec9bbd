import assert from 'node:assert/strict'
import { test } from 'node:test'
import { columnOf, csvBytes } from '@mhmd/columns'
import type { Table } from '@mhmd/columns'
import { sourceOf } from './hierarchies/source.ts'
import type { Job } from './job.ts'
import { releaseManifests, repeatRelease, tableDigest } from './manifests.ts'
import { release } from './release.ts'
import { generator } from './search/heuristic.ts'

const random = generator(41)
const rows = 300
const texts = (make: (row: number) => string): string[] => Array.from({ length: rows }, (_, row) => make(row))
const ages = Array.from({ length: 60 }, (_, i) => String(20 + i))
const input: Table = { rows, columns: [
  columnOf('person', texts(() => `p${Math.floor(random() * 150)}`)), columnOf('age', texts(() => ages[Math.floor(random() * 60)] as string)),
  columnOf('date', texts(() => `2021-0${1 + Math.floor(random() * 9)}-1${Math.floor(random() * 10)}`)), columnOf('weight', texts(() => String(50 + Math.floor(random() * 50)))),
] }
const tables = { input, hierarchies: { age: sourceOf('age', [ages, ages.map((age) => `${age[0]}0s`), ages.map(() => '*')]) } }
const secret = new Uint8Array(32).fill(77)
const job: Job = {
  input: { path: 'somewhere/t.csv' }, person: { column: 'person', visits: 2 }, seed: 12345,
  columns: { person: { role: 'insensitive' }, age: { role: 'quasi-identifying', hierarchy: 'somewhere/age.csv' }, date: { role: 'insensitive' }, weight: { role: 'insensitive' } },
  masks: [{ type: 'date-shift', columns: ['date'], mostDays: 60 }, { type: 'pseudonym', columns: ['person'] }, { type: 'gaussian-noise', columns: ['weight'], sensitivity: 2, rho: 0.5 }],
  models: [{ type: 'k-anonymity', k: 3 }], suppressionLimit: 0.4,
}

test('the sealed manifest, through JSON, repeats the release byte for byte', () => {
  const found = release(job, tables, { secret })
  const { sealed } = releaseManifests(job, tables, { found, secret })
  const again = repeatRelease(JSON.parse(JSON.stringify(sealed)) as typeof sealed, tables)
  assert.deepEqual(Buffer.from(csvBytes(again)), Buffer.from(csvBytes(found.table)))
})

test('so it does under differential privacy with a private search, under local recoding, and where the search was cut short', () => {
  const jobs: readonly Job[] = [
    { input: { path: 't' }, columns: { age: { role: 'quasi-identifying' }, person: { role: 'identifying' } }, models: [{ type: 'differential-privacy', epsilon: 3, delta: 1e-3, searchEpsilon: 1 }] },
    { input: { path: 't' }, columns: { age: { role: 'quasi-identifying' } }, models: [{ type: 'k-anonymity', k: 4 }], localRecoding: true },
    { input: { path: 't' }, columns: { age: { role: 'quasi-identifying' }, weight: { role: 'quasi-identifying' } }, models: [{ type: 'k-anonymity', k: 4 }], search: { type: 'heuristic' }, suppressionLimit: 1 },
  ]
  for (const one of jobs) {
    let asked = 0
    const found = release(one, tables, { secret, isOutOfTime: () => asked++ > 3 })
    const { sealed } = releaseManifests(one, tables, { found, secret })
    assert.equal(tableDigest(repeatRelease(sealed, tables)), tableDigest(found.table))
  }
})

test('the recipient\'s manifest has methods and hashes, and no secret, seed, path, shift, suppressed count or person', () => {
  const found = release(job, tables, { secret })
  const { sealed, recipient } = releaseManifests(job, tables, { found, secret })
  const text = JSON.stringify(recipient)
  for (const hidden of [sealed.secret!, '12345', 'somewhere', 'suppressedRows', 'p1', '"seed"', sealed.inputs['input']!]) assert.ok(!text.includes(hidden), hidden)
  for (const shown of ['k-anonymity', 'date-shift', 'mostDays', 'gaussian-noise', sealed.inputs['hierarchy of age']!, 'mhmd-deid/3']) assert.ok(text.includes(shown), shown)
  assert.equal(recipient.release, tableDigest(found.table))
})

test('refused: another engine, another input, another secret', () => {
  const found = release(job, tables, { secret })
  const { sealed } = releaseManifests(job, tables, { found, secret })
  assert.throws(() => repeatRelease({ ...sealed, engine: 'mhmd-deid/1' }, tables), { code: 'DEID_MANIFEST_ENGINE' })
  const other: Table = { rows, columns: input.columns.map((column) => column.name === 'weight' ? { ...column, codes: column.codes.toReversed() } : column) }
  assert.throws(() => repeatRelease(sealed, { ...tables, input: other }), { code: 'DEID_MANIFEST_INPUT', details: { what: 'input' } })
  assert.throws(() => repeatRelease({ ...sealed, secret: Buffer.alloc(32).toString('base64url') }, tables), { code: 'DEID_MANIFEST_RESULT' })
})

test('the seed reaches no draw: another one gives the same masks, sample and levels under the same secret', () => {
  const jobs: readonly Job[] = [job, { input: { path: 't' }, columns: { age: { role: 'quasi-identifying', minLevel: 1 }, person: { role: 'identifying' } }, models: [{ type: 'differential-privacy', epsilon: 3, delta: 1e-3, searchEpsilon: 1 }] }]
  for (const one of jobs) {
    const [first, other] = [1, 2].map((seed) => tableDigest(release({ ...one, seed }, tables, { secret }).table))
    assert.equal(first, other)
    assert.notEqual(first, tableDigest(release({ ...one, seed: 1 }, tables, { secret: new Uint8Array(32).fill(78) }).table))
  }
})

test('a table\'s digest doesn\'t see dictionaries, and sees every cell, name and order', () => {
  const table: Table = { rows: 3, columns: [columnOf('a', ['x', 'y', 'x'])] }
  const same: Table = { rows: 3, columns: [{ name: 'a', dictionary: ['unused', 'y', 'x'], codes: Uint32Array.of(2, 1, 2) }] }
  assert.equal(tableDigest(table), tableDigest(same))
  const others: Table[] = [{ rows: 3, columns: [columnOf('b', ['x', 'y', 'x'])] }, { rows: 3, columns: [columnOf('a', ['y', 'x', 'x'])] }, { rows: 3, columns: [columnOf('a', ['x', 'y', 'z'])] }]
  assert.equal(new Set([table, ...others].map(tableDigest)).size, 4)
})
