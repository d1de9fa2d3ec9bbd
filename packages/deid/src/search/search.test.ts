import assert from 'node:assert/strict'
import { test } from 'node:test'
import { columnOf } from '@mhmd/columns'
import { compileHierarchy } from '../hierarchies/compile.ts'
import { sourceOf } from '../hierarchies/source.ts'
import { Checker } from './checker.ts'
import { decomposedBound } from './decomposed-bound.ts'
import { exactSearch } from './exact.ts'
import { generator, heuristicSearch } from './heuristic.ts'
import { digitsOf, latticeOf } from './lattice.ts'
import { compileProblem } from './problem.ts'
import type { Problem, ProblemInput } from './problem.ts'
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
    for (const mostNodes of [1, 9, 10_000]) {
      const bound = decomposedBound(problem, () => false, mostNodes) as number
      const score = best?.score ?? Infinity
      assert.ok(bound <= score + Math.abs(score) * 1e-9, `seed ${seed}: ${bound} > ${score}`)
      if (mostNodes === 10_000 && best !== undefined) assert.ok(Math.abs(bound - score) <= 1e-9 * Math.max(1, score), 'one group is the whole problem')
    }
  }
})

test('a witness has at every node the class that grouping the table gives', () => {
  for (let seed = 1; seed <= 40; seed++) {
    const problem = compileProblem(randomInput(seed))
    const lattice = latticeOf(problem.dimensions)
    const record = seed % problem.base.size
    const sizes = classesOfRecord(record, problem, lattice)
    for (let node = 0; node < lattice.size; node++) assert.equal(sizes[node], classSize(problem, record, digitsOf(lattice, node, new Uint8Array(lattice.sizes.length))), `seed ${seed}, node ${node}`)
  }
})

/** Rows of the record's class, counted plainly. */
function classSize(problem: Problem, record: number, levels: Uint8Array): number {
  const label = (d: number, tuple: number): number => {
    const { field, step } = problem.dimensions[d] as Problem['dimensions'][number]
    return step(0, levels[d] as number).map[((problem.base.words[field.word] as Uint32Array)[tuple] as number) >>> field.shift & field.mask] as number
  }
  let rows = 0
  for (let tuple = 0; tuple < problem.base.size; tuple++) if (problem.dimensions.every((_, d) => label(d, tuple) === label(d, record))) rows += (problem.base.weights[0] as Uint32Array)[tuple] as number
  return rows
}

test('a check gives the same verdict from any snapshot below the node, exhaustive or not', () => {
  for (let seed = 1; seed <= 40; seed++) {
    const problem = compileProblem(randomInput(seed))
    const checker = new Checker(problem)
    const bottom = { levels: new Uint8Array(problem.dimensions.length), cells: problem.base }
    const middle = Uint8Array.from(problem.dimensions, (_, d) => d % 2)
    const snapshot = { levels: middle, cells: structuredClone(checker.rollUp(bottom, middle)) }
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
