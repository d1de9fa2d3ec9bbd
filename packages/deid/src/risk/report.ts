// All risk figures of one table in one document.
import { columnNamed } from '@mhmd/columns'
import type { Table } from '@mhmd/columns'
import { attackerRisks, populationSizesOf } from './attackers.ts'
import type { AttackerRisks } from './attackers.ts'
import { attributeDisclosure } from './attribute-disclosure.ts'
import type { AttributeDisclosure } from './attribute-disclosure.ts'
import { classesOf, sizesOf } from './classes.ts'
import { riskErrors } from './errors.ts'
import { populationUniqueness } from './population/dankar.ts'
import type { PopulationUniqueness } from './population/dankar.ts'
import { histogramOf, sampleRisk } from './sample-risk.ts'
import type { HistogramBar, SampleRisk } from './sample-risk.ts'

export interface RiskOptions {
  readonly quasiIdentifiers: readonly string[]
  readonly sensitive?: readonly string[]
  /** A row is at risk above this; default 1/5. */
  readonly threshold?: number
  /** People in the population the table was drawn from, for the uniqueness estimates. */
  readonly populationSize?: number
  /** The population itself, at the table's own levels, for the journalist. */
  readonly population?: Table
}

export interface RiskReport {
  readonly sample: SampleRisk
  readonly suppressedRows: number
  readonly attackers: AttackerRisks
  readonly histogram: readonly HistogramBar[]
  readonly uniqueness?: { readonly populationSize: number; readonly dankar: PopulationUniqueness; readonly zayatz: PopulationUniqueness }
  readonly attributes: Readonly<Record<string, AttributeDisclosure>>
}

const FIVE = 1 / 5

/** The figures over the rows that are not suppressed. */
export function riskReport(table: Table, options: RiskOptions): RiskReport {
  const { quasiIdentifiers, threshold = FIVE, populationSize, population } = options
  const classes = classesOf(table, quasiIdentifiers)
  if (classes.rows === 0) throw riskErrors.NO_ROWS({ suppressedRows: classes.suppressedRows })
  const sizes = sizesOf(classes.sizes)
  const people = population && populationSizesOf(table, classes, { table: population, quasiIdentifiers })
  return {
    sample: sampleRisk(sizes, threshold),
    suppressedRows: classes.suppressedRows,
    attackers: attackerRisks(classes, threshold, people),
    histogram: histogramOf(sizes),
    ...(populationSize !== undefined && { uniqueness: { populationSize, dankar: populationUniqueness(sizes, populationSize), zayatz: populationUniqueness(sizes, populationSize, 'zayatz') } }),
    attributes: Object.fromEntries((options.sensitive ?? []).map((name) => [name, attributeDisclosure(classes, columnOrThrow(table, name))])),
  }
}

function columnOrThrow(table: Table, name: string): NonNullable<ReturnType<typeof columnNamed>> {
  const column = columnNamed(table, name)
  if (column === undefined) throw riskErrors.UNKNOWN_COLUMN({ column: name })
  return column
}
