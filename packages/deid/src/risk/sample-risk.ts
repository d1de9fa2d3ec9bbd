// Risks that follow from class sizes alone: the prosecutor's, who knows that the person is in the table.
// Source: El Emam, Guide to the De-Identification of Personal Health Information (2013), ch. 16; figures as ARX reports them.
import { classesIn, rowsIn } from './classes.ts'
import type { ClassSizes } from './classes.ts'

export interface SampleRisk {
  readonly rows: number
  readonly classes: number
  readonly meanClassSize: number
  readonly smallestClassSize: number
  readonly largestClassSize: number
  /** 1 / smallest class. */
  readonly highestRisk: number
  readonly lowestRisk: number
  /** Mean of 1 / class size over the rows = classes / rows: the share a linker of the whole table gets right (marketer). */
  readonly averageRisk: number
  /** Share of rows whose risk is above the threshold. */
  readonly recordsAtRisk: number
  readonly threshold: number
  /** Share of rows that are alone in their class. */
  readonly sampleUniques: number
}

/** All figures of a non-empty release. */
export function sampleRisk(sizes: ClassSizes, threshold: number): SampleRisk {
  const rows = rowsIn(sizes)
  const classes = classesIn(sizes)
  const smallest = Math.min(...sizes.keys())
  const largest = Math.max(...sizes.keys())
  const atRisk = [...sizes].reduce((sum, [size, count]) => (1 / size > threshold ? sum + size * count : sum), 0)
  return {
    rows, classes, meanClassSize: rows / classes, smallestClassSize: smallest, largestClassSize: largest,
    highestRisk: 1 / smallest, lowestRisk: 1 / largest, averageRisk: classes / rows, recordsAtRisk: atRisk / rows, threshold,
    sampleUniques: (sizes.get(1) ?? 0) / rows,
  }
}

/** One bar of the class histogram. */
export interface HistogramBar {
  readonly size: number
  readonly classes: number
  readonly rows: number
}

/** Classes by size, smallest first. */
export function histogramOf(sizes: ClassSizes): HistogramBar[] {
  return [...sizes].sort(([a], [b]) => a - b).map(([size, classes]) => ({ size, classes, rows: size * classes }))
}
