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

/** A column of features: codes a row for training and for testing, and how many codes there are. */
interface Feature {
  readonly train: Codes | Int32Array
  readonly test: Codes | Int32Array
  readonly size: number
}

/** Five folds by row number. A target that the release changed is predicted as it stands in the input. */
export function predictionOf(released: ReleasedTable, reading: Reading, target: string): Prediction | undefined {
  const column = columnNamed(released.input, target)
  if (column === undefined) return undefined
  const others = reading.columns.filter(({ name }) => name !== target)
  const original: Feature[] = others.map(({ input }) => ({ train: input.codes, test: input.codes, size: input.dictionary.length }))
  const generalised: Feature[] = others.map(({ input, output, labelOf }) => ({ train: output.codes, test: Int32Array.from(input.codes, (code) => labelOf[code] as number), size: output.dictionary.length }))
  const all = new Uint8Array(reading.rows).fill(1)
  return { target, release: accuracy(column, generalised, reading.kept), input: accuracy(column, original, all), baseline: accuracy(column, [], all) }
}

function accuracy(target: Column, features: readonly Feature[], usable: Uint8Array): Share {
  let hits = 0
  for (let fold = 0; fold < FOLDS; fold++) hits += hitsOf(target, features, { usable, fold })
  return wilson(hits, target.codes.length)
}

function hitsOf(target: Column, features: readonly Feature[], { usable, fold }: { readonly usable: Uint8Array; readonly fold: number }): number {
  const classes = target.dictionary.length
  const priors = new Float64Array(classes)
  const tables = features.map(({ size }) => new Float64Array(size * classes))
  for (let row = 0; row < target.codes.length; row++) {
    if (row % FOLDS === fold || usable[row] === 0) continue
    const value = target.codes[row] as number
    priors[value] = (priors[value] as number) + 1
    tables.forEach((counts, f) => {
      const at = ((features[f] as Feature).train[row] as number) * classes + value
      counts[at] = (counts[at] as number) + 1
    })
  }
  const scores = tables.map((counts, f) => counts.map((count, at) => Math.log((count + 1) / ((priors[at % classes] as number) + (features[f] as Feature).size))))
  const start = priors.map((count) => Math.log(count + 1))
  let hits = 0
  for (let row = fold; row < target.codes.length; row += FOLDS) if (best(start, scores, features, row) === target.codes[row]) hits++
  return hits
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
