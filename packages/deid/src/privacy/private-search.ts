// Chooses a node with its own privacy budget: permute-and-flip (McKenna and Sheldon, NeurIPS 2020) over every node of the lattice.
// A node's score counts, over the classes of `least` rows or more, what their labels still tell: whole numbers from 0 to 1000 a cell, taken from the
// hierarchies alone. One row more or less moves it by `least` rows' worth at most (a class that comes in or drops out), so the
// sensitivity is least · 1000 · columns, whatever the data.
import { codeAt, regroup, Workspace } from '@mhmd/columns'
import type { Cells } from '@mhmd/columns'
import { deidErrors } from '../errors.ts'
import type { Hierarchy, HierarchyLevel } from '../hierarchy.ts'
import { bernoulliExp, indexBelow } from '../masks/samplers.ts'
import type { Rational } from '../masks/samplers.ts'
import type { BitSource } from '../masks/secret-stream.ts'
import { digitsOf, latticeOf } from '../search/lattice.ts'
import type { Lattice } from '../search/lattice.ts'
import type { Problem } from '../search/problem.ts'

const mostNodes = 20_000
const full = 1000

export interface PrivateSearch {
  readonly epsilon: Rational
  /** Rows a class must have to count. */
  readonly least: number
  /** By dimension. */
  readonly hierarchies: readonly Hierarchy[]
}

/** The chosen node's levels, by dimension. */
export function privateSearch(problem: Problem, { epsilon, least, hierarchies }: PrivateSearch, source: BitSource): Uint8Array {
  const lattice = latticeOf(problem.dimensions)
  if (lattice.size > mostNodes) throw deidErrors.DP_LATTICE({ nodes: lattice.size, most: mostNodes })
  const chosen = permuteAndFlip(nodeScores(problem, { least, hierarchies }), { epsilon, sensitivity: sensitivityOf(least, hierarchies.length) }, source)
  return levelsAt(lattice, chosen)
}

const levelsAt = (lattice: Lattice, node: number): Uint8Array => digitsOf(lattice, node, new Uint8Array(lattice.sizes.length)).map((digit, d) => digit + (lattice.minLevels[d] as number))

/** The score of every node, in the lattice's order. */
export function nodeScores(problem: Problem, options: Omit<PrivateSearch, 'epsilon'>): Float64Array {
  const lattice = latticeOf(problem.dimensions)
  return Float64Array.from({ length: lattice.size }, (_, node) => scoreOf(problem, levelsAt(lattice, node), options))
}

/** What one row more or less moves a score by, at most. */
export const sensitivityOf = (least: number, columns: number): number => least * full * columns

/** Candidates in random order; each is taken with probability exp(ε(score − best) / 2Δ). Exact: whole scores, rational ε. */
export function permuteAndFlip(scores: Float64Array, { epsilon, sensitivity }: { epsilon: Rational; sensitivity: number }, source: BitSource): number {
  const best = scores.reduce((most, score) => Math.max(most, score), -Infinity)
  const left = Uint32Array.from(scores.keys())
  for (let count = left.length; ; count--) {
    const drawn = indexBelow(count, source)
    const node = left[drawn] as number
    left[drawn] = left[count - 1] as number
    if (bernoulliExp({ num: epsilon.num * BigInt(best - (scores[node] as number)), den: epsilon.den * 2n * BigInt(sensitivity) }, source)) return node
  }
}

function scoreOf(problem: Problem, levels: Uint8Array, { least, hierarchies }: Omit<PrivateSearch, 'epsilon'>): number {
  const steps = problem.dimensions.flatMap(({ minLevel, step }, d) => levels[d] === minLevel ? [] : [step(minLevel, levels[d] as number)])
  const classes: Cells = regroup(problem.base, steps, workspace, { keyWords: problem.keyWords })
  const worth = hierarchies.map((hierarchy, d) => worthOf(hierarchy, levels[d] as number))
  let score = 0
  for (let group = 0; group < classes.size; group++) {
    const size = (classes.weights[0] as Uint32Array)[group] as number
    if (size < least) continue
    let cells = 0
    for (let d = 0; d < worth.length; d++) cells += (worth[d] as Uint32Array)[codeAt(classes, problem.fields[d] as Problem['fields'][number], group)] as number
    score += size * cells
  }
  return score
}

const workspace = new Workspace()

/** What each label of a level tells, from the hierarchy file alone: all of it for one value, nothing for all of them. */
function worthOf({ levels, fileRows }: Hierarchy, level: number): Uint32Array {
  return (levels[level] as HierarchyLevel).fileRows.map((rows) => fileRows <= 1 ? full : Math.floor(full * (fileRows - rows) / (fileRows - 1)))
}
