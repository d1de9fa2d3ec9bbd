// Builds a column from typed values: each becomes the text it is written as, a missing one the empty text.
import { columnOf } from '../table.ts'
import type { Column } from '../table.ts'
import { tableErrors } from './errors.ts'
import type { FileTable, TypedFormat, ValueKind } from './format.ts'

/** Collects one column. A column that has had missing values only is text. */
export class ValueColumn {
  readonly #name: string
  readonly #place: number
  readonly #texts: string[] = []
  #kind: ValueKind | undefined
  #hasMissing = false
  #hasEmpty = false

  /** `place` counts from 1; `before` rows had no such column yet. */
  constructor(name: string, place: number, before: number) {
    this.#name = name
    this.#place = place
    this.fill(before)
  }

  /** Missing up to so many rows. */
  fill(rows: number): void {
    while (this.#texts.length < rows) this.missing()
  }

  missing(): void {
    this.#hasMissing = true
    this.#texts.push('')
  }

  add(text: string, kind: ValueKind): void {
    if (this.#kind !== undefined && this.#kind !== kind) throw tableErrors.MIXED_KINDS({ column: this.#place, row: this.#texts.length + 1 })
    this.#kind = kind
    if (text === '') this.#hasEmpty = true
    this.#texts.push(text)
  }

  end(): Finished {
    if (this.#hasMissing && this.#hasEmpty) throw tableErrors.EMPTY_AND_MISSING({ column: this.#place })
    return { column: columnOf(this.#name, this.#texts), kind: this.#kind ?? 'text', hasEmpty: this.#hasEmpty }
  }
}

interface Finished {
  readonly column: Column
  readonly kind: ValueKind
  readonly hasEmpty: boolean
}

/** The table of columns that are whole. What it takes to encode them is told by the clock. */
export function fileTable(kind: TypedFormat['kind'], columns: readonly ValueColumn[], { rows, clock }: { readonly rows: number; readonly clock: () => number }): FileTable {
  const started = clock()
  const made = columns.map((column) => column.end())
  return { table: { rows, columns: made.map(({ column }) => column) }, format: typedFormat(kind, made), encodingSeconds: (clock() - started) / 1000 }
}

/** What of finished columns a writer needs to know. */
function typedFormat(kind: TypedFormat['kind'], columns: readonly Finished[]): TypedFormat {
  return {
    kind,
    values: new Map(columns.map(({ column, kind: own }) => [column.name, own])),
    empties: new Set(columns.filter(({ hasEmpty }) => hasEmpty).map(({ column }) => column.name)),
  }
}
