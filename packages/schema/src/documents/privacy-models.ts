// Privacy models that need nothing but the table itself; a job adds those that name a second file.
import Type from 'typebox'
import { closed } from './parts.ts'

const Share = Type.Number({ minimum: 0, maximum: 1 })
const Above0 = Type.Number({ exclusiveMinimum: 0 })
const Whole1 = Type.Integer({ minimum: 1 })
const ColumnName = Type.String()

export const tableModels = [
  Type.Object({ type: Type.Literal('k-anonymity'), k: Whole1 }, closed),
  Type.Object({ type: Type.Literal('distinct-l-diversity'), column: ColumnName, l: Whole1 }, closed),
  Type.Object({ type: Type.Literal('entropy-l-diversity'), column: ColumnName, l: Type.Number({ minimum: 1 }), estimator: Type.Optional(Type.Enum(['shannon', 'grassberger'])) }, closed),
  Type.Object({ type: Type.Literal('recursive-l-diversity'), column: ColumnName, l: Whole1, c: Above0 }, closed),
  Type.Object({ type: Type.Enum(['hierarchical-t-closeness', 'equal-t-closeness', 'ordered-t-closeness']), column: ColumnName, t: Share }, closed),
  Type.Object({ type: Type.Literal('delta-disclosure'), column: ColumnName, delta: Above0 }, closed),
  Type.Object({ type: Type.Enum(['basic-beta-likeness', 'enhanced-beta-likeness']), column: ColumnName, beta: Above0 }, closed),
  Type.Object({ type: Type.Enum(['average-risk', 'sample-uniqueness']), threshold: Share }, closed),
  Type.Object({ type: Type.Literal('population-uniqueness'), threshold: Share, estimator: Type.Enum(['dankar', 'pitman', 'zayatz', 'snb']), populationSize: Whole1 }, closed),
  Type.Object({ type: Type.Literal('km-anonymity'), k: Whole1, m: Whole1, column: ColumnName, separator: Type.Optional(Type.String({ minLength: 1 })) }, closed),
  Type.Object({ type: Type.Literal('cost-benefit'), publisherBenefit: Type.Number(), publisherLoss: Type.Number(), adversaryGain: Type.Number(), adversaryCost: Type.Number() }, closed),
  Type.Object({ type: Type.Literal('differential-privacy'), epsilon: Above0, delta: Share, searchEpsilon: Type.Optional(Above0) }, closed),
] as const
