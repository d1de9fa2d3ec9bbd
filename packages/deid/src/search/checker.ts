// Checks one node: groups a snapshot's tuples at the node's levels, asks the models, and scores what is left.
import { regroup, regroupUnless, Workspace } from '@mhmd/columns'
import type { Cells } from '@mhmd/columns'
import { aggregated } from '../metrics/aggregate.ts'
import type { ClassMetric, SeparableMetric } from '../metric.ts'
import type { ClassView, Distribution } from '../model.ts'
import { holds } from '../model.ts'
import { ClassDistributions, clearDistribution } from './class-distributions.ts'
import { latticeOf } from './lattice.ts'
import { goingPersons } from './persons.ts'
import type { Persons } from './persons.ts'
import type { Problem } from './problem.ts'
import { Snapshots } from './snapshots.ts'
import type { Snapshot } from './snapshots.ts'
import { suppressSmallest } from './suppress-smallest.ts'
import type { Verdict } from './verdict.ts'
import { VisitedNodes } from './visited-nodes.ts'
import { visitsOf } from './visits.ts'

export interface CheckOptions {
  /** Don't stop when infeasibility is certain, so that `suppressedRows` is exact. */
  readonly exhaustive?: boolean
}

/** Where rows may be suppressed there are hundreds of checks, and a WebAssembly memory pays for fewer tuples. */
const fewWithSuppression = 1 << 14

export class Checker {
  checks = 0
  /** Nodes checked, each once. */
  readonly visited: VisitedNodes
  readonly verdict: Verdict
  readonly problem: Problem
  private readonly workspace: Workspace
  private readonly distributions: ClassDistributions
  readonly snapshots: Snapshots
  private readonly view: ClassView
  suppressed = new Uint8Array(0)
  groups = new Uint32Array(0)
  rows = new Uint32Array(0)
  private floorGroups = new Uint32Array(0)
  private floorRows = new Uint32Array(0)
  private readonly penalties: Float64Array
  /** Rows the models ask of every class at least; 0 if they don't. */
  readonly leastSize: number
  private readonly onlySizes: boolean

  constructor(problem: Problem) {
    this.problem = problem
    this.visited = new VisitedNodes(latticeOf(problem.dimensions))
    this.workspace = problem.limit > 0 ? new Workspace({ fewest: fewWithSuppression }) : new Workspace()
    this.snapshots = new Snapshots(problem, this.workspace)
    this.distributions = new ClassDistributions(problem, this.workspace)
    this.view = { size: 0, weights: problem.base.weights.map(() => 0), distributions: this.distributions.all }
    this.verdict = { feasible: false, suppressedRows: 0, floorRows: 0, score: Infinity, floorPenalties: new Float64Array(problem.dimensions.length), classes: 0 }
    this.penalties = new Float64Array(problem.dimensions.length)
    this.leastSize = Math.max(0, ...problem.classModels.map(({ leastSize }) => leastSize ?? 0))
    this.onlySizes = problem.persons === undefined && problem.sensitive.length === 0 && problem.base.weights.length === 1 && problem.classModels.every(({ type }) => type === 'k-anonymity')
  }

  /** Tuples merged by quasi-identifiers alone; lives in the workspace until the next call. */
  classesOf(cells: Cells): Cells {
    return regroup(cells, [], this.workspace, { keyWords: this.problem.keyWords })
  }

  /** A lower bound of a class metric at every node at or above these tuples' levels. */
  bound(metric: ClassMetric, cells: Cells, levels: Uint8Array): number {
    const { keyWords, fields } = this.problem
    const classes = keyWords === cells.words.length ? cells : this.classesOf(cells)
    return metric.bound(classes, fields, levels, metric.asksMajorities && this.majorities(classes, cells))
  }

  private majorities(classes: Cells, tuples: Cells): Uint32Array {
    return this.distributions.majorities(this.problem.target as number, classes, tuples)
  }

  /** The classes of a node; live in the workspace until the next call. */
  classes(levels: Uint8Array, from: Snapshot): Cells {
    return regroup(from.cells, this.snapshots.steps(from, levels), this.workspace, this.snapshots.byKey(levels))
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
    this.visited.note(levels)
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
    const count = problem.sampleModels.length === 0 ? found.count : suppressSmallest(cells, found.count, this)
    verdict.feasible = verdict.suppressedRows <= problem.limit
    if (verdict.feasible) this.score(cells, levels, count, { floors: found.floors, tuples: from.cells })
    return verdict
  }

  /** 1 for each person whose rows are suppressed at `levels`. */
  suppressedPersons(levels: Uint8Array, from: Snapshot, persons: Persons): Uint8Array {
    this.check(levels, from, { exhaustive: true })
    const { size: classCount } = this.classes(levels, from)
    return goingPersons(persons, visitsOf(persons, from, { groupOf: this.workspace.groupOf, classCount }), Infinity) as Uint8Array
  }

  /** 1 for each of the snapshot's tuples whose class is suppressed at `levels`. */
  suppressedTuples(levels: Uint8Array, from: Snapshot): Uint8Array {
    this.check(levels, from, { exhaustive: true })
    const { groupOf } = this.workspace
    const flags = new Uint8Array(from.cells.size)
    for (let tuple = 0; tuple < flags.length; tuple++) flags[tuple] = this.suppressed[groupOf[tuple] as number] as number
    return flags
  }

  /** After an exhaustive check: the tuple of a suppressed class that stands out most; −1 where no class is suppressed. */
  outlier(from: Snapshot, rarity: Uint32Array): number {
    const { suppressed, workspace: { groupOf } } = this
    let [outlier, most] = [-1, -1]
    for (let tuple = 0; tuple < from.cells.size; tuple++) {
      if (suppressed[groupOf[tuple] as number] === 0 || (rarity[tuple] as number) <= most) continue
      outlier = tuple
      most = rarity[tuple] as number
    }
    return outlier
  }

  /** The node's classes, or undefined where classes below the least size alone hold more rows than may be suppressed. */
  private group(levels: Uint8Array, from: Snapshot, exhaustive: boolean): Cells | undefined {
    const { limit, rows } = this.problem
    const steps = this.snapshots.steps(from, levels)
    if (exhaustive || this.leastSize === 0 || limit >= rows) return regroup(from.cells, steps, this.workspace, this.snapshots.byKey(levels))
    return regroupUnless(from.cells, steps, this.workspace, { ...this.snapshots.byKey(levels), least: this.leastSize, most: limit })
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
    const visits = visitsOf(persons, from, { groupOf: this.workspace.groupOf, classCount: cells.size })
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
    const fill = this.distributions.of(cells.size, tuples)
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
      const floor = this.judge(fill, group)
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

  private judge(fill: ((group: number) => void) | undefined, group: number): number {
    const { view, problem } = this
    if (view.size < this.leastSize) return view.size
    let floor = holds
    fill?.(group)
    for (const model of problem.classModels) {
      const answer = model.judge(view)
      if (answer > floor) floor = answer
      if (floor === view.size) break
    }
    if (fill !== undefined) for (const distribution of view.distributions) clearDistribution(distribution)
    return floor
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
