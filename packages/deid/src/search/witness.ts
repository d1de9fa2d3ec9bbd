// Witnesses against generalisations where nothing may be suppressed: the size of one record's class at every node of the lattice at once.
// A record's class at a node holds the tuples that meet the record at or below the node's level in every dimension. So one pass counts
// tuples by the levels at which they meet it, and sums along each dimension give all sizes. Cost: one pass over the tuples, then
// dimensions × nodes additions. Where a size is below what the models ask of every class, the node is infeasible.
import type { Cells, Field } from '@mhmd/columns'
import { digitsOf } from './lattice.ts'
import type { Lattice } from './lattice.ts'
import type { Dimension, Problem } from './problem.ts'

/** Rows in the class of base tuple `record` at each node. */
export function classSizesOf(record: number, { base, dimensions }: Problem, lattice: Lattice): Uint32Array {
  const sizes = new Uint32Array(lattice.size)
  const offsets = dimensions.map((dimension, d) => meetingOffsets(dimension, record, { base, stride: lattice.strides[d] as number, never: lattice.size }))
  countMeetings(base, dimensions, offsets, sizes)
  lattice.strides.forEach((stride, d) => { sumAlong(sizes, stride, lattice.sizes[d] as number) })
  return sizes
}

/** Per code: how far above the least level it first shares the record's label, times the stride; `never` if at no level. */
function meetingOffsets({ field, minLevel, levels, step }: Dimension, record: number, { base, stride, never }: { base: Cells; stride: number; never: number }): Uint32Array {
  const own = (((base.words[field.word] as Uint32Array)[record] as number) >>> field.shift) & field.mask
  const offsets = new Uint32Array(step(minLevel, minLevel).map.length).fill(never)
  for (let up = levels - 1; up >= 0; up--) {
    const { map } = step(minLevel, minLevel + up)
    map.forEach((label, code) => { if (label === map[own]) offsets[code] = up * stride })
  }
  return offsets
}

function countMeetings({ size, words, weights }: Cells, dimensions: readonly Dimension[], offsets: readonly Uint32Array[], sizes: Uint32Array): void {
  const nodes = new Uint32Array(size)
  for (let d = 0; d < dimensions.length; d += 2) {
    const { word: wordA, shift: shiftA, mask: maskA } = (dimensions[d] as Dimension).field
    // An odd dimension at the end is paired with nothing: field bits of mask 0 and an offset of 0.
    const { word: wordB, shift: shiftB, mask: maskB } = dimensions[d + 1]?.field ?? { word: wordA, shift: 0, mask: 0 }
    const [fromA, fromB] = [words[wordA] as Uint32Array, words[wordB] as Uint32Array]
    const [offsetA, offsetB] = [offsets[d] as Uint32Array, offsets[d + 1] ?? new Uint32Array(1)]
    for (let i = 0; i < size; i++) nodes[i] = (nodes[i] as number) + (offsetA[((fromA[i] as number) >>> shiftA) & maskA] as number) + (offsetB[((fromB[i] as number) >>> shiftB) & maskB] as number)
  }
  const weight = weights[0] as Uint32Array
  for (let i = 0; i < size; i++) {
    const node = nodes[i] as number
    if (node < sizes.length) sizes[node] = (sizes[node] as number) + (weight[i] as number)
  }
}

function sumAlong(sizes: Uint32Array, stride: number, levels: number): void {
  for (let block = 0; block < sizes.length; block += stride * levels) {
    for (let node = block + stride; node < block + stride * levels; node++) sizes[node] = (sizes[node] as number) + (sizes[node - stride] as number)
  }
}

/** A base tuple whose class at a node is one of the smallest. `classes` are the node's. */
export function rarestTuple(problem: Problem, lattice: Lattice, node: number, classes: Cells): number {
  const sizes = classes.weights[0] as Uint32Array
  let rarest = -1
  for (let group = 0; group < classes.size; group++) if ((sizes[group] as number) > 0 && (rarest < 0 || (sizes[group] as number) < (sizes[rarest] as number))) rarest = group
  const digits = digitsOf(lattice, node, new Uint8Array(lattice.sizes.length))
  const alike = new Uint32Array(problem.base.size)
  let count = problem.base.size
  for (let i = 0; i < count; i++) alike[i] = i
  problem.dimensions.forEach(({ field, minLevel, step }, d) => {
    const label = (((classes.words[field.word] as Uint32Array)[rarest] as number) >>> field.shift) & field.mask
    const { map } = step(minLevel, minLevel + (digits[d] as number))
    const isAlike = Uint8Array.from(map, (shifted) => ((shifted >>> field.shift) & field.mask) === label ? 1 : 0)
    count = narrow(alike, count, { codes: problem.base.words[field.word] as Uint32Array, field, isMarked: isAlike })
  })
  return count > 0 ? alike[0] as number : -1
}

/** Keeps, at the front of the list, the tuples whose code in a field is marked. */
function narrow(list: Uint32Array, count: number, { codes, field: { shift, mask }, isMarked }: { codes: Uint32Array; field: Field; isMarked: Uint8Array }): number {
  let kept = 0
  for (let s = 0; s < count; s++) {
    const i = list[s] as number
    list[kept] = i
    kept += isMarked[((codes[i] as number) >>> shift) & mask] as number
  }
  return kept
}
