// The two manifests of a de-identified release: the holder's sealed one, which repeats it, and the recipient's, which tells how it came about.
import Type from 'typebox'
import { documentType } from '../validate.ts'
import { DeidJobSchema, MaskSchema } from './deid-job.ts'
import { closed } from './parts.ts'
import { tableModels } from './privacy-models.ts'

const Digest = Type.String({ pattern: '^[0-9a-f]{64}$' })
const Engine = Type.String({ pattern: '^mhmd-deid/[0-9]+$' })

const SealedSchema = Type.Object({
  format: Type.Literal('mhmd-deid-sealed/1'),
  engine: Engine,
  job: DeidJobSchema,
  /** Levels that the search found. */
  levels: Type.Record(Type.String(), Type.Integer({ minimum: 0 })),
  /** SHA-256 of what went in, by name. */
  inputs: Type.Record(Type.String(), Digest),
  /** SHA-256 of the table that left: names and cells, whatever the file's form. */
  release: Digest,
  /** The file as written, unpacked. */
  file: Type.Optional(Type.Object({ kind: Type.Enum(['csv', 'ndjson', 'parquet']), bytes: Type.Integer({ minimum: 0 }), digest: Digest }, closed)),
  /** 32 bytes in base64url, where the job draws. */
  secret: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })),
}, closed)

/** Models as the recipient is told them: without the paths of a second table. */
const ToldModel = Type.Union([
  ...tableModels,
  Type.Object({ type: Type.Literal('delta-presence'), min: Type.Number(), max: Type.Number() }, closed),
  Type.Object({ type: Type.Literal('k-map'), k: Type.Integer({ minimum: 1 }) }, closed),
])

const RecipientSchema = Type.Object({
  format: Type.Literal('mhmd-deid-manifest/1'),
  engine: Engine,
  release: Digest,
  rows: Type.Integer({ minimum: 0 }),
  columns: Type.Array(Type.Object({ name: Type.String(), role: Type.String(), level: Type.Optional(Type.Integer({ minimum: 0 })), hierarchy: Type.Optional(Digest) }, closed)),
  models: Type.Array(ToldModel),
  masks: Type.Array(MaskSchema),
  person: Type.Optional(Type.Object({ visits: Type.Integer({ minimum: 1 }), ordered: Type.Boolean() }, closed)),
  localRecoding: Type.Boolean(),
  suppressionLimit: Type.Number({ minimum: 0, maximum: 1 }),
}, closed)

export type DeidSealedManifest = Type.Static<typeof SealedSchema>
export type DeidRecipientManifest = Type.Static<typeof RecipientSchema>
export const deidSealedDocument = documentType('deid-sealed-manifest', SealedSchema)
export const deidRecipientDocument = documentType('deid-recipient-manifest', RecipientSchema)
