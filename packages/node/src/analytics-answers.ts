// How analytics answer: questions, answers and the transactions behind them, as the people interface describes them.
import { analyticsErrors } from '@mhmd/analytics/questions'
import type { questions } from '@mhmd/analytics/questions'
import Type from 'typebox'
import { AtHeight, Count, Digest, Exactly, OrNull } from './people-answers.ts'

const Words = Type.Array(Type.String(), { minItems: 2, maxItems: 2 })
const ParameterShown = Exactly({ name: Type.String(), kind: Type.String(), says: Words, standard: OrNull(Type.String()), required: Type.Boolean() })
export const QuestionShown = Exactly({
  name: Type.String(), title: Words, says: Words, parameters: Type.Array(ParameterShown), columns: Type.Array(Exactly({ name: Type.String(), says: Words })),
  chart: OrNull(Exactly({ label: Type.String(), value: Type.String() })), missing: OrNull(Words), sql: Type.String(),
})
const Cell = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()])
export const rows = { columns: Type.Array(Type.String()), rows: Type.Array(Type.Array(Cell)), isCut: Type.Boolean() }
/** `height` and `hash`: the block that every figure holds for. */
export const AnswerShown = Exactly({ question: Type.String(), parameters: Type.Record(Type.String(), Cell), height: AtHeight, hash: Digest, ...rows })
export const EvidenceShown = Exactly({ height: AtHeight, total: Count, ...rows })

export const limited = ['NODE_NO_ANALYTICS', 'ANALYTICS_OTHER_HISTORY', 'ANALYTICS_OTHER_NETWORK', 'ANALYTICS_SQL_LIMIT', 'ANALYTICS_SQL_FAILED']
export const analyticsRefusals = [...limited, 'ANALYTICS_UNKNOWN_QUESTION', 'ANALYTICS_BAD_PARAMETER']

export function questionShown(question: (typeof questions)[number] | undefined): object {
  if (question === undefined) throw analyticsErrors.UNKNOWN_QUESTION({ name: '' })
  const { name, title, says, parameters, columns, chart, missing, sql } = question
  return {
    name, title, says, sql, chart: chart ?? null, missing: missing ?? null,
    parameters: Object.entries(parameters).map(([parameter, { kind, says: meaning, standard, required }]) => ({ name: parameter, kind, says: meaning, standard: standard ?? null, required: required === true })),
    columns: Object.entries(columns).map(([column, heading]) => ({ name: column, says: heading })),
  }
}
