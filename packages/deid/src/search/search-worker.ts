// A thread's part of an exact search: the pool calls `work` with what the search sent.
import { helpedSearch } from './exact.ts'
import { problemOf } from './problem.ts'
import { leave } from './shared-search.ts'
import type { SearchTask } from './shared-search.ts'

export function work(task: SearchTask): void {
  const problem = problemOf(task.input, task.counted)
  leave(task, helpedSearch(problem, task.board), problem.dimensions.length)
}
