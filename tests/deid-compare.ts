// Compares the engine with the brute force on one random job; says what differs.
import { MhmdError } from '@mhmd/base'
import { textAt } from '@mhmd/columns'
import { release } from '@mhmd/deid'
import type { Release } from '@mhmd/deid'
import { bestNode, evaluate, labelAt } from './deid-oracle.ts'
import type { OracleColumn, OracleJob } from './deid-oracle.ts'
import { engineJob } from './deid-random-jobs.ts'

/** Undefined where engine and brute force agree on feasibility, score, suppressed rows, optimality and every cell. */
export function difference(job: OracleJob): string | undefined {
  const expected = bestNode(job)
  const found = releaseOf(job)
  if (expected === undefined || found === undefined) return expected === found ? undefined : `feasible: brute force ${expected !== undefined}, engine ${found !== undefined}`
  if (!found.optimal || found.lowerBound > found.score) return 'the engine does not claim its optimum'
  if (!near(found.score, expected.score)) return `score: brute force ${expected.score}, engine ${found.score}`
  if (found.suppressedRows !== expected.suppressedRows) return `suppressed: brute force ${expected.suppressedRows}, engine ${found.suppressedRows}`
  return cellDifference(job, found)
}

/** Undefined where the heuristic search finds a node that is feasible, scored right, no better than the optimum, and the same each time. */
export function heuristicDifference(job: OracleJob): string | undefined {
  const expected = bestNode(job)
  const [found, again] = [releaseOf(job, 'heuristic'), releaseOf(job, 'heuristic')]
  if (found === undefined) return expected === undefined || job.suppressionLimit < 1 ? undefined : 'the heuristic finds nothing where everything may be suppressed'
  if (expected === undefined) return 'the heuristic finds what is not feasible'
  if (found.optimal || found.lowerBound > expected.score + 1e-9) return 'the heuristic claims too much'
  if (found.score < expected.score && !near(found.score, expected.score)) return 'the heuristic scores below the optimum'
  if (found.score !== again?.score) return 'two runs differ'
  return cellDifference(job, found)
}

const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a))

function releaseOf(job: OracleJob, type: 'exact' | 'heuristic' = 'exact'): Release | undefined {
  const { job: config, tables } = engineJob(job)
  try {
    return release({ ...config, search: { type } }, tables)
  } catch (error) {
    if (MhmdError.isInstance(error) && error.code === 'DEID_NO_SOLUTION') return undefined
    throw error
  }
}

function cellDifference(job: OracleJob, found: Release): string | undefined {
  const quasi = job.columns.filter(({ role }) => role === 'quasi-identifying')
  const levels = quasi.map(({ name }) => found.levels[name] as number)
  const node = evaluate(job, levels)
  if (node === undefined || !near(node.score, found.score)) return 'the engine\'s levels do not have its score'
  for (let row = 0; row < job.rows.length; row++) {
    for (const [c, column] of job.columns.entries()) {
      const cell = textAt(found.table.columns[c] as Release['table']['columns'][number], row)
      if (cell !== expectedCell(job, { column, c, row, levels, isSuppressed: node.suppressed[row] as boolean })) return `cell of ${column.name} in row ${row}`
    }
  }
  return undefined
}

function expectedCell(job: OracleJob, { column, c, row, levels, isSuppressed }: { column: OracleColumn; c: number; row: number; levels: readonly number[]; isSuppressed: boolean }): string {
  const value = job.rows[row]?.[c] as string
  if (job.subset?.[row] === false) return '*'
  if (job.persons !== undefined && isSuppressed) return '*'
  if (column.role === 'sensitive') return value
  return isSuppressed ? '*' : labelAt(column, value, levels[job.columns.filter(({ role }) => role === 'quasi-identifying').indexOf(column)] as number)
}
