// Witnesses against generalisations where nothing may be suppressed: one record's class at every node of the lattice at once.
// A record's class at a node holds the tuples that meet the record at or below the node's level in every dimension. So one pass counts
// tuples by the levels at which they meet it (and by sensitive value), and sums along each dimension give every node's class.
// Cost: one pass over the tuples, then dimensions × nodes × sensitive values additions. Where the class violates, the node is infeasible.
import type { Cells, Field } from '@mhmd/columns'
import { digitsOf } from './lattice.ts'
import type { Lattice } from './lattice.ts'
import type { Dimension, Problem } from './problem.ts'

/** Most counts a witness may need for sensitive values to be told apart. */
const mostCounts = 2 ** 20

/** How many counts a node has: one a value of the sensitive column where that is affordable, else 1, for all rows of the class. */
export function widthOf(sensitive: Problem['sensitive'], lattice: Lattice): number {
  const size = sensitive.length === 1 ? sensitive[0]?.size as number : 1
  return size * lattice.size <= mostCounts ? size : 1
}

/** The class of base tuple `record` at each node: node n's counts are `counts[n · width … ]`. */
export function classesOfRecord(record: number, { base, dimensions, sensitive }: Problem, lattice: Lattice): Uint32Array {
  const width = widthOf(sensitive, lattice)
  const counts = new Uint32Array(lattice.size * width)
  const parts: Part[] = dimensions.map((dimension, d) => ({ field: dimension.field, offsets: meetingOffsets(dimension, record, { base, stride: (lattice.strides[d] as number) * width, never: counts.length }) }))
  if (width > 1) parts.push({ field: (sensitive[0] as Problem['sensitive'][number]).field, offsets: Uint32Array.from({ length: width }, (_, code) => code) })
  countMeetings(base, parts, counts)
  lattice.strides.forEach((stride, d) => { sumAlong(counts, stride * width, lattice.sizes[d] as number) })
  return counts
}

interface Part {
  readonly field: Field
  readonly offsets: Uint32Array
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

function countMeetings({ size, words, weights }: Cells, parts: readonly Part[], sizes: Uint32Array): void {
  const nodes = new Uint32Array(size)
  for (let p = 0; p < parts.length; p += 2) {
    const { field: { word: wordA, shift: shiftA, mask: maskA }, offsets: offsetA } = parts[p] as Part
    // An odd part at the end is paired with nothing: a field of mask 0 and an offset of 0.
    const { field: { word: wordB, shift: shiftB, mask: maskB }, offsets: offsetB } = parts[p + 1] ?? { field: { word: wordA, shift: 0, mask: 0 }, offsets: new Uint32Array(1) }
    const [fromA, fromB] = [words[wordA] as Uint32Array, words[wordB] as Uint32Array]
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
