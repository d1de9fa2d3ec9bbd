// How a generalisation hierarchy is to be built over a column's values; one member a builder.
import Type from 'typebox'
import { documentType } from '../validate.ts'
import { closed } from './parts.ts'

const Several = { minItems: 1, maxItems: 30 }

export const HierarchySpecSchema = Type.Union([
  Type.Object({ type: Type.Literal('interval'), widths: Type.Array(Type.Number({ exclusiveMinimum: 0 }), Several), origin: Type.Optional(Type.Number()), bottom: Type.Optional(Type.Number()), top: Type.Optional(Type.Number()) }, closed),
  Type.Object({ type: Type.Literal('order'), groups: Type.Array(Type.Integer({ minimum: 2 }), Several), by: Type.Union([Type.Enum(['number', 'text']), Type.Array(Type.String())]) }, closed),
  Type.Object({ type: Type.Literal('redaction'), from: Type.Optional(Type.Enum(['right', 'left'])) }, closed),
  Type.Object({ type: Type.Literal('date'), units: Type.Array(Type.Enum(['month', 'quarter', 'half-year', 'year', 'five-years', 'decade', 'century']), Several) }, closed),
  Type.Object({ type: Type.Literal('code-prefix'), system: Type.Enum(['icd-10', 'icd-9-cm', 'atc']) }, closed),
  Type.Object({ type: Type.Literal('parts'), parts: Type.Record(Type.String(), Type.Array(Type.String(), Several)) }, closed),
  Type.Object({ type: Type.Literal('postal-code'), country: Type.Enum(['us', 'us-safe-harbor', 'gb', 'nl', 'de', 'fr', 'it', 'es']) }, closed),
  Type.Object({ type: Type.Literal('suppression') }, closed),
])

export const hierarchySpecDocument = documentType('hierarchy-spec', HierarchySpecSchema)
