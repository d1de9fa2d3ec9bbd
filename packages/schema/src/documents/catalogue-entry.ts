// The catalogue's entry of an offered dataset: what a requester may know before any decision. No value of a record, no scenario, no exact figure.
import Type from 'typebox'
import { secondaryFormCodes } from '../vocabularies/forms.ts'
import { documentType } from '../validate.ts'
import { ColumnNameSchema, datasetRoles } from './dataset.ts'
import { CategoriesSchema, closed } from './parts.ts'

/** How much of a column is missing: nothing; below a twentieth; below a third; more. */
const missingShares = ['none', 'few', 'some', 'many'] as const

const EntryColumnSchema = Type.Object({
  name: ColumnNameSchema,
  role: Type.Enum(datasetRoles.filter((role) => role !== 'unclassified')),
  values: Type.Enum(['text', 'number', 'date']),
  description: Type.Optional(Type.String({ maxLength: 4000 })),
  missing: Type.Optional(Type.Enum([...missingShares])),
}, closed)

const CatalogueEntrySchema = Type.Object({
  format: Type.Literal('mhmd-catalogue-entry/1'),
  title: Type.String({ minLength: 1, maxLength: 200 }),
  summary: Type.String({ maxLength: 4000 }),
  categories: Type.Array(CategoriesSchema.items, { uniqueItems: true, minItems: 1, maxItems: 17 }),
  /** The forms in which something may leave. */
  forms: Type.Array(Type.Enum([...secondaryFormCodes]), { uniqueItems: true, maxItems: secondaryFormCodes.length }),
  /** Of a dataset with a view: the type of resource it is made of, its columns, and at least how many people are in it, in steps. */
  resource: Type.Optional(Type.String({ pattern: '^[A-Z][A-Za-z]{2,40}$' })),
  columns: Type.Optional(Type.Array(EntryColumnSchema, { minItems: 1, maxItems: 200 })),
  peopleAtLeast: Type.Optional(Type.Integer({ minimum: 10 })),
}, closed)

export type CatalogueEntry = Type.Static<typeof CatalogueEntrySchema>
export const catalogueEntryDocument = documentType('catalogue-entry', CatalogueEntrySchema)
