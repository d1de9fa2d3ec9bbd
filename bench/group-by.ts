// Bench: grouping of tuples by the JavaScript loops and by the WebAssembly ones, on the same data, alternating in one process.
// Usage: npm run bench -- group-by [TUPLES] [ROUNDS]   Seed 27. Processor time of whole calls of `regroup`, copies into the memory included.
import assert from 'node:assert/strict'
import { cpus, loadavg } from 'node:os'
import { layOut, packRows, regroup, stepOf, Workspace } from '@mhmd/columns'
import type { Cells, Grouping } from '@mhmd/columns'
import { seeded } from '../tests/deid-random-jobs.ts'

const [tuples = 216_000, rounds = 21] = process.argv.slice(2).map(Number)
const [here, there] = [new Workspace({ fewest: Infinity }), new Workspace({ fewest: 0 })]
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] as number

function spent(work: () => Cells): { size: number; took: number } {
  const before = process.cpuUsage()
  const { size } = work()
  const { user, system } = process.cpuUsage(before)
  return { size, took: (user + system) / 1000 }
}

/** Nine columns as of a survey; the first carries which of some combinations a tuple belongs to. */
function cellsOf(combinations: number): { cells: Cells; steps: ReturnType<typeof stepOf>[] } {
  const random = seeded(27)
  const sizes = [155, 101, 23, 18, 7, 6, 6, 4, 3]
  const known = Array.from({ length: combinations }, () => sizes.map((size) => Math.floor(size * random() ** 2)))
  const rows = Array.from({ length: tuples }, () => known[Math.floor(random() * combinations)] as number[])
  const { fields } = layOut(sizes)
  const words = packRows(tuples, sizes.map((_, c) => Uint16Array.from(rows, (row) => row[c] as number)), fields, sizes.map(() => undefined))
  return { cells: { size: tuples, words, weights: [new Uint32Array(tuples).fill(1)] }, steps: fields.map((field, f) => stepOf(field, Uint32Array.from({ length: sizes[f] as number }, (_, code) => code))) }
}

console.log(`machine: ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, node ${process.version}, load ${loadavg()[0]?.toFixed(1) ?? ''}; ${tuples} tuples of nine columns, ${rounds} rounds`)
for (const combinations of [400, 10_000, 200_000]) {
  const { cells, steps } = cellsOf(combinations)
  // One number a tuple in a flat table (two columns), by hash (six columns), and two words by hash (all columns as they are).
  const two = steps.map(({ field, codes }, f) => f === 2 || f === 3 ? stepOf(field, codes) : stepOf(field, new Uint32Array(codes.length)))
  const six = steps.map(({ field, codes }, f) => f < 6 && f !== 0 ? stepOf(field, codes) : stepOf(field, new Uint32Array(codes.length)))
  const shapes: readonly (readonly [string, typeof steps, Grouping])[] = [
    ['flat table', two, { labels: steps.map((_, f) => f === 2 ? 23 : f === 3 ? 18 : 1) }],
    ['hashed, one number', six, { labels: [1, 101, 23, 18, 7, 6, 1, 1, 1] }],
    ['hashed, two words', [], {}],
  ]
  for (const [name, own, grouping] of shapes) {
    const [js, wasm]: [number[], number[]] = [[], []]
    let groups = 0
    for (let round = -3; round < rounds; round++) {
      const plain = spent(() => regroup(cells, own, here, grouping))
      const byKernels = spent(() => regroup(cells, own, there, grouping))
      assert.equal(plain.size, byKernels.size)
      groups = plain.size
      if (round >= 0) [js[round], wasm[round]] = [plain.took, byKernels.took]
    }
    console.log(`${name}, ${groups} groups: JavaScript ${median(js).toFixed(2)} ms, WebAssembly ${median(wasm).toFixed(2)} ms, ratio of pairs ${median(js.map((took, i) => took / (wasm[i] as number))).toFixed(2)}`)
  }
}
