// Witnesses against generalisations where nothing may be suppressed: one record's class at every node of the lattice at once.
// A record's class at a node holds the tuples that meet the record at or below the node's level in every dimension. So one pass counts
// tuples by the levels at which they meet it (and by sensitive value), and sums along each dimension give every node's class.
// Cost: one pass over the tuples, then dimensions × nodes × sensitive values additions. Where the class violates, the node is infeasible.
import { codeAt, sumParts } from '@mhmd/columns'
import type { Cells, Part } from '@mhmd/columns'
import type { Snapshot } from './snapshots.ts'
import { sumAlong } from './lattice.ts'
import type { Lattice, Subtree } from './lattice.ts'
import type { Dimension, Problem } from './problem.ts'

/** Most counts a witness may need for sensitive values to be told apart. */
const mostCounts = 2 ** 20

/** How many counts a node has: one a value of the sensitive column where that is affordable, else 1, for all rows of the class. */
export function widthOf(sensitive: Problem['sensitive'], lattice: Lattice): number {
  const size = sensitive.length === 1 ? sensitive[0]?.size as number : 1
  return size * lattice.size <= mostCounts ? size : 1
}

/** Where a witness is asked: the nodes of a subtree that lie at or above the snapshot, one of whose tuples is the record. */
interface Court {
  readonly problem: Problem
  readonly snapshot: Snapshot
  readonly subtree: Subtree
  readonly width: number
}

/** The class of the snapshot's tuple `record` at each node: node n's counts are `counts[n · width … ]`. Nothing is said of nodes below the snapshot. */
export function classesOfRecord(record: number, { problem: { dimensions, sensitive }, snapshot, subtree, width }: Court): Uint32Array {
  const { cells } = snapshot
  const counts = new Uint32Array(subtree.size * width)
  const parts: Part[] = dimensions.map((dimension, d) => ({ field: dimension.field, values: meetingOffsets(dimension, record, { cells, from: snapshot.levels[d] as number, least: subtree.minLevels[d] as number, levels: subtree.sizes[d] as number, stride: (subtree.strides[d] as number) * width, never: counts.length }) }))
  if (width > 1) parts.push({ field: (sensitive[0] as Problem['sensitive'][number]).field, values: Uint32Array.from({ length: width }, (_, code) => code) })
  const nodes = new Uint32Array(cells.size)
  sumParts(cells, parts, nodes)
  countNodes(nodes, cells.weights[0] as Uint32Array, counts)
  subtree.strides.forEach((stride, d) => { if ((subtree.sizes[d] as number) > 1) sumAlong(counts, stride * width, subtree.sizes[d] as number) })
  return counts
}

/** Per code at level `from`: how far above the least level it first shares the record's label, times the stride; `never` if at no level. */
function meetingOffsets({ field, step }: Dimension, record: number, { cells, from, least, levels, stride, never }: { cells: Cells; from: number; least: number; levels: number; stride: number; never: number }): Uint32Array {
  const own = codeAt(cells, field, record)
  const offsets = new Uint32Array(step(from, from).codes.length).fill(never)
  for (let up = levels - 1; up >= Math.max(0, from - least); up--) {
    const { codes } = step(from, least + up)
    const [label, offset] = [codes[own] as number, up * stride]
    for (let code = 0; code < offsets.length; code++) if (codes[code] === label) offsets[code] = offset
  }
  return offsets
}

function countNodes(nodes: Uint32Array, weight: Uint32Array, counts: Uint32Array): void {
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i] as number
    if (node < counts.length) counts[node] = (counts[node] as number) + (weight[i] as number)
  }
}

/** How far each of a snapshot's tuples stands out: over all dimensions and levels from there on, how rare its labels are, in 64ths of a bit. */
export function rarities({ dimensions, rows }: Problem, { levels: from, cells }: Snapshot): Uint32Array {
  const sums = new Uint32Array(cells.size)
  sumParts(cells, dimensions.map(({ field, minLevel, levels, step, rowsAt }, d) => {
    const here = from[d] as number
    const values = new Uint32Array(step(here, here).codes.length)
    for (let level = here; level < minLevel + levels; level++) {
      const { codes } = step(here, level)
      const bits = Array.from(rowsAt[level] as Uint32Array, (own) => own === 0 ? 0 : Math.round(64 * Math.log2(rows / own)))
      for (let code = 0; code < values.length; code++) values[code] = (values[code] as number) + (bits[codes[code] as number] as number)
    }
    return { field, values }
  }), sums)
  return sums
}
