// Tuples grouped at some levels, kept as the start of checks at the same or higher levels; and how tuples get from one to the other.
import { keep, regroup, regroupIfFewer } from '@mhmd/columns'
import type { Cells, Grouping, Step, Workspace } from '@mhmd/columns'
import type { Problem } from './problem.ts'

/** Tuples at some levels: the start of checks at the same or higher levels. */
export interface Snapshot {
  readonly levels: Uint8Array
  readonly cells: Cells
  /** Where persons are the unit: the snapshot's tuple of each tuple of the base; absent where they are the same. */
  readonly tupleOf?: Uint32Array | undefined
  /** Levels up to which its tuples hardly merge. */
  readonly apartAt?: Uint8Array
}

/** Tuples of a snapshot from which a shorter one is looked for first, and how long that may be as a share. */
const [fewTuples, worthwhile] = [4096, 3 / 4]

/** Groups in the workspace. */
export class Snapshots {
  private readonly problem: Problem
  private readonly workspace: Workspace

  constructor(problem: Problem, workspace: Workspace) {
    this.problem = problem
    this.workspace = workspace
  }

  /** The tuples of a snapshot at higher levels, as a snapshot that stays. */
  snapshot(from: Snapshot, levels: Uint8Array): Snapshot {
    return this.kept(from, levels, regroup(from.cells, this.allSteps(from, levels), this.workspace, this.byAll(levels)))
  }

  /** As `snapshot`; the one it starts from where that would hardly be shorter. */
  shorter(from: Snapshot, levels: Uint8Array): Snapshot {
    if (from.cells.size < fewTuples) return this.snapshot(from, levels)
    if (from.apartAt !== undefined && levels.every((level, d) => level <= (from.apartAt?.[d] as number))) return from
    const cells = regroupIfFewer(from.cells, this.allSteps(from, levels), this.workspace, { ...this.byAll(levels), share: worthwhile })
    return cells === undefined ? { ...from, apartAt: levels } : this.kept(from, levels, cells)
  }

  private kept(from: Snapshot, levels: Uint8Array, rolled: Cells): Snapshot {
    const cells = keep(rolled)
    if (this.problem.persons === undefined) return { levels, cells }
    const { groupOf } = this.workspace
    return { levels, cells, tupleOf: from.tupleOf?.map((tuple) => groupOf[tuple] as number) ?? groupOf.slice(0, from.cells.size) }
  }

  steps(from: Snapshot, levels: Uint8Array): Step[] {
    return this.problem.dimensions.map(({ step }, d) => step(from.levels[d] as number, levels[d] as number))
  }

  /** With sensitive columns left as they are. */
  private allSteps(from: Snapshot, levels: Uint8Array): Step[] {
    return [...this.steps(from, levels), ...this.problem.sensitive.map(({ keep }) => keep)]
  }

  private byAll(levels: Uint8Array): Grouping {
    const { dimensions, sensitive } = this.problem
    return { labels: [...dimensions.map(({ labels }, d) => labels(levels[d] as number)), ...sensitive.map(({ size }) => size)] }
  }

  /** Tuples told apart by their quasi-identifiers alone. */
  byKey(levels: Uint8Array): Grouping {
    const { keyWords, dimensions } = this.problem
    return { keyWords, labels: dimensions.map(({ labels }, d) => labels(levels[d] as number)) }
  }
}
