// Reads and writes NDJSON: one flat JSON object a line (RFC 8259), columns in order of first occurrence. Numbers keep their digits as written;
// null and an absent member are a missing value, which is the empty text in the table and null again when written.
import type { Column, Table } from '../table.ts'
import { tableErrors } from './errors.ts'
import { writtenKind } from './format.ts'
import type { FileTable, TypedFormat, ValueKind } from './format.ts'
import { fileTable, ValueColumn } from './value-column.ts'

const MAX_LINE_BYTES = 1 << 22
const MAX_COLUMNS = 1 << 16
const PIECE_BYTES = 1 << 20
const LF = 10

/** Takes bytes in pieces of any size; the result doesn't depend on how they were cut. */
export class NdjsonParser {
  readonly #columns = new Map<string, ValueColumn>()
  #rest: Uint8Array = new Uint8Array(0)
  #rows = 0
  #line = 0
  readonly #clock: () => number

  constructor(clock: () => number = () => 0) {
    this.#clock = clock
  }

  push(chunk: Uint8Array): void {
    const bytes = Buffer.concat([this.#rest, chunk])
    let from = 0
    for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, from)) {
      this.#take(bytes.subarray(from, end))
      from = end + 1
    }
    this.#rest = bytes.subarray(from)
    if (this.#rest.length > MAX_LINE_BYTES) throw tableErrors.TOO_LONG({ line: this.#line + 1, limitBytes: MAX_LINE_BYTES })
  }

  end(): FileTable {
    if (this.#rest.length > 0) this.#take(this.#rest)
    if (this.#rows === 0) throw tableErrors.NO_ROWS()
    for (const column of this.#columns.values()) column.fill(this.#rows)
    return fileTable('ndjson', [...this.#columns.values()], { rows: this.#rows, clock: this.#clock })
  }

  #take(bytes: Uint8Array): void {
    this.#line++
    const text = this.#decode(bytes)
    if (text.trim() === '') return
    const members = this.#parse(text)
    if (this.#rows === 0 && Object.keys(members).length === 0) throw tableErrors.NOT_AN_OBJECT({ line: this.#line })
    for (const [name, value] of Object.entries(members)) this.#cell(name, value)
    this.#rows++
  }

  readonly #decoder = new TextDecoder('utf-8', { fatal: true })

  #decode(bytes: Uint8Array): string {
    try {
      return this.#decoder.decode(bytes)
    } catch {
      throw tableErrors.NOT_JSON({ line: this.#line })
    }
  }

  #parse(text: string): Readonly<Record<string, unknown>> {
    let value: unknown
    try {
      value = JSON.parse(text, numbersAsWritten)
    } catch {
      throw tableErrors.NOT_JSON({ line: this.#line })
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Written) throw tableErrors.NOT_AN_OBJECT({ line: this.#line })
    return value as Record<string, unknown>
  }

  #cell(name: string, value: unknown): void {
    let column = this.#columns.get(name)
    if (column === undefined) {
      if (this.#columns.size === MAX_COLUMNS) throw tableErrors.TOO_MANY_COLUMNS({ limit: MAX_COLUMNS })
      this.#columns.set(name, (column = new ValueColumn(name, this.#columns.size + 1, this.#rows)))
    }
    column.fill(this.#rows)
    if (value === null) column.missing()
    else if (typeof value === 'string') column.add(value, 'text')
    else if (typeof value === 'boolean') column.add(String(value), 'boolean')
    else if (value instanceof Written) column.add(value.text, 'number')
    else throw tableErrors.NOT_FLAT({ column: [...this.#columns.keys()].indexOf(name) + 1 })
  }
}

/** A number's digits. */
class Written {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

function numbersAsWritten(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' ? new Written(context?.source ?? String(value)) : value
}

/** The file in pieces of about a megabyte. A column whose texts are no longer of its kind is written as text throughout. */
export function* ndjsonChunks(table: Table, { values, empties }: Omit<TypedFormat, 'kind'>): Generator<Uint8Array> {
  const columns = table.columns.map((column) => ({ column, texts: cellsOf(column, values.get(column.name), empties.has(column.name)) }))
  const names = table.columns.map(({ name }) => `${JSON.stringify(name)}:`)
  let piece = ''
  for (let row = 0; row < table.rows; row++) {
    piece += `{${columns.map(({ column, texts }, c) => `${names[c]}${texts[column.codes[row] as number]}`).join(',')}}\n`
    if (piece.length < PIECE_BYTES) continue
    yield Buffer.from(piece)
    piece = ''
  }
  if (piece !== '') yield Buffer.from(piece)
}

/** Each dictionary entry as JSON. The empty text is a missing value unless the column had empty texts. */
function cellsOf(column: Column, own: ValueKind | undefined, hasEmpty: boolean): string[] {
  const kind = writtenKind(column, own)
  return column.dictionary.map((text) => text === '' && !hasEmpty ? 'null' : kind === 'text' ? JSON.stringify(text) : text)
}

