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

const MetricSchema = Type.Object({
  type: Type.Enum(['loss', 'non-uniform-entropy', 'non-uniform-entropy-monotone', 'precision', 'discernibility', 'average-class-size', 'ambiguity', 'entropy']),
  aggregate: Type.Optional(Type.Enum(['geometric-mean', 'arithmetic-mean', 'sum', 'maximum'])),
  suppressionWeight: Type.Optional(Share),
}, closed)

const DeidJobSchema = Type.Object({
  input: FileSourceSchema,
  columns: Type.Record(Type.String(), ColumnSpecSchema),
  models: Type.Array(ModelSchema, { minItems: 1, maxItems: 20 }),
  suppressionLimit: Type.Optional(Share),
  metric: Type.Optional(MetricSchema),
  search: Type.Optional(Type.Object({ type: Type.Enum(['exact', 'heuristic']), timeLimitSeconds: Type.Optional(Above0) }, closed)),
  seed: Type.Optional(Type.Integer()),
}, closed)

export type DeidJob = Type.Static<typeof DeidJobSchema>
export const deidJobDocument = documentType('deid-job', DeidJobSchema)
