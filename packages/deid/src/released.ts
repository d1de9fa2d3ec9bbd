// What a job carried out gives: the table that leaves and the figures of its report.
import type { Table, WorkerPool } from '@mhmd/columns'
import type { MetricSpec } from './job.ts'
import type { PrivacyFigures } from './privacy/private-release.ts'

export interface Release {
  /** As many rows as the input, in its order; under differential privacy only those that are kept, in the order of their texts. */
  readonly table: Table
  readonly score: number
  readonly metric: MetricSpec
  readonly levels: Readonly<Record<string, number>>
  readonly suppressedRows: number
  /** Where persons are the unit: how many of them are gone. */
  readonly suppressedPersons?: number
  /** Rows outside a research subset: nothing of them is in the table. */
  readonly rowsOutsideSubset: number
  readonly classes: number
  readonly checkedNodes: number
  readonly latticeSize: number
  readonly optimal: boolean
  readonly lowerBound: number
  readonly droppedColumns: readonly string[]
  /** What each set-valued column lost. */
  readonly sets?: Readonly<Record<string, { readonly loss: number; readonly optimal: boolean; readonly suppressed: boolean }>>
  /** Where the job asks for differential privacy; the other figures are then the sample's, and the holder's alone. */
  readonly privacy?: PrivacyFigures
}

export interface ReleaseOptions {
  /** Asked now and then; once true the search ends with the best it has. Without it a heuristic search ends after some restarts. */
  readonly isOutOfTime?: () => boolean
  /** Threads that group the rows and search; the release is the same for any number, `checkedNodes` may not be. */
  readonly pool?: WorkerPool
  /** 32 bytes from the system's generator, for jobs that draw (`needsSecret`). The same secret repeats the release. */
  readonly secret?: Uint8Array
}
