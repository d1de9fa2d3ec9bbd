import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { deidRecipientDocument, deidSealedDocument } from '@mhmd/schema'
import { deidCommand } from './deid.ts'
import { repeatCommand } from './deid-repeat.ts'

afterEach(() => { process.exitCode = 0 })

const folder = mkdtempSync(join(tmpdir(), 'mhmd-deid-repeat-'))
const at = (name: string): string => join(folder, name)
const days = Array.from({ length: 40 }, (_, i) => `p${i >> 1};${20 + i % 7};20${10 + i % 9}-0${1 + i % 9}-15`)
writeFileSync(at('t.csv'), `\uFEFFp;age;d\r\n${days.join('\r\n')}\r\n`)
writeFileSync(at('age.csv'), Array.from({ length: 7 }, (_, i) => `${20 + i};${i < 4 ? 'low' : 'high'};*`).join('\n'))
writeFileSync(at('job.json'), JSON.stringify({
  input: { path: 't.csv', delimiter: ';' }, person: { column: 'p' }, suppressionLimit: 1, seed: 4242,
  columns: { p: { role: 'identifying' }, age: { role: 'quasi-identifying', hierarchy: 'age.csv' }, d: { role: 'insensitive' } },
  masks: [{ type: 'date-shift', columns: ['d'], mostDays: 20_000 }], models: [{ type: 'k-anonymity', k: 2 }],
}))

/** The exit code. */
async function repeated(...args: string[]): Promise<unknown> {
  process.exitCode = 0
  await repeatCommand().exitOverride().parseAsync(['--manifest', at('sealed.json'), ...args], { from: 'user' })
  return process.exitCode
}

test('a release that was drawn at random is repeated byte for byte, plain, packed and from elsewhere; a changed byte is named', async () => {
  await deidCommand().exitOverride().parseAsync(['run', '--config', at('job.json'), '--output', at('out.csv.gz'), '--sealed', at('sealed.json'), '--manifest', at('told.json')], { from: 'user' })
  const left = gunzipSync(readFileSync(at('out.csv.gz')))
  assert.equal(await repeated('--output', at('again.csv')), 0)
  assert.deepEqual(readFileSync(at('again.csv')), left)
  assert.equal(await repeated(at('out.csv.gz')), 0)
  mkdirSync(at('kept'))
  writeFileSync(at('kept/sealed.json'), readFileSync(at('sealed.json')))
  await repeatCommand().exitOverride().parseAsync(['--manifest', at('kept/sealed.json'), '--folder', folder, '--input', at('t.csv')], { from: 'user' })
  assert.equal(process.exitCode, 0)

  const place = left.indexOf('\n') + 5
  const other = Buffer.from(left)
  other[place] = (other[place] as number) ^ 1
  writeFileSync(at('other.csv'), other)
  const said: string[] = []
  const write = process.stdout.write.bind(process.stdout)
  process.stdout.write = ((piece: string | Uint8Array) => (typeof piece === 'string' && piece.startsWith('{') ? said.push(piece) > 0 : write(piece)))
  try {
    assert.equal(await repeated(at('other.csv'), '--json'), 3)
  } finally {
    process.stdout.write = write
  }
  assert.deepEqual((JSON.parse(said.join('')) as { differsAt: object }).differsAt, { byte: place + 1, line: 2 })
  writeFileSync(at('shorter.csv'), left.subarray(0, left.length - 1))
  assert.equal(await repeated(at('shorter.csv')), 3)
})

test('another secret gives other bytes, another input is refused, another hierarchy too', async () => {
  const sealed = JSON.parse(readFileSync(at('sealed.json'), 'utf8')) as { secret: string }
  const kept = readFileSync(at('sealed.json'))
  writeFileSync(at('sealed.json'), JSON.stringify({ ...sealed, secret: 'A'.repeat(43) }))
  assert.equal(await repeated(), 3)
  writeFileSync(at('sealed.json'), kept)
  writeFileSync(at('t2.csv'), readFileSync(at('t.csv'), 'utf8').replace('p0;20', 'p0;21'))
  await assert.rejects(repeated('--input', at('t2.csv')), { code: 'DEID_MANIFEST_INPUT' })
  writeFileSync(at('sealed.json'), '{"format":"mhmd-deid-sealed/1"}')
  await assert.rejects(repeated(), { code: 'SCHEMA_NOT_VALID' })
  writeFileSync(at('sealed.json'), kept)
})

/** Every number and text of a document. */
function leaves(value: unknown): (string | number)[] {
  if (typeof value === 'string' || typeof value === 'number') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : []
}

test('both manifests follow their schemas; the recipient\'s has no place for a seed, key, offset, path or figure of a record, and none is in it', () => {
  const sealed = deidSealedDocument.parse(JSON.parse(readFileSync(at('sealed.json'), 'utf8')))
  const told = deidRecipientDocument.parse(JSON.parse(readFileSync(at('told.json'), 'utf8')))
  const before = days.map((line) => Date.parse(line.split(';')[2] as string))
  const shifts = gunzipSync(readFileSync(at('out.csv.gz'))).toString().trim().split('\r\n').slice(1).map((line, row) => (Date.parse(line.split(';')[1] as string) - (before[row] as number)) / 86_400_000)
  assert.ok(shifts.some((shift) => Math.abs(shift) > 100))
  const secrets = new Set<string | number>([sealed.secret as string, 4242, 't.csv', 'age.csv', sealed.inputs['input'] as string, ...shifts.filter(Number.isFinite), ...shifts.map(Math.abs)])
  const found = (document: unknown): (string | number)[] => leaves(document).filter((leaf) => secrets.has(leaf))
  assert.deepEqual(found(told), [])
  // The same look does find them where they stand.
  assert.equal(found(sealed).length, 5)
  assert.ok(found({ ...told, shifts }).length > 0)
  for (const more of [{ seed: 4242 }, { secret: sealed.secret }, { shifts }, { suppressedRows: 3 }, { inputs: sealed.inputs }, { risk: { highestRisk: 0.5 } }]) assert.throws(() => deidRecipientDocument.parse({ ...told, ...more }), { code: 'SCHEMA_NOT_VALID' })
})
