// What values the rows of each class of a node hold: one sensitive column's distribution at a time, filled for a class and cleared again.
// Layout: a matrix of classes and values where that is small, else the tuples sorted by class. Arrays are reused from node to node.
import type { Cells, Field, Workspace } from '@mhmd/columns'
import type { Distribution } from '../model.ts'
import type { Problem } from './problem.ts'

/** A matrix of classes and values pays up to so many entries a tuple. */
const densest = 2

/** Classes are those of the workspace's last grouping. */
export class ClassDistributions {
  /** One a sensitive column. */
  readonly all: readonly Distribution[]
  private readonly sensitive: Problem['sensitive']
  private readonly workspace: Workspace
  private readonly order: Uint32Array[] = [new Uint32Array(0), new Uint32Array(0)]
  private readonly matrices: Uint32Array[] = []

  constructor({ sensitive }: Problem, workspace: Workspace) {
    this.sensitive = sensitive
    this.workspace = workspace
    this.all = sensitive.map(({ size }) => ({ counts: new Uint32Array(size), present: new Uint32Array(size), distinct: 0 }))
  }

  /** Rows of each class that hold the commonest value of a column. */
  majorities(target: number, classes: Cells, tuples: Cells): Uint32Array {
    const distribution = this.all[target] as Distribution
    const { starts, order } = this.sortByClass(classes.size, tuples)
    return Uint32Array.from({ length: classes.size }, (_, group) => {
      fillDistribution(distribution, this.sensitive[target]?.field as Field, tuples, order, starts[group] as number, starts[group + 1] as number)
      let most = 0
      for (let i = 0; i < distribution.distinct; i++) most = Math.max(most, distribution.counts[distribution.present[i] as number] as number)
      clearDistribution(distribution)
      return most
    })
  }

  /** Fills the view's distributions for one class: from a matrix of classes and values where that is small, else from the class's tuples. */
  of(classes: number, tuples: Cells): ((group: number) => void) | undefined {
    const { all: distributions, sensitive } = this
    if (sensitive.length === 0) return undefined
    if (sensitive.every(({ size }) => classes * size <= densest * tuples.size)) {
      const matrices = sensitive.map(({ field, size }, s) => this.matrixOf(s, { classes, field, size }, tuples))
      return (group) => { for (let s = 0; s < matrices.length; s++) fillFromRow(distributions[s] as Distribution, matrices[s] as Uint32Array, group * (sensitive[s]?.size as number), sensitive[s]?.size as number) }
    }
    const { starts, order } = this.sortByClass(classes, tuples)
    return (group) => { for (let s = 0; s < sensitive.length; s++) fillDistribution(distributions[s] as Distribution, sensitive[s]?.field as Field, tuples, order, starts[group] as number, starts[group + 1] as number) }
  }

  /** Rows by class and value of one sensitive column. */
  private matrixOf(s: number, { classes, field, size }: { classes: number; field: Field; size: number }, tuples: Cells): Uint32Array {
    const cells = classes * size
    if ((this.matrices[s]?.length ?? 0) < cells) this.matrices[s] = new Uint32Array(2 * cells)
    const matrix = this.matrices[s] as Uint32Array
    matrix.fill(0, 0, cells)
    const { groupOf } = this.workspace
    const [word, weight] = [tuples.words[field.word] as Uint32Array, tuples.weights[0] as Uint32Array]
    for (let i = 0; i < tuples.size; i++) {
      const at = (groupOf[i] as number) * size + (((word[i] as number) >>> field.shift) & field.mask)
      matrix[at] = (matrix[at] as number) + (weight[i] as number)
    }
    return matrix
  }

  /** Tuple indices sorted by class: class g owns `order[starts[g]] … order[starts[g + 1] − 1]`. */
  private sortByClass(classes: number, tuples: Cells): { starts: Uint32Array; order: Uint32Array } {
    const { groupOf } = this.workspace
    if ((this.order[0] as Uint32Array).length <= tuples.size + 1) this.order.forEach((_, i) => { this.order[i] = new Uint32Array(2 * tuples.size + 2) })
    const [starts, order] = this.order as [Uint32Array, Uint32Array]
    starts.fill(0, 0, classes + 1)
    for (let i = 0; i < tuples.size; i++) starts[groupOf[i] as number] = (starts[groupOf[i] as number] as number) + 1
    let sum = 0
    for (let group = 0; group <= classes; group++) {
      sum += starts[group] as number
      starts[group] = sum
    }
    for (let i = tuples.size - 1; i >= 0; i--) {
      const group = groupOf[i] as number
      const place = (starts[group] as number) - 1
      starts[group] = place
      order[place] = i
    }
    return { starts, order }
  }
}

function fillDistribution(distribution: Distribution, field: Field, tuples: Cells, order: Uint32Array, from: number, to: number): void {
  const { counts, present } = distribution
  const word = tuples.words[field.word] as Uint32Array
  const weight = tuples.weights[0] as Uint32Array
  let distinct = 0
  for (let i = from; i < to; i++) {
    const tuple = order[i] as number
    const rows = weight[tuple] as number
    if (rows === 0) continue
    const code = ((word[tuple] as number) >>> field.shift) & field.mask
    if (counts[code] === 0) present[distinct++] = code
    counts[code] = (counts[code] as number) + rows
  }
  distribution.distinct = distinct
}

function fillFromRow(distribution: Distribution, matrix: Uint32Array, from: number, size: number): void {
  const { counts, present } = distribution
  let distinct = 0
  for (let code = 0; code < size; code++) {
    const rows = matrix[from + code] as number
    if (rows === 0) continue
    counts[code] = rows
    present[distinct++] = code
  }
  distribution.distinct = distinct
}

export function clearDistribution(distribution: Distribution): void {
  for (let i = 0; i < distribution.distinct; i++) distribution.counts[distribution.present[i] as number] = 0
}
