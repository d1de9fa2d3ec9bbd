// The ViewDefinition of SQL on FHIR v2: which rows and columns are made of resources of one type. Its structure only: paths are checked when the view is compiled.
// https://build.fhir.org/ig/FHIR/sql-on-fhir-v2/StructureDefinition-ViewDefinition.html
import Type from 'typebox'
import { documentType } from '../validate.ts'
import type { DocumentType } from '../validate.ts'
import { closed } from './parts.ts'

/** A FHIRPath expression. */
const Path = Type.String({ minLength: 1, maxLength: 2000 })
const Text = Type.String({ maxLength: 4000 })
const Name = Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_]{0,63}$' })

const Column = Type.Object({
  name: Name,
  path: Path,
  type: Type.Optional(Type.String({ maxLength: 200 })),
  /** Whether several values are fair. Default no: more than one is an error. */
  collection: Type.Optional(Type.Boolean()),
  description: Type.Optional(Text),
  tag: Type.Optional(Type.Array(Type.Object({ name: Text, value: Text }, closed), { maxItems: 20 })),
}, closed)

/** The name that the schema of a select is referred to by, inside itself. */
const SELECT = 'urn:mhmd:schema:view-select'
const Nested = Type.Array(Type.Ref(SELECT), { minItems: 1, maxItems: 100 })

const Select = Type.Cyclic({
  [SELECT]: Type.Object({
    column: Type.Optional(Type.Array(Column, { maxItems: 200 })),
    select: Type.Optional(Nested),
    forEach: Type.Optional(Path),
    forEachOrNull: Type.Optional(Path),
    repeat: Type.Optional(Type.Array(Path, { minItems: 1, maxItems: 20 })),
    unionAll: Type.Optional(Nested),
  }, closed),
}, SELECT)

const constantValues = ['Base64Binary', 'Boolean', 'Canonical', 'Code', 'Date', 'DateTime', 'Decimal', 'Id', 'Instant', 'Integer', 'Integer64', 'Oid', 'String', 'PositiveInt', 'Time', 'UnsignedInt', 'Uri', 'Url', 'Uuid'] as const
const Constant = Type.Object({
  name: Name,
  ...Object.fromEntries(constantValues.map((type) => [`value${type}`, Type.Optional(Type.Union([Text, Type.Number(), Type.Boolean()]))])),
}, { additionalProperties: false, minProperties: 2, maxProperties: 2 })

const ViewDefinitionSchema = Type.Object({
  resourceType: Type.Optional(Type.String({ maxLength: 200 })),
  url: Type.Optional(Text), identifier: Type.Optional(Type.Unknown()), version: Type.Optional(Text), name: Type.Optional(Name), title: Type.Optional(Text), status: Type.Optional(Type.Enum(['draft', 'active', 'retired', 'unknown'])),
  experimental: Type.Optional(Type.Boolean()), date: Type.Optional(Text), publisher: Type.Optional(Text), contact: Type.Optional(Type.Unknown()), description: Type.Optional(Text), useContext: Type.Optional(Type.Unknown()), copyright: Type.Optional(Text),
  meta: Type.Optional(Type.Unknown()), profile: Type.Optional(Type.Array(Text, { maxItems: 100 })), fhirVersion: Type.Optional(Type.Array(Text, { maxItems: 20 })),
  /** The type of resource that rows are made of. */
  resource: Type.String({ pattern: '^[A-Z][A-Za-z]{2,40}$' }),
  constant: Type.Optional(Type.Array(Constant, { maxItems: 100 })),
  select: Type.Array(Select, { minItems: 1, maxItems: 100 }),
  where: Type.Optional(Type.Array(Type.Object({ path: Path, description: Type.Optional(Text) }, closed), { maxItems: 100 })),
}, closed)

export interface ViewColumnDefinition {
  readonly name: string
  readonly path: string
  readonly type?: string
  readonly collection?: boolean
  readonly description?: string
}

export interface ViewSelect {
  readonly column?: readonly ViewColumnDefinition[]
  readonly select?: readonly ViewSelect[]
  readonly forEach?: string
  readonly forEachOrNull?: string
  readonly repeat?: readonly string[]
  readonly unionAll?: readonly ViewSelect[]
}

export interface ViewDefinition {
  readonly name?: string
  readonly title?: string
  readonly description?: string
  readonly resource: string
  /** One member `name` and one `value…`. */
  readonly constant?: readonly Readonly<Record<string, unknown>>[]
  readonly select: readonly ViewSelect[]
  readonly where?: readonly { readonly path: string }[]
}

const document = documentType('view-definition', ViewDefinitionSchema)
/** Typed by hand: selects are inside selects. */
export const viewDefinitionDocument: DocumentType<ViewDefinition> = {
  name: document.name,
  schema: document.schema,
  is: (value): value is ViewDefinition => document.is(value),
  parse: (value) => document.parse(value),
}
