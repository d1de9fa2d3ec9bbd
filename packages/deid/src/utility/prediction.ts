// How well a model trained on the release predicts a column of people it has not seen, beside the same model trained on the input.
// The model is categorical naive Bayes with Laplace's correction: no settings, no randomness, and the same for both sides.
import { columnNamed } from '@mhmd/columns'
import type { Codes, Column } from '@mhmd/columns'
import type { Reading, ReleasedTable } from './reading.ts'
import { wilson } from './who-pays.ts'
import type { Share } from './who-pays.ts'

export interface Prediction {
  readonly target: string
  /** Accuracy when trained on kept rows of the release, tested on held-out rows at the released levels. */
  readonly release: Share
  readonly input: Share
  /** Always the commonest value. */
  readonly baseline: Share
}

const FOLDS = 5

/** The fold a row is tested in: a person's rows are never trained on and tested. */
const foldOf = (row: number, persons: Codes | undefined): number => (persons?.[row] ?? row) % FOLDS

/** A column of features: codes a row for training and for testing, and how many codes there are. */
interface Feature {
  readonly train: Codes | Int32Array
  readonly test: Codes | Int32Array
  readonly size: number
}

/** Which rows each model tells right. */
export interface Predicted {
  readonly target: string
  readonly release: Uint8Array
  readonly input: Uint8Array
  readonly baseline: Uint8Array
}

/** Five folds by row number, or by person. A target that the release changed is predicted as it stands in the input. */
export function predictedOf(released: ReleasedTable, reading: Reading, target: string): Predicted | undefined {
  const column = columnNamed(released.input, target)
  if (column === undefined) return undefined
  const others = reading.columns.filter(({ name }) => name !== target)
  const original: Feature[] = others.map(({ input }) => ({ train: input.codes, test: input.codes, size: input.dictionary.length }))
  const generalised: Feature[] = others.map(({ input, output, labelOf }) => ({ train: output.codes, test: Int32Array.from(input.codes, (code) => labelOf[code] as number), size: output.dictionary.length }))
  const all = new Uint8Array(reading.rows).fill(1)
  return { target, release: rightOf(column, generalised, { usable: reading.kept, persons: reading.persons }), input: rightOf(column, original, { usable: all, persons: reading.persons }), baseline: rightOf(column, [], { usable: all, persons: reading.persons }) }
}

interface Usage {
  readonly usable: Uint8Array
  readonly persons: Codes | undefined
}

function rightOf(target: Column, features: readonly Feature[], usage: Usage): Uint8Array {
  const right = new Uint8Array(target.codes.length)
  for (let fold = 0; fold < FOLDS; fold++) markRight(target, features, { ...usage, fold, right })
  return right
}

/** The accuracies over some rows. */
export function predictionIn({ target, ...right }: Predicted, persons: Codes | undefined, rows: Uint32Array): Prediction {
  return { target, release: accuracy(right.release, persons, rows), input: accuracy(right.input, persons, rows), baseline: accuracy(right.baseline, persons, rows) }
}

/** Over persons it is the mean of each one's share, with an interval for so many persons. */
function accuracy(right: Uint8Array, persons: Codes | undefined, rows: Uint32Array): Share {
  if (persons === undefined) return wilson(rows.reduce((sum, row) => sum + (right[row] as number), 0), rows.length)
  const units = new Map<number, { rows: number; right: number }>()
  for (const row of rows) {
    const unit = units.get(persons[row] as number) ?? { rows: 0, right: 0 }
    units.set(persons[row] as number, { rows: unit.rows + 1, right: unit.right + (right[row] as number) })
  }
  return wilson([...units.values()].reduce((sum, unit) => sum + unit.right / unit.rows, 0), units.size)
}

function markRight(target: Column, features: readonly Feature[], { usable, persons, fold, right }: Usage & { readonly fold: number; readonly right: Uint8Array }): void {
  const classes = target.dictionary.length
  const priors = new Float64Array(classes)
  const tables = features.map(({ size }) => new Float64Array(size * classes))
  for (let row = 0; row < target.codes.length; row++) {
    if (foldOf(row, persons) === fold || usable[row] === 0) continue
    const value = target.codes[row] as number
    priors[value] = (priors[value] as number) + 1
    tables.forEach((counts, f) => {
      const at = ((features[f] as Feature).train[row] as number) * classes + value
      counts[at] = (counts[at] as number) + 1
    })
  }
  const scores = tables.map((counts, f) => counts.map((count, at) => Math.log((count + 1) / ((priors[at % classes] as number) + (features[f] as Feature).size))))
  const start = priors.map((count) => Math.log(count + 1))
  for (let row = 0; row < right.length; row++) if (foldOf(row, persons) === fold && best(start, scores, features, row) === target.codes[row]) right[row] = 1
}

/** A label the release lacks says nothing. */
function best(start: Float64Array, scores: readonly Float64Array[], features: readonly Feature[], row: number): number {
  const classes = start.length
  const sums = start.slice()
  features.forEach(({ test }, f) => {
    const code = test[row] as number
    if (code < 0) return
    for (let value = 0; value < classes; value++) sums[value] = (sums[value] as number) + ((scores[f] as Float64Array)[code * classes + value] as number)
  })
  return sums.indexOf(sums.reduce((a, b) => Math.max(a, b), -Infinity))
}
