// Metrics over whole classes: discernibility, average class size, ambiguity, entropy of the classes.
import { codeAt } from '@mhmd/columns'
import type { Cells, Field } from '@mhmd/columns'
import type { CheckedClasses, ClassMetric, MetricContext } from '../metric.ts'
import type { HierarchyLevel } from '../hierarchy.ts'

/** Discernibility (Bayardo and Agrawal, ICDE 2005): a kept row costs its class's size, a suppressed one the table's. */
export function discernibility({ rows }: MetricContext): ClassMetric {
  return {
    kind: 'classes',
    type: 'discernibility',
    score: (classes) => sumKept(classes, (size) => size * size) + rows * classes.suppressedRows,
    // Merging classes adds to the sum of squares, and suppressing a class replaces n² by n·rows ≥ n².
    bound: (cells) => sumAll(cells, (size) => size * size),
  }
}

/** Average class size (LeFevre et al., ICDE 2006, without the division by k): rows ÷ classes, the suppressed rows being one class. */
export function averageClassSize({ rows }: MetricContext): ClassMetric {
  const mean = (count: number): number => count === 0 ? 0 : rows / count
  return {
    kind: 'classes',
    type: 'average-class-size',
    score: (classes) => mean(sumKept(classes, () => 1) + (classes.suppressedRows > 0 ? 1 : 0)),
    bound: (cells) => mean(sumAll(cells, () => 1)),
  }
}

/** Entropy lost by the classes, in bits a row: Σ n/N·log2 n over kept classes, log2 N for each suppressed row. */
export function classEntropy({ rows }: MetricContext): ClassMetric {
  const bits = (size: number): number => size * Math.log2(size)
  const perRow = (sum: number): number => rows === 0 ? 0 : sum / rows
  return {
    kind: 'classes',
    type: 'entropy',
    score: (classes) => perRow(sumKept(classes, bits) + (rows === 0 ? 0 : classes.suppressedRows * Math.log2(rows))),
    bound: (cells) => perRow(sumAll(cells, bits)) * (1 - 1e-12),
  }
}

/** Ambiguity (Goldberger and Tassa, TDP 3, 2010): mean number of original combinations a row may stand for, in ARX's form summed over rows. */
export function ambiguity({ attributes }: MetricContext): ClassMetric {
  const everything = attributes.reduce((product, { hierarchy }) => product * hierarchy.fileRows, 1)
  const combinations = (cells: Cells, fields: readonly Field[], levels: Uint8Array, group: number): number => {
    let product = 1
    for (let a = 0; a < attributes.length; a++) {
      const level = attributes[a]?.hierarchy.levels[levels[a] as number] as HierarchyLevel
      product *= level.fileRows[codeAt(cells, fields[a] as Field, group)] as number
    }
    return product
  }
  return {
    kind: 'classes',
    type: 'ambiguity',
    score: ({ cells, fields, levels, suppressed, suppressedRows }) => sumSorted(cells, (size, group) => suppressed[group] === 1 ? 0 : size * combinations(cells, fields, levels, group)) + suppressedRows * everything,
    bound: (cells, fields, levels) => sumSorted(cells, (size, group) => size * combinations(cells, fields, levels, group)) * (1 - 1e-12),
  }
}

/** Classification (Iyengar, KDD 2002): rows that a classifier by classes gets wrong, suppressed rows among them, as a share of all. */
export function classification({ rows }: MetricContext): ClassMetric {
  const wrong = ({ weights: [sizes] }: Cells, majorities: Uint32Array | undefined, group: number): number => (sizes?.[group] as number) - (majorities?.[group] as number)
  const sum = (cells: Cells, term: (group: number) => number): number => {
    let total = 0
    for (let group = 0; group < cells.size; group++) total += term(group)
    return total
  }
  return {
    kind: 'classes',
    type: 'classification',
    asksMajorities: true,
    score: ({ cells, suppressed, suppressedRows, majorities }) => (sum(cells, (group) => suppressed[group] === 1 ? 0 : wrong(cells, majorities, group)) + suppressedRows) / rows,
    // A merged class's majority is at most the sum of its parts'; a suppressed row counts as wrong.
    bound: (cells, _fields, _levels, majorities) => sum(cells, (group) => wrong(cells, majorities, group)) / rows,
  }
}

function sumKept({ cells, suppressed }: CheckedClasses, term: (size: number) => number): number {
  return sumSorted(cells, (size, group) => suppressed[group] === 1 ? 0 : term(size))
}

const sumAll = (cells: Cells, term: (size: number) => number): number => sumSorted(cells, term)

/** Terms of classes with rows, added in order of size, so that row order leaves no trace in the last digit. */
function sumSorted(cells: Cells, term: (size: number, group: number) => number): number {
  const sizes = cells.weights[0] as Uint32Array
  const terms = new Float64Array(cells.size)
  for (let group = 0; group < cells.size; group++) terms[group] = (sizes[group] as number) === 0 ? 0 : term(sizes[group] as number, group)
  return terms.sort().reduce((sum, value) => sum + value, 0)
}
