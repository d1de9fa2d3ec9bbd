// t-closeness: each class's sensitive values lie within earth mover's distance t of the input's (Li, Li, Venkatasubramanian, ICDE 2007).
// Ground distances: equal (§IV.A of the journal version, TKDE 22(7)), ordered, hierarchical.
import { atLeast, holds, tolerance } from '../model.ts'
import type { ClassModel, ClassView, Distribution, SensitiveColumn } from '../model.ts'
import type { ModelType } from '../job.ts'

/** Distance of a class's distribution from the input's, 0 to 1. */
export type Distance = (distribution: Distribution, size: number) => number

export function tCloseness(type: ModelType, t: number, column: number, distance: Distance): ClassModel {
  return {
    scope: 'class',
    type,
    monotone: { generalisation: true, suppression: false },
    judge(view) {
      const found = distance(view.distributions[column] as Distribution, view.size)
      return found <= t + tolerance ? holds : floorOf(view, found, t + tolerance)
    },
  }
}

// The distance is convex and at most 1: n·d ≤ V·1 + (n − V)·t.
function floorOf(view: ClassView, found: number, t: number): number {
  return atLeast(view.size * (found - t) / (1 - t), 1, view.size)
}

/** Every two values are 1 apart: half the sum of absolute differences. */
export function equalDistance({ share }: SensitiveColumn): Distance {
  return ({ counts, present, distinct }, size) => {
    let sum = 0
    for (let i = 0; i < distinct; i++) {
      const code = present[i] as number
      const extra = (counts[code] as number) / size - (share[code] as number)
      if (extra > 0) sum += extra
    }
    return sum
  }
}

/** The m values of the input in order; neighbours are 1/(m − 1) apart. */
export function orderedDistance({ share, rank }: SensitiveColumn): Distance {
  const inOrder = new Uint32Array(rank.length)
  rank.forEach((position, code) => { inOrder[position] = code })
  const occurring = inOrder.filter((code) => (share[code] as number) > 0)
  return ({ counts }, size) => {
    let [sum, carried] = [0, 0]
    for (const code of occurring) {
      carried += (counts[code] as number) / size - (share[code] as number)
      sum += Math.abs(carried)
    }
    return occurring.length > 1 ? sum / (occurring.length - 1) : 0
  }
}

interface TreeLevel {
  /** Code at this level -> code at the next. */
  readonly parent: Uint32Array
  readonly share: Float64Array
}

/** Two values are as far apart as the level that joins them is high: cost of a node = height/H · min(positive, negative extra of its children). */
export function hierarchicalDistance(column: SensitiveColumn): Distance {
  const levels = treeOf(column)
  const widest = Math.max(1, ...levels.map((level) => level.share.length))
  const climber = new Climber(widest)
  return ({ counts, present, distinct }, size) => {
    for (let i = 0; i < distinct; i++) {
      const code = present[i] as number
      climber.nodes[i] = code
      climber.inside[i] = (counts[code] as number) / size
    }
    let [cost, count] = [0, distinct]
    for (let height = 1; height < levels.length; height++) {
      count = climber.up(levels[height - 1] as TreeLevel, levels[height] as TreeLevel, count)
      cost += climber.cost * height
    }
    return levels.length > 1 ? cost / (levels.length - 1) : 0
  }
}

/** Carries the shares of occurring nodes up level by level; nodes without rows only add negative extra. */
class Climber {
  readonly nodes: Uint32Array
  readonly inside: Float64Array
  cost = 0
  private readonly placeOf: Int32Array
  private readonly parents: Uint32Array
  private readonly sums: Float64Array
  private readonly positive: Float64Array

  constructor(widest: number) {
    this.nodes = new Uint32Array(widest)
    this.inside = new Float64Array(widest)
    this.placeOf = new Int32Array(widest).fill(-1)
    this.parents = new Uint32Array(widest)
    this.sums = new Float64Array(widest)
    this.positive = new Float64Array(widest)
  }

  /** One level up; `cost` becomes the mass that must cross between children of each node here. Returns the occurring nodes. */
  up(below: TreeLevel, here: TreeLevel, count: number): number {
    const { nodes, inside, placeOf, parents, sums, positive } = this
    let found = 0
    for (let i = 0; i < count; i++) {
      const node = nodes[i] as number
      const parent = below.parent[node] as number
      let place = placeOf[parent] as number
      if (place < 0) {
        placeOf[parent] = place = found++
        parents[place] = parent
        sums[place] = positive[place] = 0
      }
      const share = inside[i] as number
      sums[place] = (sums[place] as number) + share
      const extra = share - (below.share[node] as number)
      if (extra > 0) positive[place] = (positive[place] as number) + extra
    }
    this.cost = 0
    for (let place = 0; place < found; place++) {
      const parent = parents[place] as number
      placeOf[parent] = -1
      nodes[place] = parent
      inside[place] = sums[place] as number
      const extra = (sums[place] as number) - (here.share[parent] as number)
      this.cost += Math.max(0, Math.min(positive[place] as number, (positive[place] as number) - extra))
    }
    return found
  }
}

function treeOf({ share, hierarchy }: SensitiveColumn): TreeLevel[] {
  const levels = hierarchy?.levels ?? []
  return levels.map((level, height) => {
    const shares = new Float64Array(level.labels.length)
    const parent = new Uint32Array(level.labels.length)
    level.codeOf.forEach((code, base) => {
      shares[code] = (shares[code] as number) + (share[base] as number)
      parent[code] = levels[height + 1]?.codeOf[base] ?? 0
    })
    return { parent, share: shares }
  })
}
