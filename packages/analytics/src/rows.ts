// A block's rows: its canonical text taken apart into the columns of the feed's tables.
import type { Block, Endorsement } from '@mhmd/ledger'
import { besideTables, feedTableNames, feedTables, procedureKinds } from './tables.ts'
import type { BesideTable, ColumnType, FeedTable } from './tables.ts'

type Cell = string | number | undefined

/** Numbers, NaN where there is none; few different texts as codes; other texts as lines, empty where there is none. All travel between threads in one piece. */
export type PackedColumn = Float64Array<ArrayBuffer> | Coded | string

interface Coded {
  readonly values: readonly string[]
  readonly codes: Uint8Array<ArrayBuffer>
}

/** The code of no text. */
export const NOTHING = 255
/** From so many different texts on a column is lines. */
const MOST_CODES = 128

/** A table's rows by column. */
export interface Packed {
  readonly count: number
  readonly columns: readonly PackedColumn[]
}

/** The feed's tables, and those beside them. */
export type Filled = FeedTable | BesideTable
export const columnsOf = (table: Filled): Readonly<Record<string, ColumnType>> => ({ ...feedTables, ...besideTables })[table]
export const filledNames: readonly Filled[] = [...feedTableNames, ...Object.keys(besideTables) as BesideTable[]]

/** Gathers the rows of some blocks, column by column. */
export class Rows {
  readonly #columns = Object.fromEntries(filledNames.map((table) => [table, Object.keys(columnsOf(table)).map(() => [])])) as unknown as Readonly<Record<Filled, Cell[][]>>

  /** `block` is parsed from canonical text, so that its values are canonical when written again in their own order. */
  add(block: Omit<Block, 'hash'>, hash: string, endorsements: readonly Endorsement[] = []): void {
    const { height } = block
    this.#row('blocks', [height, hash, block.previous, block.time, block.committed.length])
    for (const [place, { transaction, code, writes, events }] of block.committed.entries()) {
      const { operationId, contract, operation, submitter, time } = transaction
      this.#row('transactions', [height, place, operationId, contract, operation, submitter, time, code, writes.length])
      for (const [number, { key, value }] of writes.entries()) {
        const { state, version, time: written, expires, by } = (value ?? {}) as { readonly [name: string]: Cell }
        const row = [height, place, number, key[0], key[1], key[2], key[3], state, version, written, expires, by, value === null ? undefined : JSON.stringify(value)]
        this.#row('writes', row)
        if (procedureKinds.has(key[0] ?? '')) this.#row('procedure', row)
      }
      this.#items(height, place, events)
    }
    for (const [place, { endorsers, reads }] of endorsements.entries()) this.#row('endorsements', [height, place, endorsers.join(','), JSON.stringify(reads)])
  }

  /** What became of each decision of a batch; every other event repeats what the writes say. */
  #items(height: number, place: number, events: Block['committed'][number]['events']): void {
    for (const [number, { name, payload }] of events.entries()) {
      if (name !== 'item') continue
      const { operationId, code } = payload as { readonly operationId: string; readonly code: string }
      this.#row('items', [height, place, number, operationId, code])
    }
  }

  #row(table: Filled, cells: readonly Cell[]): void {
    const columns = this.#columns[table]
    for (let at = 0; at < columns.length; at++) columns[at]?.push(cells[at])
  }

  packed(): Record<Filled, Packed> {
    return Object.fromEntries(filledNames.map((table) => {
      const types = Object.values(columnsOf(table))
      const columns = this.#columns[table].map((column, at) => types[at] === 'VARCHAR' ? codedOf(column) ?? column.join('\n') : numbersOf(column))
      return [table, { count: this.#columns[table][0]?.length ?? 0, columns }]
    })) as unknown as Record<Filled, Packed>
  }
}

/** Undefined where they are too many, or one holds a line feed, which only lines can show. */
function codedOf(column: readonly Cell[]): Coded | undefined {
  const codes = new Uint8Array(column.length)
  const known = new Map<Cell, number>()
  for (let at = 0; at < column.length; at++) {
    const cell = column[at]
    const code = cell === undefined || cell === '' ? NOTHING : known.get(cell) ?? known.size
    codes[at] = code
    if (code !== known.size) continue
    if (code === MOST_CODES || String(cell).includes('\n')) return undefined
    known.set(cell, code)
  }
  return { values: known.size === 0 ? ['none'] : [...known.keys()].map(String), codes }
}

function numbersOf(column: readonly Cell[]): Float64Array<ArrayBuffer> {
  const numbers = new Float64Array(column.length)
  for (let at = 0; at < column.length; at++) numbers[at] = Number(column[at] ?? NaN)
  return numbers
}
