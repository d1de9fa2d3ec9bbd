import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { columnOf, csvBytes, csvChunks, parseCsv, readCsv, textAt } from '../index.ts'
import type { CsvFormat, CsvOptions, Table } from '../index.ts'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const cells = (table: Table): string[][] => Array.from({ length: table.rows }, (_, row) => table.columns.map((column) => textAt(column, row)))
const read = (text: string, options: CsvOptions = {}): { names: string[]; rows: string[][]; format: CsvFormat } => {
  const { table, format } = parseCsv(utf8(text), options)
  return { names: table.columns.map((column) => column.name), rows: cells(table), format }
}

test('reads header and rows, numbering texts by first occurrence', () => {
  const { table } = parseCsv(utf8('sex;age\nf;40\nm;41\nf;41\n'), { delimiter: ';' })
  assert.deepEqual(table.columns.map((column) => [column.name, column.dictionary, [...column.codes]]), [['sex', ['f', 'm'], [0, 1, 0]], ['age', ['40', '41'], [0, 1, 1]]])
})

// Origin: the examples of RFC 4180 §2, items 1 to 7.
test('reads the examples of RFC 4180', () => {
  assert.deepEqual(read('a,b,c\r\naaa,bbb,ccc\r\nzzz,yyy,xxx').rows, [['aaa', 'bbb', 'ccc'], ['zzz', 'yyy', 'xxx']])
  assert.deepEqual(read('a,b,c\r\n"aaa","b \r\nbb","ccc"\r\nzzz,yyy,xxx').rows, [['aaa', 'b \r\nbb', 'ccc'], ['zzz', 'yyy', 'xxx']])
  assert.deepEqual(read('a,b,c\r\n"aaa","b""bb","ccc"').rows, [['aaa', 'b"bb', 'ccc']])
})

test('keeps what a release must keep: delimiter, line end, byte order mark', () => {
  const text = '\uFEFFa|b\r\n1|"2|3"\r\n'
  const { table, format } = parseCsv(utf8(text), { delimiter: '|' })
  assert.deepEqual(format, { delimiter: '|', lineEnd: '\r\n', byteOrderMark: true })
  assert.equal(Buffer.from(csvBytes(table, format)).toString(), text)
})

test('forgives blank lines at the end, and no others', () => {
  assert.deepEqual(read('a,b\n1,2\n\n\r\n').rows, [['1', '2']])
  assert.throws(() => read('a,b\n1,2\n\n3,4\n'), { code: 'CSV_RAGGED_ROW', details: { line: 3, expected: 2, found: 1 } })
  assert.deepEqual(read('a\n1\n\n2\n').rows, [['1'], [''], ['2']])
})

test('names the place of what is wrong', () => {
  assert.throws(() => read(''), { code: 'CSV_EMPTY' })
  assert.throws(() => read('\uFEFF'), { code: 'CSV_EMPTY' })
  assert.throws(() => read('a,b\n'), { code: 'CSV_NO_ROWS' })
  assert.deepEqual(read('a,b\n', { mayBeEmpty: true }).rows, [])
  assert.throws(() => read('a,b,a\n1,2,3\n'), { code: 'CSV_DUPLICATE_COLUMN', details: { line: 1, first: 1, second: 3 } })
  assert.throws(() => read('a,b\n1,2\n3\n'), { code: 'CSV_RAGGED_ROW', details: { line: 3, expected: 2, found: 1 } })
  assert.throws(() => read('a,b\n"x\ny",2\n3,4,5\n'), { code: 'CSV_RAGGED_ROW', details: { line: 4, expected: 2, found: 3 } })
  assert.throws(() => read('a,b\n1,"2"3\n'), { code: 'CSV_BAD_QUOTE', details: { line: 2, column: 2 } })
  assert.throws(() => read('a,b\n1,2\n3,"4\n5,6\n'), { code: 'CSV_OPEN_QUOTE', details: { line: 3, column: 2 } })
  assert.throws(() => parseCsv(new Uint8Array([97, 10, 0x31, 10, 0xff, 10])), { code: 'CSV_BAD_TEXT', details: { row: 3, column: 1, encoding: 'utf-8' } })
  for (const delimiter of ['', '"', '\n', ';;', '\ud800']) assert.throws(() => read('a\n1\n', { delimiter }), { code: 'CSV_BAD_DELIMITER' })
  assert.throws(() => read('a\n1\n', { delimiter: '¦', encoding: 'windows-1252' }), { code: 'CSV_BAD_DELIMITER' })
})

test('an error never repeats a cell', () => {
  for (const text of ['marked\nmarked,marked\n', 'marked,marked\n1,2\n', 'a,b\nmarked\n', 'a\n"marked"marked\n', 'a\n"marked']) {
    assert.throws(() => read(text), (error: Error) => !JSON.stringify(error).includes('marked'))
  }
})

test('a row that never ends is refused before it fills the memory', () => {
  const endless = function* (): Generator<Uint8Array> {
    yield utf8('a\n"')
    for (;;) yield new Uint8Array(1 << 20).fill(97)
  }
  return assert.rejects(readCsv(endless()), { code: 'CSV_ROW_TOO_LONG' })
})

test('reads windows-1252 when told', () => {
  const { table } = parseCsv(new Uint8Array([...utf8('a\n'), 0xe9, 0x80, 10]), { encoding: 'windows-1252' })
  assert.deepEqual(cells(table), [['é€']])
})

test('unpacks gzip by content, whole or in pieces, and refuses a broken one', async () => {
  const packed = gzipSync('a,b\n1,2\n')
  assert.deepEqual(cells(parseCsv(packed).table), [['1', '2']])
  const bytes = function* (data: Uint8Array): Generator<Uint8Array> {
    for (const byte of data) yield Uint8Array.of(byte)
  }
  assert.deepEqual(cells((await readCsv(bytes(packed))).table), [['1', '2']])
  assert.throws(() => parseCsv(packed.subarray(0, packed.length - 6)), { code: 'CSV_BAD_GZIP' })
  await assert.rejects(readCsv(bytes(packed.subarray(0, packed.length - 6))), { code: 'CSV_BAD_GZIP' })
})

test('an error of the source passes through the unpacking', async () => {
  const failing = function* (): Generator<Uint8Array> {
    yield gzipSync('a,b\n1,2\n').subarray(0, 12)
    throw new Error('disk gone')
  }
  await assert.rejects(readCsv(failing()), { message: 'disk gone' })
})

const delimiters = fc.constantFrom(',', ';', '\t', '|', '¦', ' ', 'x', '😀')
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', '"', ',', ';', '\r', '\n', '\uFEFF', 'é', '¦', '😀', 'x', ' ', '\0'), maxLength: 6 }),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
)
const tables = fc.integer({ min: 1, max: 5 }).chain((width) =>
  fc.record({
    names: fc.uniqueArray(text, { minLength: width, maxLength: width }).filter((names) => width > 1 || names[0] !== ''),
    rows: fc.array(fc.array(text, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 30 }),
    format: fc.record({ delimiter: delimiters, lineEnd: fc.constantFrom('\n' as const, '\r\n' as const), byteOrderMark: fc.boolean() }),
  }))

test('what is written is read back, however the bytes are cut', async () => {
  await fc.assert(fc.asyncProperty(tables, fc.integer({ min: 1, max: 9 }), fc.boolean(), async ({ names, rows, format }, cut, isPacked) => {
    const table = { rows: rows.length, columns: names.map((name, column) => columnOf(name, rows.map((row) => row[column] as string))) }
    const written = csvBytes(table, format)
    const bytes = isPacked ? gzipSync(written) : written
    const pieces = Array.from({ length: Math.ceil(bytes.length / cut) }, (_, i) => bytes.subarray(i * cut, i * cut + cut))
    const whole = parseCsv(bytes, { delimiter: format.delimiter })
    assert.deepEqual(whole.format, { ...format })
    assert.deepEqual(whole.table, table)
    assert.deepEqual(await readCsv(pieces, { delimiter: format.delimiter }), whole)
  }), { numRuns: 300 })
})

test('any bytes give a table or a code, the same however they are cut', async () => {
  const soup = fc.array(fc.constantFrom(10, 13, 34, 44, 97, 0xc3, 0xa9, 0xef, 0xbb, 0xbf, 0), { maxLength: 40 })
  const outcome = async (work: () => unknown): Promise<unknown> => {
    try {
      return await work()
    } catch (error) {
      return (error as { code: string }).code
    }
  }
  await fc.assert(fc.asyncProperty(soup, fc.integer({ min: 1, max: 5 }), fc.constantFrom(',', 'é'), async (numbers, cut, delimiter) => {
    const bytes = Uint8Array.from(numbers)
    const pieces = Array.from({ length: Math.ceil(bytes.length / cut) }, (_, i) => bytes.subarray(i * cut, i * cut + cut))
    const whole = await outcome(() => parseCsv(bytes, { delimiter }))
    assert.ok(typeof whole === 'object' || String(whole).startsWith('CSV_'), String(whole))
    assert.deepEqual(await outcome(() => readCsv(pieces, { delimiter })), whole)
  }), { numRuns: 1000 })
})

test('many rows and many texts: wide codes, several blocks, several pieces', () => {
  const rows = 200_000
  const column = columnOf('id', Array.from({ length: rows }, (_, row) => `t${row % 70_001}`))
  const table = { rows, columns: [column, columnOf('small', Array.from({ length: rows }, (_, row) => String(row % 300)))] }
  assert.ok([...csvChunks(table)].length > 1)
  assert.deepEqual(parseCsv(csvBytes(table)).table, table)
})

test('rows of more cells than are encoded at once, quoted and not, cut anywhere; the clock of the encoding stands still while bytes are taken apart', async () => {
  const rows = Array.from({ length: 9000 }, (_, row) => [`${row % 7}`, `a"${row % 5}\n`, row % 3 === 0 ? '' : `b${row}`])
  const table = { rows: rows.length, columns: ['x', 'y', 'z'].map((name, column) => columnOf(name, rows.map((row) => row[column] as string))) }
  const bytes = csvBytes(table)
  let ticks = 0
  const clock = (): number => 1000 * ticks++
  const pieces = [0, 1, 5_000, 5_001, 70_000, bytes.length].map((from, at, cuts) => bytes.subarray(from, cuts[at + 1] ?? bytes.length))
  const read = await readCsv(pieces, { clock })
  assert.deepEqual(read.table, table)
  // Two readings a batch and two at the end, a second between them: no batch is larger than 8,192 cells.
  assert.equal(read.encodingSeconds, ticks / 2)
  assert.ok(read.encodingSeconds > 27_000 / 8192)
  assert.equal(parseCsv(bytes).encodingSeconds, 0)
})

test('a file of a header alone has no rows, however short it is', () => {
  for (const text of ['a\n', 'a', 'a\r\n', 'ab\n', 'a,b\n', 'column\n']) assert.throws(() => parseCsv(Buffer.from(text), { delimiter: ',' }), { code: 'CSV_NO_ROWS' }, text)
})
