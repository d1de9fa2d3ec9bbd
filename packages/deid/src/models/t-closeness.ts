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
  const [inside, positive] = [new Float64Array(widest), new Float64Array(widest)]
  const [nodes, parents] = [new Uint32Array(widest), new Uint32Array(widest)]
  return ({ counts, present, distinct }, size) => {
    for (let i = 0; i < distinct; i++) {
      const code = present[i] as number
      nodes[i] = code
      inside[code] = (counts[code] as number) / size
    }
    let cost = 0
    for (let height = 1, count = distinct; height < levels.length; height++) {
      const step = climb({ levels, height, count, nodes, parents, inside, positive })
      cost += step.cost * height / (levels.length - 1)
      count = step.count
    }
    // What is left at the top must not leak into the next class.
    for (let i = 0; i < widest; i++) inside[i] = 0
    return cost
  }
}

interface Climb {
  readonly levels: readonly TreeLevel[]
  readonly height: number
  readonly count: number
  readonly nodes: Uint32Array
  readonly parents: Uint32Array
  readonly inside: Float64Array
  readonly positive: Float64Array
}

/** One level up: moves the shares of occurring nodes to their parents; nodes without rows only add negative extra. */
function climb({ levels, height, count, nodes, parents, inside, positive }: Climb): { cost: number; count: number } {
  const below = levels[height - 1] as TreeLevel
  const here = levels[height] as TreeLevel
  const sums = new Float64Array(count)
  let found = 0
  for (let i = 0; i < count; i++) {
    const node = nodes[i] as number
    const parent = below.parent[node] as number
    const share = inside[node] as number
    const extra = share - (below.share[node] as number)
    let place = parents.subarray(0, found).indexOf(parent)
    if (place < 0) {
      place = found++
      parents[place] = parent
      positive[place] = 0
    }
    sums[place] = (sums[place] as number) + share
    if (extra > 0) positive[place] = (positive[place] as number) + extra
  }
  for (let i = 0; i < count; i++) inside[nodes[i] as number] = 0
  let cost = 0
  for (let place = 0; place < found; place++) {
    const parent = parents[place] as number
    nodes[place] = parent
    inside[parent] = sums[place] as number
    const extra = (sums[place] as number) - (here.share[parent] as number)
    cost += Math.max(0, Math.min(positive[place] as number, (positive[place] as number) - extra))
  }
  return { cost, count: found }
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
