// What passes between the pool and its threads: one task in shared memory, and where it stands.
import { Workspace } from '../group-by.ts'
import { chunksOf, groupChunk } from './group-rows.ts'
import type { ChunkGroups, RowTuples } from './group-rows.ts'

/** `state[next]`: the next chunk to take; `state[busy]`: threads that have not finished the task; `state[failed]`: threads that could not. */
export const [next, busy, failed] = [0, 1, 2]

/** All arrays lie in shared memory. */
export interface GroupTask {
  readonly from: RowTuples
  readonly into: ChunkGroups
  readonly state: Int32Array
}

const workspace = new Workspace()

/** Takes chunks until none is left. */
export function work({ from, into, state }: GroupTask): void {
  const chunks = chunksOf(from.rows)
  for (let chunk = Atomics.add(state, next, 1); chunk < chunks; chunk = Atomics.add(state, next, 1)) groupChunk(from, into, chunk, workspace)
}
