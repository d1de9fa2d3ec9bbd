// The de-identification job: a table's columns and roles, privacy models, metric and search. Paths are relative to the job file.
import Type from 'typebox'
import { documentType } from '../validate.ts'
import { closed } from './parts.ts'
import { tableModels } from './privacy-models.ts'

const Share = Type.Number({ minimum: 0, maximum: 1 })
const Above0 = Type.Number({ exclusiveMinimum: 0 })

const FileSourceSchema = Type.Object({ path: Type.String({ minLength: 1 }), delimiter: Type.Optional(Type.String({ minLength: 1, maxLength: 2 })) }, closed)

const ColumnSpecSchema = Type.Object({
  role: Type.Enum(['identifying', 'quasi-identifying', 'sensitive', 'insensitive']),
  hierarchy: Type.Optional(Type.String({ minLength: 1 })),
  minLevel: Type.Optional(Type.Integer({ minimum: 0 })),
  maxLevel: Type.Optional(Type.Integer({ minimum: 0 })),
  weight: Type.Optional(Above0),
}, closed)

const ModelSchema = Type.Union([
  ...tableModels,
  Type.Object({ type: Type.Literal('delta-presence'), min: Share, max: Share, subset: FileSourceSchema }, closed),
  Type.Object({ type: Type.Literal('k-map'), k: Type.Integer({ minimum: 1 }), population: FileSourceSchema }, closed),
])

const Names = Type.Array(Type.String(), { minItems: 1, maxItems: 100 })

export const MaskSchema = Type.Union([
  Type.Object({ type: Type.Literal('top-bottom-coding'), columns: Names, bottom: Type.Optional(Type.Number()), top: Type.Optional(Type.Number()), as: Type.Optional(Type.Enum(['label', 'bound'])) }, closed),
  Type.Object({ type: Type.Literal('microaggregation'), columns: Names, k: Type.Integer({ minimum: 1 }), method: Type.Enum(['mdav', 'optimal']) }, closed),
  Type.Object({ type: Type.Literal('rank-swapping'), columns: Names, share: Share }, closed),
  Type.Object({ type: Type.Literal('pram'), columns: Names, keep: Share }, closed),
  Type.Object({ type: Type.Literal('laplace-noise'), columns: Names, sensitivity: Above0, epsilon: Above0, step: Type.Optional(Above0) }, closed),
  Type.Object({ type: Type.Literal('gaussian-noise'), columns: Names, sensitivity: Above0, rho: Above0, step: Type.Optional(Above0) }, closed),
  Type.Object({ type: Type.Literal('date-shift'), columns: Names, mostDays: Type.Integer({ minimum: 1, maximum: 36_525 }) }, closed),
  Type.Object({ type: Type.Literal('pseudonym'), columns: Names }, closed),
])

const PersonSchema = Type.Object({ column: Type.String(), visits: Type.Optional(Type.Integer({ minimum: 1, maximum: 4 })), ordered: Type.Optional(Type.Boolean()) }, closed)

const MetricSchema = Type.Object({
  type: Type.Enum(['loss', 'non-uniform-entropy', 'non-uniform-entropy-monotone', 'precision', 'discernibility', 'average-class-size', 'ambiguity', 'entropy', 'classification']),
  aggregate: Type.Optional(Type.Enum(['geometric-mean', 'arithmetic-mean', 'sum', 'maximum'])),
  column: Type.Optional(Type.String()),
  suppressionWeight: Type.Optional(Share),
}, closed)

export const DeidJobSchema = Type.Object({
  input: FileSourceSchema,
  columns: Type.Record(Type.String(), ColumnSpecSchema),
  person: Type.Optional(PersonSchema),
  masks: Type.Optional(Type.Array(MaskSchema, { maxItems: 20 })),
  models: Type.Array(ModelSchema, { minItems: 1, maxItems: 20 }),
  suppressionLimit: Type.Optional(Share),
  localRecoding: Type.Optional(Type.Boolean()),
  metric: Type.Optional(MetricSchema),
  search: Type.Optional(Type.Object({ type: Type.Enum(['exact', 'heuristic']), timeLimitSeconds: Type.Optional(Above0) }, closed)),
  seed: Type.Optional(Type.Integer()),
}, closed)

export type DeidJob = Type.Static<typeof DeidJobSchema>
export const deidJobDocument = documentType('deid-job', DeidJobSchema)
