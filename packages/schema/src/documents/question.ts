// The question of a count: people for whom every criterion holds. Codes are compared as they stand, system and code.
import Type from 'typebox'
import { documentType } from '../validate.ts'
import { DateSchema, closed } from './parts.ts'

export const codedTypes = ['condition', 'observation', 'procedure', 'medication', 'immunization', 'encounter', 'allergy'] as const

const CodedCriterionSchema = Type.Object({
  type: Type.Enum([...codedTypes]),
  code: Type.Object({ system: Type.String({ minLength: 1, maxLength: 200 }), code: Type.String({ minLength: 1, maxLength: 100 }) }, closed),
}, closed)
const SexCriterionSchema = Type.Object({ type: Type.Literal('sex'), value: Type.Enum(['male', 'female', 'other', 'unknown']) }, closed)
/** Age in completed years on a day: at least `from`, at most `to`. */
const AgeCriterionSchema = Type.Object({
  type: Type.Literal('age'),
  from: Type.Optional(Type.Integer({ minimum: 0, maximum: 150 })),
  to: Type.Optional(Type.Integer({ minimum: 0, maximum: 150 })),
  on: DateSchema,
}, closed)

export const QuestionSchema = Type.Object({ all: Type.Array(Type.Union([CodedCriterionSchema, SexCriterionSchema, AgeCriterionSchema]), { minItems: 1, maxItems: 10 }) }, closed)

export type CodedCriterion = Type.Static<typeof CodedCriterionSchema>
export type SexCriterion = Type.Static<typeof SexCriterionSchema>
export type AgeCriterion = Type.Static<typeof AgeCriterionSchema>
export type Criterion = CodedCriterion | SexCriterion | AgeCriterion
export type Question = Type.Static<typeof QuestionSchema>
export const questionDocument = documentType('question', QuestionSchema)
