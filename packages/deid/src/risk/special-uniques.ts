// Special uniques: rows, or persons, unique by few attributes, found through their minimal sample uniques (MSU), and the SUDA score.
// Source: Elliot, Manning & Ford, A Computational Algorithm for Handling the Special Uniques Problem, IJUFKS 10 (2002) 493-509;
// Manning, Haglin & Keane, A recursive search algorithm for statistical disclosure assessment, DMKD 16 (2008) 165-196 (SUDA2).
// Every set of attributes up to the limit is grouped once; a row unique there and in no smaller part of it has an MSU there.
// The result is SUDA2's; the cost is Σ C(attributes, size) groupings, so the limit and not the table's width must be small.
import type { Codes, Table } from '@mhmd/columns'
import { classesOf, inPersons, suppressedRow } from './classes.ts'

export interface SpecialUniques {
  readonly unit: 'row' | 'person'
  /** MSUs by size: `bySize[2]` sets of two attributes that single somebody out, each counted once for her. */
  readonly bySize: readonly number[]
  /** Per row, or by the code of each person; 0 = no MSU up to the limit. Comparable within one table only. */
  readonly scores: Float64Array
  /** Share of all score each attribute takes part in. */
  readonly contribution: Readonly<Record<string, number>>
  /** Rows, or persons, that have one. */
  readonly withMsu: number
}

export interface UniquesOptions {
  /** Attributes of an MSU at most; default 3, or all but one where there are fewer. */
  readonly limit?: number
  /** Whose each row is: a person is unique where one of her rows shows what only hers do. */
  readonly persons?: Codes
}

/** MSUs of at most `limit` attributes; an MSU of size s scores Π (attributes − i) for i = s … limit. */
export function specialUniques(table: Table, attributes: readonly string[], { limit = Math.min(3, attributes.length - 1), persons }: UniquesOptions = {}): SpecialUniques {
  const scores = new Float64Array(persons === undefined ? table.rows : 1 + Array.from(persons).reduce((most, code) => Math.max(most, code), -1))
  const bySize = new Array<number>(limit + 1).fill(0)
  const taken = new Float64Array(attributes.length)
  let smaller = new Map<string, Uint8Array>()
  for (let size = 1; size <= limit; size++) {
    const worth = scoreOf(attributes.length, size, limit)
    const current = new Map<string, Uint8Array>()
    for (const set of setsOf(attributes.length, size)) {
      const unique = uniqueRows(table, set.map((index) => attributes[index] as string), persons)
      const parts = set.map((left) => smaller.get(set.filter((index) => index !== left).join())).filter((part) => part !== undefined)
      const found = score(minimalRows(unique, parts), { scores, worth, ...(persons && { persons }) })
      bySize[size] = (bySize[size] as number) + found
      for (const index of set) taken[index] = (taken[index] as number) + found * worth
      current.set(set.join(), unique)
    }
    smaller = current
  }
  const total = scores.reduce((sum, value) => sum + value, 0)
  const contribution = Object.fromEntries(attributes.map((name, index) => [name, total === 0 ? 0 : (taken[index] as number) / total]))
  return { unit: persons === undefined ? 'row' : 'person', bySize, scores, contribution, withMsu: scores.reduce((units, value) => units + Number(value > 0), 0) }
}

function scoreOf(attributes: number, size: number, limit: number): number {
  let product = 1
  for (let i = size; i <= limit; i++) product *= attributes - i
  return product
}

/** Rows unique here and in no part. Unique in a smaller set means unique in each set between, so the next smaller ones suffice. */
const minimalRows = (unique: Uint8Array, parts: readonly Uint8Array[]): number[] => Array.from(unique.keys()).filter((row) => unique[row] === 1 && !parts.some((part) => part[row] === 1))

/** Adds the worth once to each of those whose rows these are; returns how many they are. */
function score(rows: readonly number[], { scores, worth, persons }: { readonly scores: Float64Array; readonly worth: number; readonly persons?: Codes }): number {
  const units = persons === undefined ? rows : [...new Set(rows.map((row) => persons[row] as number))]
  for (const unit of units) scores[unit] = (scores[unit] as number) + worth
  return units.length
}

/** Rows that show what no other row does, or no other person's. */
function uniqueRows(table: Table, attributes: readonly string[], persons: Codes | undefined): Uint8Array {
  const classes = classesOf(table, attributes)
  const sizes = persons === undefined ? classes.sizes : inPersons(classes, persons)
  return Uint8Array.from(classes.classOf, (id) => (id !== suppressedRow && sizes[id] === 1 ? 1 : 0))
}

/** Subsets of the numbers from `from` to `of` − 1 with `size` members, ascending. */
function* setsOf(of: number, size: number, from = 0): Generator<number[]> {
  if (size === 0) yield []
  else for (let first = from; first <= of - size; first++) for (const rest of setsOf(of, size - 1, first + 1)) yield [first, ...rest]
}
