// A view's rows as a table of texts, with whose each row is kept apart from its columns: what a release groups by and never gives away.
import { makeCodes } from '@mhmd/columns'
import type { Column, Table } from '@mhmd/columns'
import type { CompiledView } from './compile-view.ts'
import { digitsOf, ExactNumber } from './exact.ts'

/** One subject's resources. */
export interface PersonResources {
  /** The subject's pseudonym in the holder's vault. */
  readonly person: string
  readonly resources: Iterable<unknown>
}

export interface PersonTable {
  readonly table: Table
  /** Whose each row is; as long as the table, and no column of it. */
  readonly person: Column
}

/** The table of a view over people. Holds the table and one person's resources at a time. Throws as `rowsOf` of the view. */
export async function viewTable(view: CompiledView, people: AsyncIterable<PersonResources> | Iterable<PersonResources>): Promise<PersonTable> {
  const columns = view.columns.map(({ name }) => new Collected(name))
  const whose = new Collected('person')
  for await (const { person, resources } of people) {
    for (const resource of resources) {
      for (const cells of view.rowsOf(resource)) {
        columns.forEach((column, index) => column.add(cellText(cells[index])))
        whose.add(person)
      }
    }
  }
  return { table: { rows: whose.rows, columns: columns.map((column) => column.take()) }, person: whose.take() }
}

/** A cell as text: numbers with the digits that were written, a missing value as nothing, collections and structures as JSON. */
export function cellText(cell: unknown): string {
  if (cell === undefined) return ''
  if (typeof cell === 'string') return cell
  if (typeof cell === 'number' || cell instanceof ExactNumber) return digitsOf(cell)
  return JSON.stringify(cell)
}

const FIRST_BLOCK = 1024

/** One column as it grows: its dictionary, and its codes in an array that doubles. */
class Collected {
  readonly #name: string
  readonly #index = new Map<string, number>()
  #codes = new Uint32Array(FIRST_BLOCK)
  rows = 0

  constructor(name: string) {
    this.#name = name
  }

  add(text: string): void {
    let code = this.#index.get(text)
    if (code === undefined) this.#index.set(text, code = this.#index.size)
    if (this.rows === this.#codes.length) {
      const wider = new Uint32Array(2 * this.rows)
      wider.set(this.#codes)
      this.#codes = wider
    }
    this.#codes[this.rows++] = code
  }

  take(): Column {
    const codes = makeCodes(this.#index.size, this.rows)
    codes.set(this.#codes.subarray(0, this.rows))
    return { name: this.#name, dictionary: [...this.#index.keys()], codes }
  }
}
