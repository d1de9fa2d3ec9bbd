// One exact search by several threads: each takes subtrees nobody has taken, and all know what is ruled out and the least score so far.
// What a thread reads late only costs it checks: a node is ruled out once for all, and a least score only falls. So the solution, its score
// and the proof are the same for any number of threads; how many nodes were checked depends on who was faster (docs/decisions/0039).
import { shared, sharedCopy } from '@mhmd/columns'
import type { Cells, Underway, WorkerPool } from '@mhmd/columns'
import type { CountedRows } from './counted-rows.ts'
import { latticeOf } from './lattice.ts'
import type { Problem } from './problem.ts'
import type { ProblemInput } from './problem-input.ts'
import type { Solution } from './solution.ts'

/** Subtrees a thread, at least: enough that all end at about the same time, few enough that what one proves still serves its neighbours. */
const subtreesEach = 8
/** A search pays threads from an eighth of the tuples on that rows take to be grouped by them. */
const tuplesOfRows = 8

/** Arrays in shared memory. */
export interface Board {
  /** Subtrees are the nodes that share so many digits. */
  readonly depth: number
  readonly status: Uint8Array
  /** 1 for each subtree that a thread has taken. */
  readonly taken: Int32Array
  /** The least score so far: the bits of one double. */
  readonly least: BigInt64Array
  /** 1 once time is up. */
  readonly stop: Int32Array
}

/** What one thread of several found. */
export interface Share {
  readonly best: Solution | undefined
  readonly checks: number
  readonly stopped: boolean
}

/** What a thread is sent. The table's rows stay where they are. */
export interface SearchTask {
  readonly input: ProblemInput
  readonly counted: CountedRows
  readonly board: Board
  /** The next free place of `shares`, which thread by thread hold found, score, rows, classes, checks, stopped and the levels. */
  readonly next: Int32Array
  readonly shares: Float64Array
}

const [scratch, figures] = [new Float64Array(1), 6]
const bits = new BigInt64Array(scratch.buffer)

const doubleOf = (value: bigint): number => {
  bits[0] = value
  return scratch[0] as number
}

export const leastScore = ({ least }: Board): number => doubleOf(Atomics.load(least, 0))

export function offerScore({ least }: Board, score: number): void {
  for (let seen = Atomics.load(least, 0); doubleOf(seen) > score;) {
    scratch[0] = score
    const before = Atomics.compareExchange(least, 0, seen, bits[0] as bigint)
    if (before === seen) return
    seen = before
  }
}

/** Whether a subtree was still free; it is the caller's from now on. */
export const takes = ({ taken }: Board, subtree: number): boolean => Atomics.exchange(taken, subtree, 1) === 0

/** The threads that help with a search. */
export interface Help {
  readonly board: Board
  /** They begin with what the board shows. */
  readonly begin: () => void
  /** Waits for them; undefined where one of them failed. */
  readonly end: (isOutOfTime: () => boolean) => Share[] | undefined
}

/** Undefined where threads cost more than they bring: for few tuples, and where nothing may be suppressed, as witnesses leave little to check. Persons' visits stay in one thread. */
export function helpFor(problem: Problem, { input, counted, pool }: { input: ProblemInput; counted: CountedRows; pool: WorkerPool | undefined }): Help | undefined {
  if (pool === undefined || pool.workers < 2 || problem.persons !== undefined || problem.limit === 0 || problem.base.size * tuplesOfRows < pool.fewRows) return undefined
  const { size, sizes } = latticeOf(problem.dimensions)
  let [depth, subtrees] = [0, 1]
  while (depth < sizes.length && subtrees < subtreesEach * pool.workers) subtrees *= sizes[depth++] as number
  const board: Board = { depth, status: shared(Uint8Array, size), taken: shared(Int32Array, subtrees), least: shared(BigInt64Array, 1), stop: shared(Int32Array, 1) }
  offerFirst(board)
  const others = pool.workers - 1
  const task: SearchTask = { input: withoutRows(input), counted: { ...counted, cells: sharedCells(counted.cells), tupleOf: new Uint32Array(0) }, board, next: shared(Int32Array, 1), shares: shared(Float64Array, others * (figures + sizes.length)) }
  let underway: Underway | undefined
  return {
    board,
    begin: () => { underway = pool.begin(new URL('./search-worker.ts', import.meta.url), task) },
    end(isOutOfTime) {
      const isDone = underway?.end(() => { if (isOutOfTime()) Atomics.store(board.stop, 0, 1) })
      return isDone === true ? Array.from({ length: others }, (_, thread) => shareOf(task, thread, sizes.length)) : undefined
    },
  }
}

function offerFirst({ least }: Board): void {
  scratch[0] = Infinity
  Atomics.store(least, 0, bits[0] as bigint)
}

/** What is left of a job once its rows are counted. */
function withoutRows({ subset: _, population: __, ...input }: ProblemInput): ProblemInput {
  const codes = new Uint8Array(0)
  return { ...input, quasiIdentifiers: input.quasiIdentifiers.map((attribute) => ({ ...attribute, codes })), sensitive: input.sensitive.map((column) => ({ ...column, codes })) }
}

function sharedCells({ size, words, weights }: Cells): Cells {
  const copy = (array: Uint32Array): Uint32Array => sharedCopy(array, size) as Uint32Array
  return { size, words: words.map(copy), weights: weights.map(copy) }
}

/** Where a thread leaves what it found. */
export function leave({ shares, next }: SearchTask, { best, checks, stopped }: Share, width: number): void {
  const at = Atomics.add(next, 0, 1) * (figures + width)
  shares.set([best === undefined ? 0 : 1, best?.score ?? 0, best?.suppressedRows ?? 0, best?.classes ?? 0, checks, stopped ? 1 : 0, ...best?.levels ?? []], at)
}

function shareOf({ shares }: SearchTask, thread: number, width: number): Share {
  const at = thread * (figures + width)
  const [found, score, suppressedRows, classes, checks, stopped] = Array.from(shares.subarray(at, at + figures)) as [number, number, number, number, number, number]
  const levels = Uint8Array.from(shares.subarray(at + figures, at + figures + width))
  return { best: found === 0 ? undefined : { levels, score, suppressedRows, classes }, checks, stopped: stopped === 1 }
}
