// What a table's release needs of others: rows with whose each is, and an engine that generalises.
import type { Column, Table } from '@mhmd/columns'
import type { Decision } from '@mhmd/consent'
import type { Dataset, DatasetColumn, DatasetPolicy, Question } from '@mhmd/schema'

/** A dataset's rows; `person` says whose each row is and is no column of the table. */
export interface PersonRows {
  readonly table: Table
  readonly person: Column
}

/** The vault as a table sees it: the dataset's view over the people whom the decision covers and, where there is a question, for whom it holds. Throws as `requireDecision`. */
export interface RowsSource {
  rows(decision: Decision, dataset: Dataset, question: Question | undefined): Promise<PersonRows>
}

/** A table to generalise in whole columns. Its models count people: the rows of one stay or go together. */
export interface GeneraliseTask {
  readonly table: Table
  /** Whose each row is; no column of the table. */
  readonly person: Column
  readonly columns: readonly DatasetColumn[]
  readonly models: DatasetPolicy['models']
  readonly suppressionLimit: number
}

export interface Generalised {
  /** As many rows as the task's table, in its order; a suppressed row has `*` in each quasi-identifier. */
  readonly table: Table
  readonly levels: Readonly<Record<string, number>>
  /** SHA-256 of each hierarchy used, by column. */
  readonly hierarchies: Readonly<Record<string, string>>
}

export interface TableEngine {
  readonly name: string
  readonly version: string
  /** Undefined where nothing satisfies the models within the limit. Deterministic. */
  generalise(task: GeneraliseTask): Generalised | undefined
}
