import assert from 'node:assert/strict'
import { globSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { readTableFile } from '@mhmd/columns'
import type { FileTable } from '@mhmd/columns'
import { viewCommand } from './views.ts'

const folder = mkdtempSync(join(tmpdir(), 'mhmd-view-'))
const file = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}
const run = (...args: string[]): Promise<unknown> => viewCommand().exitOverride().parseAsync(['run', ...args], { from: 'user' })
const seed = globSync(new URL('../../devnet/seed/*.json.gz', import.meta.url).pathname).sort().slice(0, 3)
const patients = ['{"resourceType":"Patient","id":"a","gender":"female","birthDate":"1970-01-01"}', '{"resourceType":"Patient","id":"b","address":[{"city":"Città, \\"vecchia\\""}]}', '{"resourceType":"Organization","id":"o"}'].join('\n')

test('a ready view over bundles, as CSV and as NDJSON: the same rows', async () => {
  const [csv, ndjson] = [join(folder, 'labs.csv'), join(folder, 'labs.ndjson')]
  await run('conditions', ...seed, '--out', csv)
  await run('conditions', ...seed, '--out', ndjson, '--format', 'ndjson')
  const rows = readFileSync(ndjson, 'utf8').trimEnd().split('\n').map((line) => Object.values(JSON.parse(line) as Record<string, unknown>))
  const lines = readFileSync(csv, 'utf8').trimEnd().split('\n')
  assert.ok(rows.length > 20)
  assert.equal(lines[0], 'patient_id,code_system,code,display,category,clinical_status,onset_date,abatement_date,recorded_date')
  assert.deepEqual(lines.slice(1).map((line) => line.split(',')[2]), rows.map((row) => row[2]))
})

test('a view of one\'s own over gzipped NDJSON; cells that need quotes have them', async () => {
  const view = file('view.json', JSON.stringify({ resource: 'Patient', select: [{ column: [{ name: 'id', path: 'id' }, { name: 'city', path: 'address.city.first()' }] }] }))
  await run(view, file('patients.ndjson.gz', gzipSync(patients)), '--out', join(folder, 'own.csv'))
  assert.equal(readFileSync(join(folder, 'own.csv'), 'utf8'), 'id,city\na,\nb,"Città, ""vecchia"""\n')
})

test('Parquet holds the same cells, with kinds of their own', async () => {
  const [csv, parquet] = [join(folder, 'signs.csv'), join(folder, 'signs.parquet')]
  await run('vital_signs', ...seed, '--out', csv)
  await run('vital_signs', ...seed, '--out', parquet, '--format', 'parquet')
  const [plain, typed] = [await readTableFile('csv', [readFileSync(csv)]), await readTableFile('parquet', [readFileSync(parquet)])]
  const columnOf = ({ table }: FileTable, name: string): string[] => table.columns.filter((column) => column.name === name).flatMap(({ dictionary, codes }) => Array.from(codes, (code) => dictionary[code] as string))
  assert.ok(plain.table.rows > 20 && typed.table.rows === plain.table.rows)
  for (const name of ['code', 'ucum', 'effective_date']) assert.deepEqual(columnOf(typed, name), columnOf(plain, name))
  assert.deepEqual(columnOf(typed, 'value').map(Number), columnOf(plain, 'value').map(Number))
  assert.deepEqual('values' in typed.format && [typed.format.values.get('value'), typed.format.values.get('code')], ['number', 'text'])
})

test('no resource of the type: a table with its header and no row', async () => {
  await run('labs', file('patients.ndjson', patients), '--out', join(folder, 'none.csv'))
  assert.match(readFileSync(join(folder, 'none.csv'), 'utf8'), /^patient_id,[^\n]+\n$/)
})

test('bad input is refused with a code, and an existing file is left alone', async () => {
  const good = file('good.ndjson', patients)
  const kept = file('kept.csv', 'kept')
  await assert.rejects(run('labs', join(folder, 'missing.json')), { code: 'CLI_FILE_MISSING' })
  await assert.rejects(run('lab', good), { code: 'CLI_FILE_MISSING' })
  await assert.rejects(run(file('no.json', '{'), good), { code: 'CLI_NOT_JSON' })
  await assert.rejects(run(file('empty.json', '{}'), good), { code: 'SCHEMA_NOT_VALID' })
  await assert.rejects(run(file('path.json', JSON.stringify({ resource: 'Patient', select: [{ column: [{ name: 'a', path: 'b.' }] }] })), good), { code: 'VIEW_BAD_PATH' })
  await assert.rejects(run('labs', good, '--out', kept), { code: 'CLI_FILE_EXISTS' })
  assert.equal(readFileSync(kept, 'utf8'), 'kept')
  await assert.rejects(run('demographics', file('half.ndjson', `${patients}\n{"resourceType":"Pat`), '--out', join(folder, 'half.csv')), { code: 'CLI_PARTS_UNREADABLE' })
  assert.equal(readFileSync(join(folder, 'half.csv'), 'utf8').split('\n').length, 4)
})
