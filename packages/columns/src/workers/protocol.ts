// What passes between the pool and its threads: a module, the task its `work` is called with, and where the threads stand.
import { Workspace } from '../workspace.ts'
import { chunksOf, groupChunk } from './group-rows.ts'
import type { ChunkGroups, RowTuples } from './group-rows.ts'

/** `state[busy]`: threads that have not finished the task; `state[failed]`: threads that could not. */
export const [busy, failed] = [0, 1]

export interface Message {
  readonly module: string
  readonly task: object
  readonly state: Int32Array
}

/** Grouping of rows. All arrays lie in shared memory; `next[0]` is the next chunk to take. */
export interface GroupTask {
  readonly from: RowTuples
  readonly into: ChunkGroups
  readonly next: Int32Array
}

const workspace = new Workspace()

/** Takes chunks until none is left. */
export function work({ from, into, next }: GroupTask): void {
  const chunks = chunksOf(from.rows)
  for (let chunk = Atomics.add(next, 0, 1); chunk < chunks; chunk = Atomics.add(next, 0, 1)) groupChunk(from, into, chunk, workspace)
}
