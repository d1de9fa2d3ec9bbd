// The three attackers of re-identification: prosecutor (knows the person is in the table), journalist (knows only that the person is in the population), marketer (links everybody).
// Source: El Emam & Dankar, Protecting Privacy Using k-Anonymity, JAMIA 15 (2008) 627-637; El Emam 2013, ch. 16.
import type { Column, Table } from '@mhmd/columns'
import { columnsNamed, sizesOf, suppressedRow } from './classes.ts'
import type { Classes } from './classes.ts'
import { riskErrors } from './errors.ts'
import { sampleRisk } from './sample-risk.ts'

export interface AttackerRisk {
  readonly highestRisk: number
  /** Expected share of rows re-identified. */
  readonly averageRisk: number
  /** Share of rows above the threshold. */
  readonly recordsAtRisk: number
}

export interface AttackerRisks {
  readonly prosecutor: AttackerRisk
  readonly journalist: AttackerRisk & { readonly basis: 'population table' | 'equals prosecutor' }
  /** The marketer's one figure: the share of a whole linkage that is right, against the population where it is known. */
  readonly marketer: { readonly averageRisk: number; readonly basis: 'population table' | 'equals prosecutor' }
}

/** Risks by class sizes; `populationSizes[class]` are the people of the population who look like the class. */
export function attackerRisks(classes: Classes, threshold: number, populationSizes?: Float64Array): AttackerRisks {
  const { highestRisk, averageRisk, recordsAtRisk } = sampleRisk(sizesOf(classes.sizes), threshold)
  const prosecutor = { highestRisk, averageRisk, recordsAtRisk }
  if (populationSizes === undefined) return { prosecutor, journalist: { ...prosecutor, basis: 'equals prosecutor' }, marketer: { averageRisk, basis: 'equals prosecutor' } }
  const journalist = { ...journalistRisk(classes, threshold, populationSizes), basis: 'population table' as const }
  return { prosecutor, journalist, marketer: { averageRisk: journalist.averageRisk, basis: 'population table' } }
}

function journalistRisk(classes: Classes, threshold: number, populationSizes: Float64Array): AttackerRisk {
  let [highest, expected, atRisk] = [0, 0, 0]
  classes.sizes.forEach((size, id) => {
    const risk = 1 / (populationSizes[id] as number)
    highest = Math.max(highest, risk)
    expected += size * risk
    if (risk > threshold) atRisk += size
  })
  return { highestRisk: highest, averageRisk: expected / classes.rows, recordsAtRisk: atRisk / classes.rows }
}

/** A population table already at the release's levels. */
export interface Population {
  readonly table: Table
  readonly quasiIdentifiers: readonly string[]
}

/** For each class of the release, how many people of the population look like it; RISK_NOT_IN_POPULATION where fewer than the release itself holds. */
export function populationSizesOf(release: Table, classes: Classes, population: Population): Float64Array {
  const key = keyOf(columnsNamed(population.table, population.quasiIdentifiers))
  const people = new Map<string, number>()
  for (let row = 0; row < population.table.rows; row++) people.set(key(row), (people.get(key(row)) ?? 0) + 1)
  const keyHere = keyOf(columnsNamed(release, population.quasiIdentifiers))
  const sizes = new Float64Array(classes.sizes.length)
  let [rows, firstRow] = [0, 0]
  classes.classOf.forEach((id, row) => {
    if (id === suppressedRow) return
    if (sizes[id] === 0) sizes[id] = people.get(keyHere(row)) ?? -1
    if ((sizes[id] as number) < (classes.sizes[id] as number) && rows++ === 0) firstRow = row + 1
  })
  if (rows > 0) throw riskErrors.NOT_IN_POPULATION({ rows, firstRow })
  return sizes
}

function keyOf(columns: readonly Column[]): (row: number) => string {
  return (row) => JSON.stringify(columns.map((column) => column.dictionary[column.codes[row] as number]))
}
