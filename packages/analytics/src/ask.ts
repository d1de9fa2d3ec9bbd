// Asking a question: its parameters checked, its SQL on one snapshot at a height, and the transactions behind the figures.
import type { Head } from '@mhmd/ledger'
import type { Database } from './database.ts'
import { analyticsErrors } from './errors.ts'
import { valueOf } from './question.ts'
import type { Question } from './question.ts'
import { questions } from './questions/index.ts'
import { readSnapshot } from './reading.ts'
import type { Cell, Limits, Rows, Snapshot } from './reading.ts'

/** What somebody asks: the question's parameters as texts, and the height; the newest by default. */
export interface Asked {
  readonly name: string
  readonly parameters?: Readonly<Record<string, string | undefined>>
  readonly height?: number
}

/** Asked again on any feed of the same blocks, with the same parameters at the same height, it is the same. */
export interface Answer extends Rows {
  readonly question: string
  readonly parameters: Readonly<Record<string, Cell>>
  /** What the figures hold for. */
  readonly height: number
  readonly hash: string
}

/** A transaction behind a figure. */
export interface Evidence extends Rows {
  readonly height: number
  readonly total: number
}

const questionLimits: Limits = { milliseconds: 10_000, rows: 10_000, characters: 8_000_000 }

const named = new Map(questions.map((question) => [question.name, question]))

/** Throws ANALYTICS_UNKNOWN_QUESTION, ANALYTICS_BAD_PARAMETER. */
export function ask(database: Database, asked: Asked): Promise<Answer> {
  const question = questionOf(asked.name)
  const parameters = parametersOf(question, asked.parameters ?? {})
  return readSnapshot(database, questionLimits, async (snapshot) => {
    const { height, hash } = await headAt(snapshot, asked.height)
    const rows = await snapshot.select(question.sql, { ...parameters, height })
    return { question: question.name, parameters, height, hash, ...rows, columns: Object.keys(question.columns) }
  })
}

/** The transactions that the figures were made of, newest first, from below a place of theirs on. */
export function evidenceOf(database: Database, asked: Asked, page: { readonly limit: number; readonly below?: number }): Promise<Evidence> {
  const question = questionOf(asked.name)
  const parameters = parametersOf(question, asked.parameters ?? {})
  return readSnapshot(database, questionLimits, async (snapshot) => {
    const { height } = await headAt(snapshot, asked.height)
    const used = { ...parameters, height }
    const total = (await snapshot.select(`SELECT count(*) FROM (SELECT DISTINCT height, place FROM (${question.evidence}))`, used)).rows[0]?.[0]
    const rows = await snapshot.select(`SELECT height, place, operation_id, contract, operation, submitter, epoch_ms(submitted) AS submitted, code FROM feed.transactions JOIN (SELECT DISTINCT height, place FROM (${question.evidence})) USING (height, place)
      WHERE $below IS NULL OR height < $below ORDER BY height DESC, place DESC LIMIT $limit`, { ...used, below: page.below ?? null, limit: page.limit })
    return { height, total: Number(total), ...rows }
  })
}

function questionOf(name: string): Question {
  const question = named.get(name)
  if (question === undefined) throw analyticsErrors.UNKNOWN_QUESTION({ name: name.slice(0, 40) })
  return question
}

function parametersOf(question: Question, given: Readonly<Record<string, string | undefined>>): Record<string, string | number | null> {
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(question.parameters, name)) throw analyticsErrors.BAD_PARAMETER({ parameter: name.slice(0, 40), why: 'is not one of this question’s' })
  }
  return Object.fromEntries(Object.entries(question.parameters).map(([name, parameter]) => {
    const found = valueOf(parameter, given[name])
    if ('why' in found) throw analyticsErrors.BAD_PARAMETER({ parameter: name, why: found.why })
    return [name, found.value]
  }))
}

async function headAt({ head, select }: Snapshot, height: number | undefined): Promise<Head> {
  if (height === undefined || height === head.height) return head
  if (!Number.isSafeInteger(height) || height < 0 || height > head.height) throw analyticsErrors.BAD_PARAMETER({ parameter: 'height', why: `is not between 0 and ${head.height}` })
  const hash = (await select('SELECT hash FROM feed.blocks WHERE height = $height', { height })).rows[0]?.[0]
  return { height, hash: String(hash) }
}
