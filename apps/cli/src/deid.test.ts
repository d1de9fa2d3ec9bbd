import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { readTable } from './deid-files.ts'
import { deidCommand } from './deid.ts'

const adult = new URL('../../../vectors/deid/data/adult/', import.meta.url).pathname

interface Report { readonly score: number; readonly levels: Record<string, number>; readonly suppressedRows: number; readonly optimal: boolean; readonly lowerBound: number; readonly timings: Record<string, number>; readonly peakMemoryBytes: number; readonly risk: { readonly highestRisk: number } }

function folder(files: Readonly<Record<string, string | Uint8Array>>): (name: string) => string {
  const at = mkdtempSync(join(tmpdir(), 'mhmd-deid-'))
  for (const [name, content] of Object.entries(files)) writeFileSync(join(at, name), content)
  return (name) => join(at, name)
}

async function run(args: readonly string[]): Promise<void> {
  await deidCommand().exitOverride().parseAsync(['run', ...args], { from: 'user' })
}

const job = (columns: object, more: object = {}): string => JSON.stringify({ input: { path: 't.csv', delimiter: ';' }, columns, models: [{ type: 'k-anonymity', k: 2 }], ...more })

test('a job file runs: the release keeps rows, order, delimiter and header; the report has the figures', async () => {
  const columns = Object.fromEntries(['sex', 'age', 'education'].map((name) => [name, { role: 'quasi-identifying', hierarchy: `${adult}adult_hierarchy_${name}.csv.gz` }]))
  const at = folder({ 'job.json': JSON.stringify({ input: { path: `${adult}adult.csv.gz`, delimiter: ';' }, columns: { ...columns, occupation: { role: 'sensitive' } }, models: [{ type: 'k-anonymity', k: 5 }], suppressionLimit: 0.02 }) })
  await run(['--config', at('job.json'), '--output', at('out.csv'), '--report', at('report.json')])
  const lines = readFileSync(at('out.csv'), 'utf8').trimEnd().split('\r\n')
  const report = JSON.parse(readFileSync(at('report.json'), 'utf8')) as Report
  assert.equal(lines.length, 30_163)
  assert.equal(lines[0], 'sex;age;education;occupation')
  assert.equal(lines.filter((line) => line.startsWith('*;*;*;')).length, report.suppressedRows)
  assert.ok(report.optimal && report.lowerBound === report.score && report.risk.highestRisk <= 1 / 5 && report.peakMemoryBytes > 0)
  assert.deepEqual(Object.keys(report.timings), ['startup', 'read', 'search', 'risk', 'write'])
})

test('byte order mark, CRLF and quoted delimiters survive; an unnamed column is dropped', async () => {
  const at = folder({
    'job.json': job({ 'a;b': { role: 'quasi-identifying', hierarchy: 'h.csv.gz' }, note: { role: 'insensitive' } }),
    't.csv': '\uFEFF"a;b";note;name\r\n1;"x;y";Ann\r\n2;z;Bob\r\n',
    'h.csv.gz': gzipSync('1;low\n2;low\n'),
  })
  await run(['--config', at('job.json'), '--output', at('out.csv')])
  assert.equal(readFileSync(at('out.csv'), 'utf8'), '\uFEFF"a;b";note\r\nlow;"x;y"\r\nlow;z\r\n')
})

test('NDJSON in, Parquet out and back: kinds and missing values are kept, labels are texts', async () => {
  const at = folder({
    'job.json': JSON.stringify({ input: { path: 't.ndjson' }, columns: { age: { role: 'quasi-identifying', hierarchy: 'h.csv' }, weight: { role: 'insensitive' } }, models: [{ type: 'k-anonymity', k: 2 }] }),
    't.ndjson': '{"age":1,"weight":60.50}\n{"age":2,"weight":null}\n',
    'h.csv': '1;low\n2;low\n',
  })
  await run(['--config', at('job.json'), '--output', at('out.ndjson')])
  assert.equal(readFileSync(at('out.ndjson'), 'utf8'), '{"age":"low","weight":60.50}\n{"age":"low","weight":null}\n')
  await run(['--config', at('job.json'), '--output', at('out.parquet')])
  const back = await readTable(at('out.parquet'))
  assert.deepEqual(back.table.columns.map(({ dictionary }) => dictionary), [['low'], ['60.5', '']])
})

test('a job that draws: refused without a place for its sealed manifest, checked with it; the recipient\'s tells no secret', async () => {
  const at = folder({
    'job.json': job({ p: { role: 'identifying' }, a: { role: 'quasi-identifying' }, d: { role: 'insensitive' } }, { person: { column: 'p' }, masks: [{ type: 'date-shift', columns: ['d'], mostDays: 90 }] }),
    't.csv': 'p;a;d\nx;1;2020-01-01\nx;1;2020-02-01\ny;1;2020-03-01\n',
  })
  await assert.rejects(run(['--config', at('job.json'), '--output', at('out.csv')]), { code: 'CLI_BAD_OPTION' })
  await run(['--config', at('job.json'), '--output', at('out.csv'), '--sealed', at('sealed.json'), '--manifest', at('manifest.json')])
  const { secret } = JSON.parse(readFileSync(at('sealed.json'), 'utf8')) as { secret: string }
  assert.ok(secret.length === 43 && !readFileSync(at('manifest.json'), 'utf8').includes(secret))
  const [, first, second] = readFileSync(at('out.csv'), 'utf8').split('\n')
  assert.ok(first !== '1;2020-01-01')
  assert.equal((Date.parse(second!.slice(2)) - Date.parse(first!.slice(2))) / 86_400_000, 31)
  const check = async (): Promise<typeof process.exitCode> => {
    await deidCommand().exitOverride().parseAsync(['check', '--config', at('job.json'), '--output', at('out.csv'), '--sealed', at('sealed.json')], { from: 'user' })
    const code = process.exitCode
    process.exitCode = 0
    return code
  }
  assert.notEqual(await check(), 3)
  writeFileSync(at('out.csv'), readFileSync(at('out.csv'), 'utf8').replace(first!, '1;2020-01-01'))
  assert.equal(await check(), 3)
})

const refusals: readonly (readonly [what: string, files: Readonly<Record<string, string>>, code: string])[] = [
  ['a value its hierarchy lacks', { 'job.json': job({ a: { role: 'quasi-identifying', hierarchy: 'h.csv' } }), 't.csv': 'a\n1\n3\n', 'h.csv': '1;*\n2;*\n' }, 'HIERARCHY_VALUE_MISSING'],
  ['a ragged hierarchy', { 'job.json': job({ a: { role: 'quasi-identifying', hierarchy: 'h.csv' } }), 't.csv': 'a\n1\n', 'h.csv': '1;*\n2\n' }, 'HIERARCHY_RAGGED'],
  ['an empty table', { 'job.json': job({ a: { role: 'quasi-identifying' } }), 't.csv': 'a;b\n' }, 'CSV_NO_ROWS'],
  ['the marker as a value', { 'job.json': job({ a: { role: 'quasi-identifying' } }), 't.csv': 'a\n*\n1\n' }, 'HIERARCHY_STAR_VALUE'],
  ['a column named twice', { 'job.json': job({ a: { role: 'quasi-identifying' } }), 't.csv': 'a;a\n1;2\n' }, 'CSV_DUPLICATE_COLUMN'],
  ['a column the table lacks', { 'job.json': job({ b: { role: 'quasi-identifying' } }), 't.csv': 'a\n1\n' }, 'DEID_COLUMN_UNKNOWN'],
  ['no quasi-identifier', { 'job.json': job({ a: { role: 'sensitive' } }), 't.csv': 'a\n1\n' }, 'DEID_NO_QUASI_IDENTIFIER'],
  ['a level beyond the hierarchy', { 'job.json': job({ a: { role: 'quasi-identifying', maxLevel: 3 } }), 't.csv': 'a\n1\n2\n' }, 'DEID_LEVEL_IMPOSSIBLE'],
  ['a limit beyond 1', { 'job.json': job({ a: { role: 'quasi-identifying' } }, { suppressionLimit: 1.5 }), 't.csv': 'a\n1\n' }, 'SCHEMA_NOT_VALID'],
  ['a model about a column that is not sensitive', { 'job.json': job({ a: { role: 'quasi-identifying' } }, { models: [{ type: 'distinct-l-diversity', column: 'a', l: 2 }] }), 't.csv': 'a\n1\n' }, 'DEID_SENSITIVE_UNKNOWN'],
  ['models nothing satisfies', { 'job.json': job({ a: { role: 'quasi-identifying' } }, { models: [{ type: 'k-anonymity', k: 3 }] }), 't.csv': 'a\n1\n2\n' }, 'DEID_NO_SOLUTION'],
  ['a table that is not there', { 'job.json': job({ a: { role: 'quasi-identifying' } }) }, 'CLI_FILE_MISSING'],
]

for (const [what, files, code] of refusals) {
  test(`refused with a code and a remedy: ${what}`, async () => {
    const at = folder(files)
    await assert.rejects(run(['--config', at('job.json')]), (error: { code?: string; remedy?: string }) => {
      assert.equal(error.code, code)
      assert.ok((error.remedy ?? '').length > 0)
      return true
    })
  })
}

test('a time limit ends the search with what it has, and says so', async () => {
  const columns = Object.fromEntries(['sex', 'age', 'race', 'education', 'native-country', 'workclass'].map((name) => [name, { role: 'quasi-identifying', hierarchy: `${adult}adult_hierarchy_${name}.csv.gz` }]))
  const at = folder({ 'job.json': JSON.stringify({ input: { path: `${adult}adult.csv.gz`, delimiter: ';' }, columns, models: [{ type: 'k-anonymity', k: 5 }], suppressionLimit: 0.02 }) })
  await run(['--config', at('job.json'), '--report', at('r.json'), '--time-limit', '0.000001'])
  const report = JSON.parse(readFileSync(at('r.json'), 'utf8')) as Report
  assert.ok(!report.optimal && report.lowerBound <= report.score)
})
