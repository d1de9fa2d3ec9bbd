// What the gate measures on the opened bytes: people a class, risks, unique people, different sensitive values. Whole numbers only, so that they can be signed.
// El Emam & Dankar 2008 for prosecutor and marketer; Machanavajjhala et al. 2007 for different values in a class.
import type { Opened, OpenedColumn } from './read-bytes.ts'

export interface Figures {
  readonly rows: number
  /** Rows that show nothing but that they were one. */
  readonly suppressedRows: number
  readonly people: number
  readonly classes: number
  /** Of all classes, the fewest people in one. The prosecutor's best chance is one in so many. */
  readonly smallestClass: number
  /** People, each once for every class she is in. The marketer gets `classes` of so many right. */
  readonly memberships: number
  /** Classes of one person. */
  readonly uniques: number
  /** By sensitive column, the fewest different values in a class. */
  readonly distinctValues: Readonly<Record<string, number>>
  /** By quasi-identifying column, how many different labels it shows. */
  readonly labels: Readonly<Record<string, number>>
  /** By other column, how many people have a value in it that nobody else has. */
  readonly toldApart: Readonly<Record<string, number>>
}

export interface Measured {
  readonly figures: Figures
  /** Each class as the numbers of its people. */
  readonly classes: readonly ReadonlySet<number>[]
}

export interface Roles {
  readonly quasi: readonly string[]
  readonly sensitive: readonly string[]
  readonly other: readonly string[]
}

/** `person` says whose each row of the bytes is, by number. */
export function measure(opened: Opened, person: Uint32Array, { quasi, sensitive, other }: Roles): Measured {
  const at = (names: readonly string[]): OpenedColumn[] => opened.columns.filter(({ name }) => names.includes(name))
  const shown = visibleRows(opened)
  const groups = grouped(at(quasi), person, shown)
  const sizes = groups.map(({ people }) => people.size)
  const everyone = new Set<number>()
  for (const row of shown) everyone.add(person[row] as number)
  return {
    classes: groups.map(({ people }) => people),
    figures: {
      rows: opened.rows, suppressedRows: opened.rows - shown.length, people: everyone.size, classes: groups.length,
      smallestClass: sizes.reduce((least, size) => Math.min(least, size), groups.length === 0 ? 0 : Infinity),
      memberships: sizes.reduce((sum, size) => sum + size, 0), uniques: sizes.filter((size) => size === 1).length,
      distinctValues: Object.fromEntries(at(sensitive).map(({ name, cells }) => [name, groups.reduce((least, { rows }) => Math.min(least, new Set(rows.map((row) => cells[row])).size), groups.length === 0 ? 0 : Infinity)])),
      labels: Object.fromEntries(at(quasi).map(({ name, cells }) => [name, new Set(shown.map((row) => cells[row])).size])),
      toldApart: Object.fromEntries(at(other).map((column) => [column.name, aloneIn(column, person, shown)])),
    },
  }
}

/** Rows in which some cell is not `*`. */
function visibleRows({ rows, columns }: Opened): number[] {
  const stars = columns.map(({ texts }) => texts.indexOf('*'))
  return Array.from({ length: rows }, (_unused, row) => row).filter((row) => columns.some(({ cells }, index) => cells[row] !== stars[index]))
}

function grouped(columns: readonly OpenedColumn[], person: Uint32Array, rows: readonly number[]): { rows: number[]; people: Set<number> }[] {
  const found = new Map<string, { rows: number[]; people: Set<number> }>()
  for (const row of rows) {
    let key = ''
    for (const { cells } of columns) key += `${cells[row]},`
    let group = found.get(key)
    if (group === undefined) found.set(key, group = { rows: [], people: new Set() })
    group.rows.push(row)
    group.people.add(person[row] as number)
  }
  return [...found.values()]
}

function aloneIn({ cells, texts }: OpenedColumn, person: Uint32Array, rows: readonly number[]): number {
  const holder = new Int32Array(texts.length).fill(-1)
  for (const row of rows) {
    const code = cells[row] as number
    const known = holder[code] as number
    const here = person[row] as number
    holder[code] = known === -1 || known === here ? here : -2
  }
  return new Set(holder.filter((one) => one >= 0)).size
}
