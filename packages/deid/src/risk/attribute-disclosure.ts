// What class membership tells about a sensitive column: rows whose value is certain, and how well a guess does.
// Source: Machanavajjhala et al., ℓ-Diversity, TKDD 1 (2007); the baseline is a guess without the class (Elliot & Domingo-Ferrer 2018).
import type { Column } from '@mhmd/columns'
import { suppressedRow } from './classes.ts'
import type { Classes } from './classes.ts'

export interface AttributeDisclosure {
  /** Share of rows in classes with one value only. */
  readonly certainRows: number
  /** Share of rows a guesser gets right who says each class's commonest value. */
  readonly guessedRight: number
  /** The same guesser without classes: the commonest value of the whole column. */
  readonly guessedRightWithoutClasses: number
  readonly smallestDistinct: number
}

/** Measured over the rows that are not suppressed. */
export function attributeDisclosure(classes: Classes, sensitive: Column): AttributeDisclosure {
  const inClass = classes.sizes.reduce<Map<number, number>[]>((maps) => (maps.push(new Map()), maps), [])
  const overall = new Map<number, number>()
  classes.classOf.forEach((id, row) => {
    if (id === suppressedRow) return
    const value = sensitive.codes[row] as number
    const counts = inClass[id] as Map<number, number>
    counts.set(value, (counts.get(value) ?? 0) + 1)
    overall.set(value, (overall.get(value) ?? 0) + 1)
  })
  const certain = inClass.reduce((rows, counts, id) => (counts.size === 1 ? rows + (classes.sizes[id] as number) : rows), 0)
  const right = inClass.reduce((rows, counts) => rows + commonest(counts), 0)
  return {
    certainRows: certain / classes.rows,
    guessedRight: right / classes.rows,
    guessedRightWithoutClasses: commonest(overall) / classes.rows,
    smallestDistinct: inClass.reduce((least, counts) => Math.min(least, counts.size), Infinity),
  }
}

function commonest(counts: ReadonlyMap<number, number>): number {
  return [...counts.values()].reduce((most, count) => Math.max(most, count), 0)
}
