// What a check is given and what it answers.
import type { Table } from '@mhmd/columns'
import type { ModelSpec } from '../job.ts'
import type { SampleRisk } from '../risk/sample-risk.ts'
import type { Figure } from './measures.ts'
import type { Finding, ReleaseFiles } from './release.ts'

export interface CheckOptions extends ReleaseFiles {
  /** Tables that models name: δ-presence's research subset, k-map's population. */
  readonly subset?: Table
  readonly population?: Table
  /** What the release was drawn from, where its masks draw. */
  readonly secret?: Uint8Array
}

export interface ModelFinding extends Partial<Figure> {
  readonly model: ModelSpec['type']
  readonly column?: string
  /** False where the release alone cannot show the model; such a model doesn't count against the release. */
  readonly isMeasurable: boolean
}

export interface CheckReport {
  readonly ok: boolean
  readonly findings: readonly Finding[]
  readonly rows: number
  readonly suppressedRows: number
  readonly classes: number
  readonly levels: Readonly<Record<string, number>>
  readonly models: readonly ModelFinding[]
  readonly risk?: SampleRisk
}
