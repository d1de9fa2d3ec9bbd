import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { codeAt, columnOf, WorkerPool } from '@mhmd/columns'
import { compileHierarchy } from '../hierarchies/compile.ts'
import { sourceOf } from '../hierarchies/source.ts'
import { Checker } from './checker.ts'
import type { Snapshot } from './snapshots.ts'
import { countedRows } from './counted-rows.ts'
import { decomposedBounds } from './decomposed-bound.ts'
import { exactSearch } from './exact.ts'
import { generator, heuristicSearch } from './heuristic.ts'
import { digitsOf, latticeOf, subtreeOf } from './lattice.ts'
import { compileProblem, problemOf } from './problem.ts'
import type { ProblemInput } from './problem-input.ts'
import type { Problem } from './problem.ts'
import { helpFor } from './shared-search.ts'
import type { Help, Share } from './shared-search.ts'
import { classesOfRecord } from './witness.ts'

/** A random table of correlated columns with hierarchies of three levels. */
function randomInput(seed: number, changes: Partial<ProblemInput> = {}): ProblemInput {
  const random = generator(seed)
  const rows = 40 + Math.floor(random() * 80)
  const shared = Array.from({ length: rows }, () => random())
  const quasiIdentifiers = Array.from({ length: 2 + Math.floor(random() * 3) }, (_, q) => {
    const size = 2 + Math.floor(random() * 8)
    const values = shared.map((common) => String(Math.floor((random() < 0.5 ? common : random()) * size)))
    const column = columnOf(`q${q}`, values)
    const domain = Array.from({ length: size }, (_, value) => String(value))
    const source = sourceOf(column.name, [domain, domain.map((value) => `g${Math.floor(Number(value) / 3)}`), domain.map(() => '*')])
    return { name: column.name, codes: column.codes, hierarchy: compileHierarchy(source, column), minLevel: 0, maxLevel: 2, weight: 1 }
  })
  const metric = random() < 0.5 ? { type: 'loss' as const } : { type: 'non-uniform-entropy' as const }
  return { rows, quasiIdentifiers, sensitive: [], models: [{ type: 'k-anonymity', k: 4 }], metric, suppressionLimit: [0, 0.1, 0.4, 1][Math.floor(random() * 4)] as number, ...changes }
}

test('the bound from groups of dimensions never exceeds the optimum, however the groups are cut', () => {
  for (let seed = 1; seed <= 150; seed++) {
    const problem = compileProblem(randomInput(seed))
    const { best } = exactSearch(problem)
    const score = best?.score ?? Infinity
    for (const first of [1, 9, 10_000]) {
      const bounds = [...decomposedBounds(problem, () => false, first)]
      for (const bound of bounds) assert.ok(bound <= score + Math.abs(score) * 1e-9, `seed ${seed}: ${bound} > ${score}`)
      assert.equal(bounds.length, first === 1 ? problem.dimensions.length : first === 9 ? Math.ceil(problem.dimensions.length / 2) : 1)
      if (best !== undefined) assert.ok(Math.abs(bounds.at(-1) as number - score) <= 1e-9 * Math.max(1, score), 'one group is the whole problem')
    }
    assert.deepEqual([...decomposedBounds(problem, () => true)], [], 'without time no bound')
  }
})

test('a witness has at every node the class that grouping the table gives, in the whole lattice and in a subtree from its own tuples', () => {
  for (let seed = 1; seed <= 40; seed++) {
    const problem = compileProblem(randomInput(seed))
    const lattice = latticeOf(problem.dimensions)
    const bottom = { levels: Uint8Array.from(lattice.minLevels), cells: problem.base }
    const half = bottom.levels.map((level, d) => level + ((lattice.sizes[d] as number) >> 1))
    const checker = new Checker(problem)
    const from = ((lattice.sizes[0] as number) - 1) * (lattice.strides[0] as number)
    for (const [depth, snapshot] of [[0, bottom], [1, bottom], [0, checker.snapshots.snapshot(bottom, half)], [1, checker.snapshots.snapshot(bottom, half)], [1, checker.snapshots.shorter(bottom, half)]] as const) {
      const subtree = subtreeOf(lattice, depth, depth === 0 ? 0 : from)
      const record = seed % snapshot.cells.size
      const sizes = classesOfRecord(record, { problem, snapshot, subtree, width: 1 })
      for (let node = 0; node < subtree.size; node++) {
        const levels = digitsOf(lattice, node + (depth === 0 ? 0 : from), new Uint8Array(lattice.sizes.length)).map((digit, d) => digit + (lattice.minLevels[d] as number))
        if (levels.every((level, d) => level >= (snapshot.levels[d] as number))) assert.equal(sizes[node], classSize({ problem, snapshot, record, levels }), `seed ${seed}, depth ${depth}, node ${node}`)
      }
    }
  }
})

/** Rows of the record's class, counted plainly. */
function classSize({ problem, snapshot: { cells, levels: from }, record, levels }: { problem: Problem; snapshot: Snapshot; record: number; levels: Uint8Array }): number {
  const label = (d: number, tuple: number): number => {
    const { field, step } = problem.dimensions[d] as Problem['dimensions'][number]
    return step(from[d] as number, levels[d] as number).codes[codeAt(cells, field, tuple)] as number
  }
  let rows = 0
  for (let tuple = 0; tuple < cells.size; tuple++) if (problem.dimensions.every((_, d) => label(d, tuple) === label(d, record))) rows += (cells.weights[0] as Uint32Array)[tuple] as number
  return rows
}

test('a check gives the same verdict from any snapshot below the node, exhaustive or not', () => {
  for (let seed = 1; seed <= 40; seed++) {
    const problem = compileProblem(randomInput(seed))
    const checker = new Checker(problem)
    const bottom = { levels: new Uint8Array(problem.dimensions.length), cells: problem.base }
    const middle = Uint8Array.from(problem.dimensions, (_, d) => d % 2)
    const snapshot = { levels: middle, cells: checker.snapshots.snapshot(bottom, middle).cells }
    const node = middle.map((level) => level + 1)
    const direct = structuredClone(checker.check(node, bottom, { exhaustive: true }))
    assert.deepEqual(structuredClone(checker.check(node, snapshot, { exhaustive: true })), direct)
    const hasty = checker.check(node, snapshot)
    assert.equal(hasty.feasible, direct.feasible)
    assert.ok(hasty.floorRows <= direct.floorRows)
  }
})

test('a stopped search claims nothing it has not proven', () => {
  for (let seed = 1; seed <= 40; seed++) {
    const problem = compileProblem(randomInput(seed))
    const whole = exactSearch(problem)
    const stopped = exactSearch(problem, () => true)
    assert.ok(whole.best === undefined || stopped.lowerBound <= whole.best.score * (1 + 1e-9))
    assert.ok(!stopped.optimal || stopped.best?.score === whole.best?.score)
    const heuristic = heuristicSearch(problem, { isOutOfTime: () => false, seed, mostRestarts: 3 })
    assert.ok(heuristic.best === undefined || (heuristic.best.score >= heuristic.lowerBound && !heuristic.optimal))
  }
})

const pool = new WorkerPool(2, { fewRows: 0 })
after(() => pool.close())

test('whether another thread takes every subtree, none, or fails: the same solution, proven', () => {
  let [helped, found] = [0, 0]
  for (let seed = 1; seed <= 150; seed++) {
    const input = randomInput(seed, { suppressionLimit: 0.3 })
    const counted = countedRows(input)
    const problem = problemOf(input, counted)
    const { checkedNodes: _, ...alone } = exactSearch(problem)
    const help = helpFor(problem, { input, counted, pool }) as Help
    let shares: Share[] | undefined
    // The thread has ended before the search itself begins.
    const first: Help = { board: help.board, begin() { help.begin(); shares = help.end(() => false) }, end: () => shares }
    const idle: Help = { board: helpFor(problem, { input, counted, pool })?.board as Help['board'], begin: () => undefined, end: () => [] }
    const failing: Help = { ...idle, board: helpFor(problem, { input, counted, pool })?.board as Help['board'], end: () => undefined }
    for (const each of [first, idle, failing]) {
      const { checkedNodes: __, ...together } = exactSearch(problem, () => false, each)
      assert.deepEqual(together, alone, `seed ${seed}`)
    }
    if (shares?.some(({ checks }) => checks > 0) === true) helped++
    if (shares?.some(({ best }) => best !== undefined) === true) found++
  }
  assert.ok(helped > 50 && found > 20, `${helped} helped, ${found} found`)
})
