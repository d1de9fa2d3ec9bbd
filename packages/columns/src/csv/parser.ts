// A push parser of CSV (RFC 4180): bytes in pieces of any size, dictionary-encoded columns out.
// Layout: one dictionary and one code array a column. Cost: one pass over the bytes for the cells' places, one over their texts for the codes, no string a cell.
// Beyond the RFC: any one-character delimiter, LF or CRLF, a byte order mark, quotes inside unquoted cells taken as text,
// blank lines at the end. A lone CR is text. Deterministic: the result doesn't depend on how the bytes were cut.
import type { Column } from '../table.ts'
import { CellBatch } from './cell-batch.ts'
import { ColumnBuilder } from './column-builder.ts'
import { csvErrors } from './errors.ts'
import { defaultCsvFormat, delimiterBytes } from './format.ts'
import type { CsvEncoding, CsvFormat, CsvOptions } from './format.ts'
import type { Table } from '../table.ts'

const LF = 10
const CR = 13
const QUOTE = 34
const MAX_ROW_BYTES = 1 << 22
const MAX_COLUMNS = 1 << 16
const BLOCK_CELLS = 1 << 20

export interface CsvTable {
  readonly table: Table
  readonly format: CsvFormat
  /** Seconds that went into dictionaries and codes, by the clock that was given; 0 without one. */
  readonly encodingSeconds: number
}

export class CsvParser {
  readonly #encoding: CsvEncoding
  readonly #delimiter: string
  readonly #delimiterBytes: Uint8Array
  readonly #options: CsvOptions
  /** Bytes of the unfinished row, kept until more come. */
  #rest = new Uint8Array(0)
  #columns: ColumnBuilder[] | undefined
  #names: string[] = []
  #batch = new CellBatch(1)
  #block = new Uint32Array(0)
  #blockRows = 0
  #blockFill = 0
  #rows = 0
  #line = 1
  #blankLine = 0
  #isStarted = false
  #byteOrderMark = false
  #lineEnd: '\n' | '\r\n' | undefined
  #scratch: Uint8Array = new Uint8Array(256)
  readonly #clock: () => number
  #encodingMilliseconds = 0

  constructor(options: CsvOptions = {}) {
    this.#options = options
    this.#clock = options.clock ?? (() => 0)
    this.#encoding = options.encoding ?? 'utf-8'
    this.#delimiter = options.delimiter ?? defaultCsvFormat.delimiter
    this.#delimiterBytes = delimiterBytes(this.#delimiter, this.#encoding)
  }

  /** Takes the next bytes; throws at the first row that is wrong. */
  push(chunk: Uint8Array): void {
    const bytes = this.#joined(chunk, 0)
    // Too short to tell a byte order mark: wait.
    if (!this.#isStarted && bytes.length < 4) {
      this.#rest = bytes.slice(0, bytes.length - 1)
      return
    }
    this.#rest = bytes.slice(this.#parse(bytes, bytes.length - 1, false), bytes.length - 1)
    if (this.#rest.length > MAX_ROW_BYTES) throw csvErrors.ROW_TOO_LONG({ line: this.#line, limitBytes: MAX_ROW_BYTES })
  }

  /** The table of all bytes pushed. */
  end(): CsvTable {
    const bytes = this.#joined(new Uint8Array(0), 1)
    const length = bytes.length - 2
    // A last row without a line end gets one; an empty rest is no row.
    if (length > 0) {
      const isClosed = bytes[length - 1] === LF
      bytes[length] = LF
      this.#parse(bytes, isClosed ? length : length + 1, true)
    }
    if (this.#columns === undefined) throw csvErrors.EMPTY()
    this.#flush()
    if (this.#rows === 0 && this.#options.mayBeEmpty !== true) throw csvErrors.NO_ROWS({ columns: this.#columns.length })
    const started = this.#clock()
    const columns = this.#columns.map((builder, index) => this.#column(builder, index))
    this.#encodingMilliseconds += this.#clock() - started
    const format: CsvFormat = { delimiter: this.#delimiter, lineEnd: this.#lineEnd ?? '\n', byteOrderMark: this.#byteOrderMark, ...(this.#options.header === false && { header: false as const }) }
    return { table: { rows: this.#rows, columns }, format, encodingSeconds: this.#encodingMilliseconds / 1000 }
  }

  /** Rest, chunk and `spare` free bytes, closed by a line feed that stops every scan without a bounds check. */
  #joined(chunk: Uint8Array, spare: number): Uint8Array {
    const bytes = new Uint8Array(this.#rest.length + chunk.length + spare + 1)
    bytes.set(this.#rest)
    bytes.set(chunk, this.#rest.length)
    bytes[bytes.length - 1] = LF
    return bytes
  }

  #skipMark(bytes: Uint8Array, length: number): number {
    this.#isStarted = true
    this.#byteOrderMark = this.#encoding === 'utf-8' && length >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
    return this.#byteOrderMark ? 3 : 0
  }

  /** Reads every whole row of bytes[0 .. length) and returns where the unfinished one starts. bytes[length] is a line feed. */
  #parse(bytes: Uint8Array, length: number, isLast: boolean): number {
    let at = this.#isStarted ? 0 : this.#skipMark(bytes, length)
    while (at < length) {
      const next = this.#columns === undefined ? this.#headerRow(bytes, at, length, isLast) : this.#row(bytes, at, length, isLast)
      if (next < 0) break
      at = next
      if (this.#batch.rows > 0 && this.#isFull()) this.#encode(bytes)
    }
    this.#encode(bytes)
    return at
  }

  #headerRow(bytes: Uint8Array, start: number, length: number, isLast: boolean): number {
    const names: string[] = []
    const firstLine = this.#line
    let at = start
    for (;;) {
      const cell = this.#headerCell(bytes, at, length, names.length + 1)
      if (cell === undefined) {
        this.#line = firstLine
        if (isLast) throw csvErrors.OPEN_QUOTE({ line: firstLine, column: names.length + 1 })
        return -1
      }
      names.push(cell.text)
      if (names.length > MAX_COLUMNS) throw csvErrors.TOO_MANY_COLUMNS({ columns: names.length, limit: MAX_COLUMNS })
      at = cell.next
      if (cell.isRowEnd) break
    }
    this.#begin(names)
    // Without a header the first line is a row: read it again as one.
    if (this.#options.header === false) {
      this.#line = firstLine
      return start
    }
    this.#line++
    return at
  }

  #headerCell(bytes: Uint8Array, at: number, length: number, column: number): { text: string; next: number; isRowEnd: boolean } | undefined {
    const end = bytes[at] === QUOTE ? this.#unquote(bytes, at, length, column) : this.#plainEnd(bytes, at, length)
    if (end < 0) return undefined
    const text = this.#decode(bytes[at] === QUOTE ? this.#scratch.subarray(0, this.#unquoted) : bytes.subarray(at, end), this.#line, column)
    if (this.#isDelimiter(bytes, end)) return { text, next: end + this.#delimiterBytes.length, isRowEnd: false }
    this.#lineEnd ??= bytes[end] === CR ? '\r\n' : '\n'
    return { text, next: bytes[end] === CR ? end + 2 : end + 1, isRowEnd: true }
  }

  #begin(names: readonly string[]): void {
    const hasHeader = this.#options.header !== false
    if (hasHeader && names.length === 1 && names[0] === '') throw csvErrors.EMPTY()
    this.#names = hasHeader ? [...names] : names.map((_, index) => String(index + 1))
    const seen = new Map<string, number>()
    this.#names.forEach((name, index) => {
      const first = seen.get(name)
      if (first !== undefined) throw csvErrors.DUPLICATE_COLUMN({ line: 1, first: first + 1, second: index + 1 })
      seen.set(name, index)
    })
    this.#columns = names.map(() => new ColumnBuilder())
    this.#blockRows = Math.max(16, Math.min(65_536, Math.floor(BLOCK_CELLS / names.length)))
    this.#block = new Uint32Array(this.#blockRows * names.length)
    this.#batch = new CellBatch(names.length)
  }

  #isFull(): boolean {
    return this.#batch.rows === this.#batch.mostRows || this.#blockFill + this.#batch.rows === this.#blockRows
  }

  /** Gives the cells read since the last time their codes: `bytes` are those they lie in. */
  #encode(bytes: Uint8Array): void {
    const { rows } = this.#batch
    if (rows === 0) return
    const started = this.#clock()
    this.#columns?.forEach(({ texts }, column) => { this.#batch.encode(column, bytes, { texts, out: this.#block, at: column * this.#blockRows + this.#blockFill }) })
    this.#batch.clear()
    this.#blockFill += rows
    if (this.#blockFill === this.#blockRows) this.#flush()
    this.#encodingMilliseconds += this.#clock() - started
  }

  /** One row; returns the position after it, or -1 where its end hasn't come yet. The kernel of the reader. */
  // One loop with its states in local variables, for speed.
  #row(bytes: Uint8Array, start: number, length: number, isLast: boolean): number {
    const batch = this.#batch
    const width = batch.width
    if (width > 1 && this.#isBlank(bytes, start, length)) return this.#blank(bytes, start, length)
    const first = this.#delimiterBytes[0] as number
    const step = this.#delimiterBytes.length
    const firstLine = this.#line
    let at = start
    let column = 0
    for (;;) {
      let byte = bytes[at] as number
      if (byte === QUOTE) {
        const end = this.#unquote(bytes, at, length, column + 1)
        if (end < 0) {
          this.#line = firstLine
          if (isLast) throw csvErrors.OPEN_QUOTE({ line: firstLine, column: column + 1 })
          batch.dropRow()
          return -1
        }
        if (column < width) batch.placeCopy(column, this.#scratch, this.#unquoted)
        at = end
        byte = bytes[at] as number
      } else {
        const from = at
        for (;;) {
          while (byte !== first && byte !== LF && byte !== CR) byte = bytes[++at] as number
          if (byte === LF || (byte === CR && bytes[at + 1] === LF) || (byte === first && (step === 1 || this.#isDelimiter(bytes, at)))) break
          byte = bytes[++at] as number
        }
        if (column < width) batch.place(column, from, at)
      }
      // The closing line feed is not part of the input: the row isn't whole yet.
      if (at >= length || (byte === CR && at + 1 >= length)) {
        this.#line = firstLine
        batch.dropRow()
        return -1
      }
      column++
      if (byte === LF || byte === CR) break
      at += step
    }
    if (column !== width || this.#blankLine > 0) throw this.#ragged(firstLine, column)
    this.#line++
    this.#rows++
    batch.keepRow()
    return bytes[at] === CR ? at + 2 : at + 1
  }

  #ragged(line: number, found: number): Error {
    const expected = this.#names.length
    return this.#blankLine > 0 ? csvErrors.RAGGED_ROW({ line: this.#blankLine, expected, found: 1 }) : csvErrors.RAGGED_ROW({ line, expected, found })
  }

  #isBlank(bytes: Uint8Array, at: number, length: number): boolean {
    return bytes[at] === LF || (bytes[at] === CR && bytes[at + 1] === LF && at + 1 < length)
  }

  /** Blank lines are forgiven at the end of the file only, so they are remembered until another row comes. */
  #blank(bytes: Uint8Array, at: number, length: number): number {
    if (at >= length) return -1
    if (this.#blankLine === 0) this.#blankLine = this.#line
    this.#line++
    return bytes[at] === CR ? at + 2 : at + 1
  }

  #isDelimiter(bytes: Uint8Array, at: number): boolean {
    const delimiter = this.#delimiterBytes
    for (let i = 0; i < delimiter.length; i++) if (bytes[at + i] !== delimiter[i]) return false
    return true
  }

  /** The end of an unquoted cell, or -1 where it hasn't come yet. */
  #plainEnd(bytes: Uint8Array, start: number, length: number): number {
    for (let at = start; at < length; at++) {
      if (bytes[at] === LF || this.#isDelimiter(bytes, at)) return at
      if (bytes[at] === CR && bytes[at + 1] === LF) return at + 1 < length ? at : -1
    }
    return -1
  }

  #unquoted = 0

  /** Copies the text of the quoted cell at `start` into the scratch bytes and returns where the cell ends, or -1. */
  #unquote(bytes: Uint8Array, start: number, length: number, column: number): number {
    let at = start + 1
    let to = 0
    for (;;) {
      if (at >= length) return -1
      const byte = bytes[at] as number
      if (byte === QUOTE) {
        if (at + 1 >= length) return -1
        if (bytes[at + 1] !== QUOTE) break
        at++
      } else if (byte === LF) this.#line++
      if (to === this.#scratch.length) this.#scratch = widened(this.#scratch)
      this.#scratch[to++] = byte
      at++
    }
    this.#unquoted = to
    return this.#cellEnd(bytes, at + 1, length, column)
  }

  #cellEnd(bytes: Uint8Array, at: number, length: number, column: number): number {
    if (bytes[at] === LF || this.#isDelimiter(bytes, at)) return at
    if (bytes[at] === CR) {
      if (at + 1 >= length) return -1
      if (bytes[at + 1] === LF) return at
    }
    // A delimiter of several bytes may be cut in two.
    if (at + this.#delimiterBytes.length > length && bytes[at] === this.#delimiterBytes[0]) return -1
    throw csvErrors.BAD_QUOTE({ line: this.#line, column })
  }

  #flush(): void {
    const rows = this.#blockFill
    if (rows === 0) return
    this.#columns?.forEach((column, index) => {
      column.append(this.#block.subarray(index * this.#blockRows, index * this.#blockRows + rows))
    })
    this.#blockFill = 0
  }

  #column(builder: ColumnBuilder, index: number): Column {
    const codes = builder.takeCodes()
    const { texts } = builder
    // One decoding for the whole dictionary where every text is ASCII, so that bytes and characters count alike.
    const all = texts.allBytes()
    const joined = this.#decodeOrUndefined(all)
    const isAscii = joined?.length === all.length
    const dictionary = Array.from({ length: texts.size }, (_, code) => {
      const text = isAscii ? joined.slice(texts.startOf(code), texts.startOf(code + 1)) : this.#decodeOrUndefined(texts.bytesOf(code))
      if (text === undefined) throw csvErrors.BAD_TEXT({ row: (codes as Uint32Array).indexOf(code) + (this.#options.header === false ? 1 : 2), column: index + 1, encoding: this.#encoding })
      return text
    })
    return { name: this.#names[index] as string, dictionary, codes }
  }

  #decode(bytes: Uint8Array, row: number, column: number): string {
    const text = this.#decodeOrUndefined(bytes)
    if (text === undefined) throw csvErrors.BAD_TEXT({ row, column, encoding: this.#encoding })
    return text
  }

  #decoder: { decode(bytes: Uint8Array): string } | undefined

  #decodeOrUndefined(bytes: Uint8Array): string | undefined {
    this.#decoder ??= new TextDecoder(this.#encoding, { fatal: true, ignoreBOM: true })
    try {
      return this.#decoder.decode(bytes)
    } catch {
      return undefined
    }
  }
}

function widened(bytes: Uint8Array): Uint8Array {
  const larger = new Uint8Array(2 * bytes.length)
  larger.set(bytes)
  return larger
}
