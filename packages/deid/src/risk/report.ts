// All risk figures of one table in one document.
import { columnNamed } from '@mhmd/columns'
import type { Codes, Table } from '@mhmd/columns'
import { attackerRisks, populationSizesOf } from './attackers.ts'
import type { AttackerRisks } from './attackers.ts'
import { attributeDisclosure } from './attribute-disclosure.ts'
import type { AttributeDisclosure } from './attribute-disclosure.ts'
import { classesOf, inPersons, sizesOf, suppressedRow } from './classes.ts'
import type { Classes } from './classes.ts'
import { riskErrors } from './errors.ts'
import { personRisk } from './person-risk.ts'
import type { PersonRisk, Persons } from './person-risk.ts'
import { populationUniqueness } from './population/dankar.ts'
import type { PopulationUniqueness } from './population/dankar.ts'
import { histogramOf, sampleRisk } from './sample-risk.ts'
import type { HistogramBar, SampleRisk } from './sample-risk.ts'
import { householdRisk, weightedRisk } from './survey-weights.ts'
import type { WeightedRisk } from './survey-weights.ts'

export interface RiskOptions {
  readonly quasiIdentifiers: readonly string[]
  readonly sensitive?: readonly string[]
  /** A row is at risk above this; default 1/5. */
  readonly threshold?: number
  /** People in the population the table was drawn from, for the uniqueness estimates. */
  readonly populationSize?: number
  /** The population itself, at the table's own levels, for the journalist. */
  readonly population?: Table
  /** Where a person may have several rows: classes then count persons, each once a class. */
  readonly persons?: Persons
  /** How many people of the population each row stands for, in a survey. */
  readonly weights?: ArrayLike<number>
  /** The household of each row. */
  readonly households?: Codes
}

/** Whether the chance concerns one row or at least one of a household's. */
export interface HouseholdRisk {
  readonly households: number
  readonly highestRisk: number
  /** Mean over households of the chance that at least one member is found. */
  readonly averageRisk: number
  readonly householdsAtRisk: number
}

export interface RiskReport {
  /** What class sizes count: rows, or persons (`rows` are then persons, once for each class they are in). */
  readonly unit: 'row' | 'person'
  readonly sample: SampleRisk
  readonly suppressedRows: number
  readonly attackers: AttackerRisks
  readonly histogram: readonly HistogramBar[]
  readonly uniqueness?: { readonly populationSize: number; readonly dankar: PopulationUniqueness; readonly zayatz: PopulationUniqueness }
  readonly persons?: PersonRisk
  readonly survey?: Omit<WeightedRisk, 'risks'>
  readonly household?: HouseholdRisk
  /** Of rows, whatever the unit. */
  readonly attributes: Readonly<Record<string, AttributeDisclosure>>
}

const FIVE = 1 / 5

/** The figures over the rows that are not suppressed. */
export function riskReport(table: Table, options: RiskOptions): RiskReport {
  const { quasiIdentifiers, threshold = FIVE, populationSize, population, persons } = options
  const byRow = classesOf(table, quasiIdentifiers)
  if (byRow.rows === 0) throw riskErrors.NO_ROWS({ suppressedRows: byRow.suppressedRows })
  const classes = persons === undefined ? byRow : countedIn(byRow, persons.of)
  const sizes = sizesOf(classes.sizes)
  const people = population && populationSizesOf(table, classes, { table: population, quasiIdentifiers })
  return {
    unit: persons === undefined ? 'row' : 'person',
    sample: sampleRisk(sizes, threshold),
    suppressedRows: classes.suppressedRows,
    attackers: attackerRisks(classes, threshold, people),
    histogram: histogramOf(sizes),
    ...(populationSize !== undefined && { uniqueness: { populationSize, dankar: populationUniqueness(sizes, populationSize), zayatz: populationUniqueness(sizes, populationSize, 'zayatz') } }),
    ...(persons && { persons: personRisk(byRow, persons, threshold) }),
    ...surveyed(classes, threshold, options),
    attributes: Object.fromEntries((options.sensitive ?? []).map((name) => [name, attributeDisclosure(byRow, columnOrThrow(table, name))])),
  }
}

function countedIn(classes: Classes, of: Codes): Classes {
  const sizes = inPersons(classes, of)
  return { ...classes, sizes, rows: sizes.reduce((sum, size) => sum + size, 0) }
}

/** Risk against the population that survey weights tell of, and by household. Without weights a household's members are at the risk of their classes. */
function surveyed(classes: Classes, threshold: number, { weights, households, persons }: RiskOptions): Pick<RiskReport, 'survey' | 'household'> {
  if (weights !== undefined && persons !== undefined) throw riskErrors.WEIGHTED_PERSONS()
  const weighted = weights && weightedRisk(classes, weights)
  const risks = weighted?.risks ?? Float64Array.from(classes.sizes, (size) => 1 / size)
  return {
    ...(weighted && { survey: { expected: weighted.expected, averageRisk: weighted.averageRisk, highestRisk: weighted.highestRisk } }),
    ...(households && { household: householdsOf(classes, risks, { households, threshold, ...(persons && { of: persons.of }) }) }),
  }
}

function householdsOf({ classOf }: Classes, risks: Float64Array, { households, threshold, of }: { households: Codes; threshold: number; of?: Codes }): HouseholdRisk {
  const member = membersOf(classOf, risks, { households, ...(of && { of }) })
  const found = householdRisk(member.risks, member.households)
  const byHousehold = [...new Map(Array.from(found, (risk, at) => [member.households[at] as number, risk])).values()]
  return {
    households: byHousehold.length, highestRisk: byHousehold.reduce((a, b) => Math.max(a, b), 0),
    averageRisk: byHousehold.reduce((a, b) => a + b, 0) / byHousehold.length, householdsAtRisk: byHousehold.filter((risk) => risk > threshold).length / byHousehold.length,
  }
}

/** Each kept member of a household with her risk: a row, or a person at the riskiest of her rows. */
function membersOf(classOf: Uint32Array, risks: Float64Array, { households, of }: { households: Codes; of?: Codes }): { risks: number[]; households: number[] } {
  const members = new Map<string | number, { risk: number; household: number }>()
  classOf.forEach((id, row) => {
    if (id === suppressedRow) return
    const household = households[row] as number
    const key = of === undefined ? row : `${of[row] as number}/${household}`
    members.set(key, { household, risk: Math.max(members.get(key)?.risk ?? 0, risks[id] as number) })
  })
  return { risks: [...members.values()].map(({ risk }) => risk), households: [...members.values()].map(({ household }) => household) }
}

function columnOrThrow(table: Table, name: string): NonNullable<ReturnType<typeof columnNamed>> {
  const column = columnNamed(table, name)
  if (column === undefined) throw riskErrors.UNKNOWN_COLUMN({ column: name })
  return column
}
