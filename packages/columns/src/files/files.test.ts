import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { fileKindOf, readTableFile, tableFileChunks, textAt } from '../index.ts'
import type { FileFormat, FileKind, FileTable, Table } from '../index.ts'

const cells = (table: Table): string[][] => Array.from({ length: table.rows }, (_, row) => table.columns.map((column) => textAt(column, row)))
const bytesOf = (table: Table, format: FileFormat): Buffer => Buffer.concat([...tableFileChunks(table, format)])
const read = (kind: FileKind, content: string | Uint8Array): Promise<FileTable> => readTableFile(kind, [Buffer.from(content)])

const lines = '{"id":1,"name":"Ann","weight":60.50,"smokes":false,"note":""}\n{"id":2,"name":null,"weight":1e3,"smokes":true,"note":"x"}\n'

test('NDJSON: columns in order, numbers as written, missing values; written back byte for byte', async () => {
  const { table, format } = await read('ndjson', lines)
  assert.deepEqual(table.columns.map(({ name }) => name), ['id', 'name', 'weight', 'smokes', 'note'])
  assert.deepEqual(cells(table), [['1', 'Ann', '60.50', 'false', ''], ['2', '', '1e3', 'true', 'x']])
  assert.equal(bytesOf(table, format).toString(), lines)
})

test('NDJSON: members in any order, absent ones, blank lines, a mark, CRLF, gzip and any cut', async () => {
  const text = '\uFEFF{"a":1}\r\n\r\n{"b":"x","a":2}\r\n{"b":"y"}'
  const expected = [['1', ''], ['2', 'x'], ['', 'y']]
  assert.deepEqual(cells((await read('ndjson', text)).table), expected)
  assert.deepEqual(cells((await read('ndjson', gzipSync(text))).table), expected)
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at++) assert.deepEqual(cells((await readTableFile('ndjson', [bytes.subarray(0, at), bytes.subarray(at)])).table), expected)
})

test('a column that is no longer of its kind is text throughout', async () => {
  const { table, format } = await read('ndjson', '{"age":31}\n{"age":32}\n{"age":null}\n')
  const general: Table = { rows: 3, columns: [{ name: 'age', dictionary: ['31', '[30, 40[', ''], codes: Uint8Array.of(0, 1, 2) }] }
  assert.equal(bytesOf(general, format).toString(), '{"age":"31"}\n{"age":"[30, 40["}\n{"age":null}\n')
  assert.equal(bytesOf(table, format).toString(), '{"age":31}\n{"age":32}\n{"age":null}\n')
})

const refusals: readonly (readonly [what: string, text: string | Uint8Array, code: string, details?: object])[] = [
  ['broken JSON', '{"a":1}\n{"a":', 'TABLE_NOT_JSON', { line: 2 }],
  ['a list', '[1]\n', 'TABLE_NOT_AN_OBJECT', { line: 1 }],
  ['a number', '1\n', 'TABLE_NOT_AN_OBJECT', { line: 1 }],
  ['an object without members first', '{}\n{"a":1}\n', 'TABLE_NOT_AN_OBJECT', { line: 1 }],
  ['an object in a cell', '{"a":1,"b":{}}\n', 'TABLE_NOT_FLAT', { column: 2 }],
  ['a column of two kinds', '{"a":1}\n{"a":"1"}\n', 'TABLE_MIXED_KINDS', { column: 1, row: 2 }],
  ['empty texts beside missing ones', '{"a":""}\n{"a":null}\n', 'TABLE_EMPTY_AND_MISSING', { column: 1 }],
  ['nothing', '\n\n', 'TABLE_NO_ROWS'],
  ['bytes that are no text', Uint8Array.of(0x7b, 0xff, 0x7d), 'TABLE_NOT_JSON', { line: 1 }],
  ['an endless line', `{"a":"${'x'.repeat(1 << 23)}`, 'TABLE_TOO_LONG'],
]

for (const [what, text, code, details] of refusals) test(`NDJSON refused: ${what}`, async () => {
  await assert.rejects(read('ndjson', text), (error: { code: string; details: object }) => error.code === code && (details === undefined || JSON.stringify(error.details) === JSON.stringify(details)))
})

const value = { text: fc.string({ minLength: 1 }), number: fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0), boolean: fc.boolean(), integer: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) }

for (const kind of ['ndjson', 'parquet'] as const) test(`${kind}: what is written is read again, whatever the values`, async () => {
  const column = (own: keyof typeof value, rows: number): fc.Arbitrary<(string | null)[]> => fc.array(fc.option(value[own].map(String)), { minLength: rows, maxLength: rows })
  const kinds = kind === 'parquet' ? ['text', 'number', 'boolean', 'integer'] as const : ['text', 'number', 'boolean'] as const
  await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 12 }).chain((rows) => fc.tuple(...kinds.map((own) => column(own, rows)))), async (columns) => {
    const texts = columns.map((list) => list.map((text) => text ?? ''))
    const table: Table = { rows: texts[0]!.length, columns: kinds.map((name, c) => { const dictionary = [...new Set(texts[c])]; return { name, dictionary, codes: Uint32Array.from(texts[c]!, (text) => dictionary.indexOf(text)) } }) }
    const format: FileFormat = { kind, values: new Map(kinds.map((own) => [own, own])), empties: new Set() }
    const again = await read(kind, bytesOf(table, format))
    assert.deepEqual(cells(again.table), cells(table))
  }), { numRuns: kind === 'parquet' ? 15 : 60 })
})

test('Parquet keeps kinds, points in time and missing values both ways', async () => {
  const columns = { day: ['2020-02-29', ''], at: ['2020-02-29T10:00:00.123Z', ''], n: ['9007199254740993', '-1'], x: ['0.1', '-0'], on: ['true', ''] }
  const table: Table = { rows: 2, columns: Object.entries(columns).map(([name, dictionary]) => ({ name, dictionary, codes: Uint8Array.of(0, 1) })) }
  const format: FileFormat = { kind: 'parquet', values: new Map([['at', 'timestamp'], ['n', 'integer'], ['x', 'number'], ['on', 'boolean']]), empties: new Set() }
  const again = await read('parquet', bytesOf(table, format))
  assert.deepEqual(cells(again.table), cells(table))
  assert.deepEqual([...(again.format as typeof format).values.values()], ['text', 'timestamp', 'integer', 'number', 'boolean'])
})

// Origin: Apache Arrow; see vectors/columns/README.md.
test('Parquet of another writer: every kind of column', async () => {
  const { table } = await read('parquet', readFileSync(new URL('../../../../vectors/columns/kinds.parquet', import.meta.url)))
  assert.deepEqual(table.columns.map(({ name }) => name), ['i32', 'i64', 'f32', 'f64', 'text', 'on', 'day', 'at', 'coded'])
  assert.deepEqual(cells(table), [
    ['1', '9007199254740993', '0.5', '0.1', 'Ännchen', 'true', '2020-02-29', '2020-02-29T10:00:00.123456Z', 'a'],
    ['', '0', '', '1e+300', '', 'false', '', '', 'b'],
    ['-3', '', '-2.25', '', 'x;"y"', '', '1969-12-31', '1969-12-31T23:59:59.999999Z', 'a'],
  ])
})

test('broken Parquet is refused by one code, within its time: cuts, and changed bytes that make the reader loop', async () => {
  const { table } = await read('ndjson', lines)
  const whole = bytesOf(table, { kind: 'parquet', values: new Map(), empties: new Set(['note']) })
  const broken = [...Array.from({ length: 8 }, (_, i) => whole.subarray(0, i * 70)), ...Array.from({ length: 20 }, (_, i) => { const at = 5 + i * 28; return Uint8Array.from(whole).with(at, (whole[at] as number) ^ 0x55) }), Uint8Array.from(whole).with(11, (whole[11] as number) ^ 0x55)]
  const outcomes = new Set<string>()
  for (const bytes of broken) {
    const code = await readTableFile('parquet', [bytes], { parquet: { seconds: 1.5 } }).then(() => 'read', (error: unknown) => (error as { code?: string }).code ?? String(error))
    outcomes.add(code.startsWith('TABLE_') ? 'refused' : code)
  }
  assert.deepEqual([...outcomes].filter((outcome) => outcome !== 'read'), ['refused'])
})

test('a file\'s name tells its kind', () => {
  assert.deepEqual(['a.csv', 'a.csv.gz', 'b.NDJSON', 'c.jsonl.gz', 'd.parquet', 'e'].map(fileKindOf), ['csv', 'csv', 'ndjson', 'ndjson', 'parquet', 'csv'])
})
