// Checks one node: groups a snapshot's tuples at the node's levels, asks the models, and scores what is left.
import { codeAt, keep, regroup, regroupUnless, Workspace } from '@mhmd/columns'
import type { Cells, Field, Step } from '@mhmd/columns'
import { aggregated } from '../metrics/aggregate.ts'
import type { ClassMetric, SeparableMetric } from '../metric.ts'
import type { ClassView, Distribution } from '../model.ts'
import { holds } from '../model.ts'
import { goingPersons } from './persons.ts'
import type { Persons, Visits } from './persons.ts'
import type { Problem } from './problem.ts'

/** Tuples at some levels: the start of checks at the same or higher levels. */
export interface Snapshot {
  readonly levels: Uint8Array
  readonly cells: Cells
  /** Where persons are the unit: the snapshot's tuple of each tuple of the base; absent where they are the same. */
  readonly tupleOf?: Uint32Array | undefined
}

/** What a check found. A reused object; valid until the next check. */
export interface Verdict {
  feasible: boolean
  suppressedRows: number
  /** Rows that stay suppressed at every more specific node: a proven lower bound, complete unless `aborted`. */
  floorRows: number
  /** Score if feasible. */
  score: number
  /** Per dimension: what those rows add to a separable metric at every more specific node, at least. Zeros when infeasible. */
  readonly floorPenalties: Float64Array
  /** Classes with released rows that are kept. */
  classes: number
}

export interface CheckOptions {
  /** Don't stop when infeasibility is certain, so that `suppressedRows` is exact. */
  readonly exhaustive?: boolean
}

export class Checker {
  checks = 0
  readonly verdict: Verdict
  readonly problem: Problem
  private readonly workspace = new Workspace()
  private readonly order: Uint32Array[] = [new Uint32Array(0), new Uint32Array(0)]
  private readonly view: ClassView
  private suppressed = new Uint8Array(0)
  private groups = new Uint32Array(0)
  private rows = new Uint32Array(0)
  private floorGroups = new Uint32Array(0)
  private floorRows = new Uint32Array(0)
  private readonly penalties: Float64Array
  /** Rows the models ask of every class at least; 0 if they don't. */
  readonly leastSize: number
  private readonly onlySizes: boolean

  constructor(problem: Problem) {
    this.problem = problem
    const distributions: Distribution[] = problem.sensitive.map(({ size }) => ({ counts: new Uint32Array(size), present: new Uint32Array(size), distinct: 0 }))
    this.view = { size: 0, weights: problem.base.weights.map(() => 0), distributions }
    this.verdict = { feasible: false, suppressedRows: 0, floorRows: 0, score: Infinity, floorPenalties: new Float64Array(problem.dimensions.length), classes: 0 }
    this.penalties = new Float64Array(problem.dimensions.length)
    this.leastSize = Math.max(0, ...problem.classModels.map(({ leastSize }) => leastSize ?? 0))
    this.onlySizes = problem.persons === undefined && problem.sensitive.length === 0 && problem.base.weights.length === 1 && problem.classModels.every(({ type }) => type === 'k-anonymity')
  }

  /** The tuples of a snapshot at higher levels; lives in the workspace until the next call. */
  rollUp(from: Snapshot, levels: Uint8Array): Cells {
    return regroup(from.cells, this.steps(from, levels), this.workspace)
  }

  /** The same as a snapshot that stays. */
  snapshot(from: Snapshot, levels: Uint8Array): Snapshot {
    const cells = keep(this.rollUp(from, levels))
    if (this.problem.persons === undefined) return { levels, cells }
    const { groupOf } = this.workspace
    return { levels, cells, tupleOf: from.tupleOf?.map((tuple) => groupOf[tuple] as number) ?? groupOf.slice(0, from.cells.size) }
  }

  /** Tuples merged by quasi-identifiers alone; lives in the workspace until the next call. */
  classesOf(cells: Cells): Cells {
    return regroup(cells, [], this.workspace, this.problem.keyWords)
  }

  /** A lower bound of a class metric at every node at or above these tuples' levels. */
  bound(metric: ClassMetric, cells: Cells, levels: Uint8Array): number {
    const { keyWords, fields } = this.problem
    const classes = keyWords === cells.words.length ? cells : this.classesOf(cells)
    return metric.bound(classes, fields, levels, metric.asksMajorities && this.majorities(classes, cells))
  }

  /** Rows of each class that hold the commonest value of the metric's column. */
  private majorities(classes: Cells, tuples: Cells): Uint32Array {
    const { view, problem } = this
    const target = problem.target as number
    const distribution = view.distributions[target] as Distribution
    const { starts, order } = this.sortByClass(classes.size, tuples)
    return Uint32Array.from({ length: classes.size }, (_, group) => {
      fillDistribution(distribution, problem.sensitive[target]?.field as Field, tuples, order, starts[group] as number, starts[group + 1] as number)
      let most = 0
      for (let i = 0; i < distribution.distinct; i++) most = Math.max(most, distribution.counts[distribution.present[i] as number] as number)
      clearDistribution(distribution)
      return most
    })
  }

  /** The classes of a node; live in the workspace until the next call. */
  classes(levels: Uint8Array, from: Snapshot): Cells {
    return regroup(from.cells, this.steps(from, levels), this.workspace, this.problem.keyWords)
  }

  /** Whether a class must lose rows here and at every more specific node; `counts[at …]` are its rows, by sensitive value where `width` > 1. */
  violates(counts: Uint32Array, at: number, width: number): boolean {
    if (width === 1) return (counts[at] as number) < this.leastSize
    const { view, problem } = this
    const distribution = view.distributions[0] as Distribution
    let [size, distinct] = [0, 0]
    for (let code = 0; code < width; code++) {
      const count = counts[at + code] as number
      if (count === 0) continue
      distribution.counts[code] = count
      distribution.present[distinct++] = code
      size += count
    }
    view.size = size
    distribution.distinct = distinct
    const violated = size < this.leastSize || problem.classModels.some((model) => model.judge(view) > 0)
    clearDistribution(distribution)
    return violated
  }

  /** Judges the node at `levels`, which must be at or above the snapshot's. */
  check(levels: Uint8Array, from: Snapshot, options: CheckOptions = {}): Verdict {
    this.checks++
    const { verdict, problem } = this
    Object.assign(verdict, { feasible: false, suppressedRows: 0, floorRows: 0, score: Infinity, classes: 0 })
    const cells = this.group(levels, from, options.exhaustive === true)
    if (cells === undefined) {
      verdict.suppressedRows = verdict.floorRows = problem.limit + 1
      return verdict
    }
    this.reserve(cells.size)
    const found = this.judged(cells, from, options.exhaustive === true)
    if (found === undefined) return verdict
    const count = problem.sampleModels.length === 0 ? found.count : this.suppressSmallest(cells, found.count)
    verdict.feasible = verdict.suppressedRows <= problem.limit
    if (verdict.feasible) this.score(cells, levels, count, { floors: found.floors, tuples: from.cells })
    return verdict
  }

  /** 1 for each person whose rows are suppressed at `levels`. */
  suppressedPersons(levels: Uint8Array, from: Snapshot, persons: Persons): Uint8Array {
    this.check(levels, from, { exhaustive: true })
    return goingPersons(persons, this.visits(this.classes(levels, from), from, persons), Infinity) as Uint8Array
  }

  /** 1 for each of the snapshot's tuples whose class is suppressed at `levels`. */
  suppressedTuples(levels: Uint8Array, from: Snapshot): Uint8Array {
    this.check(levels, from, { exhaustive: true })
    const { groupOf } = this.workspace
    return Uint8Array.from({ length: from.cells.size }, (_, tuple) => this.suppressed[groupOf[tuple] as number] as number)
  }

  /** The node's classes, or undefined where classes below the least size alone hold more rows than may be suppressed. */
  private group(levels: Uint8Array, from: Snapshot, exhaustive: boolean): Cells | undefined {
    const { keyWords, limit, rows } = this.problem
    const steps = this.steps(from, levels)
    if (exhaustive || this.leastSize === 0 || limit >= rows) return regroup(from.cells, steps, this.workspace, keyWords)
    return regroupUnless(from.cells, steps, this.workspace, { keyWords, least: this.leastSize, most: limit })
  }

  private steps(from: Snapshot, levels: Uint8Array): Step[] {
    const steps: Step[] = []
    this.problem.dimensions.forEach((dimension, d) => {
      if (levels[d] !== from.levels[d]) steps.push(dimension.step(from.levels[d] as number, levels[d] as number))
    })
    return steps
  }

  private reserve(size: number): void {
    if (size <= this.suppressed.length) return
    this.suppressed = new Uint8Array(size)
    for (const name of ['groups', 'rows', 'floorGroups', 'floorRows'] as const) this[name] = new Uint32Array(size)
  }

  private judged(cells: Cells, from: Snapshot, exhaustive: boolean): { count: number; floors: number } | undefined {
    const { persons } = this.problem
    if (persons !== undefined) return this.judgePersons(cells, from, { persons, exhaustive })
    return this.onlySizes ? this.judgeSizes(cells, exhaustive) : this.judgeClasses(cells, from.cells, exhaustive)
  }

  /** Where persons are the unit: rows of those who go, here and so at every more specific node. */
  private judgePersons(cells: Cells, from: Snapshot, { persons, exhaustive }: { persons: Persons; exhaustive: boolean }): { count: number; floors: number } | undefined {
    const { verdict, groups, rows, suppressed, problem: { limit } } = this
    const visits = this.visits(cells, from, persons)
    const gone = goingPersons(persons, visits, exhaustive ? Infinity : limit)
    if (gone === undefined) {
      verdict.suppressedRows = verdict.floorRows = limit + 1
      return undefined
    }
    const lost = new Uint32Array(cells.size)
    gone.forEach((flag, person) => {
      if (flag === 0) return
      for (let at = persons.starts[person] as number; at < (persons.starts[person + 1] as number); at++) lost[visits.classes[at] as number] = (lost[visits.classes[at] as number] as number) + 1
    })
    let [count, total] = [0, 0]
    lost.forEach((those, group) => {
      suppressed[group] = those === cells.weights[0]?.[group] ? 1 : 0
      verdict.classes += 1 - (suppressed[group])
      if (those === 0) return
      groups[count] = group
      rows[count++] = those
      total += those
    })
    verdict.suppressedRows = verdict.floorRows = total
    return total > limit && !exhaustive ? undefined : { count, floors: count }
  }

  private visits(cells: Cells, { tupleOf, cells: tuples }: Snapshot, persons: Persons): Visits {
    const { groupOf } = this.workspace
    const own = tupleOf === undefined ? persons.tuples : persons.tuples.map((tuple) => tupleOf[tuple] as number)
    return {
      classes: own.map((tuple) => groupOf[tuple] as number),
      classCount: cells.size,
      values: persons.diverse.map(({ field }) => {
        const numbers = new Map<number, number>()
        const ofTuple = Uint32Array.from({ length: tuples.size }, (_, tuple) => {
          const key = (groupOf[tuple] as number) * (field.mask + 1) + codeAt(tuples, field, tuple)
          const number = numbers.get(key) ?? numbers.size
          numbers.set(key, number)
          return number
        })
        return { of: own.map((tuple) => ofTuple[tuple] as number), count: numbers.size }
      }),
    }
  }

  /** The fast path of plain k-anonymity: suppressed rows are those of small classes, here and at every more specific node. */
  private judgeSizes(cells: Cells, exhaustive: boolean): { count: number; floors: number } | undefined {
    const { groups, rows, suppressed, verdict, leastSize, problem: { limit } } = this
    const sizes = cells.weights[0] as Uint32Array
    const most = exhaustive ? Infinity : limit
    let [count, total, classes] = [0, 0, 0]
    for (let group = 0; group < cells.size; group++) {
      const size = sizes[group] as number
      const small = size < leastSize
      suppressed[group] = small ? 1 : 0
      if (!small) classes++
      else {
        groups[count] = group
        rows[count++] = size
        total += size
        if (total > most) break
      }
    }
    verdict.suppressedRows = verdict.floorRows = total
    verdict.classes = classes
    return total > limit && !exhaustive ? undefined : { count, floors: count }
  }

  private judgeClasses(cells: Cells, tuples: Cells, exhaustive: boolean): { count: number; floors: number } | undefined {
    const { suppressed, verdict, view, problem } = this
    const sizes = cells.weights[0] as Uint32Array
    const members = problem.sensitive.length === 0 ? undefined : this.sortByClass(cells.size, tuples)
    let [count, floors] = [0, 0]
    for (let group = 0; group < cells.size; group++) {
      suppressed[group] = 0
      view.size = sizes[group] as number
      for (let v = 0; v < cells.weights.length; v++) view.weights[v] = (cells.weights[v] as Uint32Array)[group] as number
      if (view.size === 0) {
        if (!this.isEmptyClassFine()) {
          verdict.suppressedRows = verdict.floorRows = Infinity
          return undefined
        }
        continue
      }
      const floor = this.judge(members, group, tuples)
      if (floor === holds) {
        verdict.classes++
        continue
      }
      suppressed[group] = 1
      this.groups[count] = group
      this.rows[count++] = view.size
      verdict.suppressedRows += view.size
      if (floor === 0) continue
      this.floorGroups[floors] = group
      this.floorRows[floors++] = floor
      verdict.floorRows += floor
      if (verdict.floorRows > problem.limit && !exhaustive) return undefined
    }
    return verdict.suppressedRows > problem.limit && !exhaustive ? undefined : { count, floors }
  }

  private isEmptyClassFine(): boolean {
    return this.problem.classModels.every((model) => model.judgesEmptyClasses !== true || model.judge(this.view) === holds)
  }

  private judge(members: { starts: Uint32Array; order: Uint32Array } | undefined, group: number, tuples: Cells): number {
    const { view, problem } = this
    if (view.size < this.leastSize) return view.size
    let floor = holds
    let [from, to] = [0, 0]
    if (members !== undefined) {
      from = members.starts[group] as number
      to = members.starts[group + 1] as number
      for (let s = 0; s < problem.sensitive.length; s++) fillDistribution(view.distributions[s] as Distribution, problem.sensitive[s]?.field as Field, tuples, members.order, from, to)
    }
    for (const model of problem.classModels) {
      const answer = model.judge(view)
      if (answer > floor) floor = answer
      if (floor === view.size) break
    }
    if (members !== undefined) for (const distribution of view.distributions) clearDistribution(distribution)
    return floor
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

  /** Suppresses all classes of the smallest size again and again until the sample models hold. */
  private suppressSmallest(cells: Cells, already: number): number {
    const { verdict, problem: { sampleModels, rows: all, limit } } = this
    const sizes = cells.weights[0] as Uint32Array
    const histogram = new Map<number, number>()
    for (let group = 0; group < cells.size; group++) if (this.suppressed[group] === 0 && sizes[group] !== 0) histogram.set(sizes[group] as number, (histogram.get(sizes[group] as number) ?? 0) + 1)
    const ascending = [...histogram.keys()].sort((a, b) => a - b)
    let [cut, rows] = [0, all - verdict.suppressedRows]
    const satisfied = (): boolean => rows === 0 || sampleModels.every((model) => model.satisfied(histogram, rows))
    // Beyond the limit the node is infeasible whatever the models say.
    while (all - rows <= limit && !satisfied()) {
      cut = ascending.shift() as number
      rows -= cut * (histogram.get(cut) as number)
      histogram.delete(cut)
    }
    let count = already
    for (let group = 0; group < cells.size && cut > 0; group++) {
      const size = sizes[group] as number
      if (this.suppressed[group] === 1 || size === 0 || size > cut) continue
      this.suppressed[group] = 1
      this.groups[count] = group
      this.rows[count++] = size
      verdict.suppressedRows += size
      verdict.classes--
    }
    // With nothing to suppress, a model that generalisation preserves and that fails here fails at every more specific node.
    if (cut > 0 && limit === 0 && sampleModels.every(({ monotone }) => monotone.generalisation)) verdict.floorRows = Math.max(verdict.floorRows, 1)
    return count
  }

  private score(cells: Cells, levels: Uint8Array, count: number, { floors, tuples }: { floors: number; tuples: Cells }): void {
    const { verdict, penalties, problem: { metric, fields } } = this
    if (metric.kind === 'classes') {
      verdict.score = metric.score({ cells, fields, levels, suppressed: this.suppressed, suppressedRows: verdict.suppressedRows, ...(metric.asksMajorities && { majorities: this.majorities(cells, tuples) }) })
      return
    }
    const { floorPenalties } = verdict
    floorPenalties.fill(0)
    generalised(metric, levels, penalties)
    const sizesOnly = this.onlySizes || this.problem.persons !== undefined
    if (floors > 0) metric.penalties({ count: floors, groups: sizesOnly ? this.groups : this.floorGroups, rows: sizesOnly ? this.rows : this.floorRows, cells, fields, levels }, floorPenalties)
    if (verdict.floorRows === verdict.suppressedRows) for (let d = 0; d < penalties.length; d++) penalties[d] = (penalties[d] as number) + (floorPenalties[d] as number)
    else if (count > 0) metric.penalties({ count, groups: this.groups, rows: this.rows, cells, fields, levels }, penalties)
    for (let d = 0; d < penalties.length; d++) if ((floorPenalties[d] as number) < 0) floorPenalties[d] = 0
    verdict.score = metric.aggregate.value(aggregated(metric.aggregate, penalties))
  }
}

/** The metric's values of a node with nothing suppressed. */
export function generalised(metric: SeparableMetric, levels: Uint8Array, into: Float64Array): void {
  for (let d = 0; d < into.length; d++) into[d] = metric.generalisation[d]?.[levels[d] as number] as number
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

function clearDistribution(distribution: Distribution): void {
  for (let i = 0; i < distribution.distinct; i++) distribution.counts[distribution.present[i] as number] = 0
}
