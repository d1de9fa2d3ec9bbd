// The dataset document: what a holder offers. With a view it is a table whose columns a steward gave roles, the attack they were given against, and
// what must hold before anything of it leaves; without one only counts are offered.
import Type from 'typebox'
import { secondaryFormCodes } from '../vocabularies/forms.ts'
import { documentType } from '../validate.ts'
import { HierarchySpecSchema } from './hierarchy-spec.ts'
import { CategoriesSchema, closed } from './parts.ts'
import { tableModels } from './privacy-models.ts'

/** What a column can do to a person. An unclassified column leaves nowhere. */
export const datasetRoles = ['identifying', 'quasi-identifying', 'sensitive', 'insensitive', 'unclassified'] as const

/** A column's name as SQL-on-FHIR v2 allows it. */
export const ColumnNameSchema = Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_]{0,63}$' })

/** A hierarchy written out: one array a value, finest first. */
const HierarchyRowsSchema = Type.Object({
  rows: Type.Array(Type.Array(Type.String({ maxLength: 200 }), { minItems: 2, maxItems: 30 }), { minItems: 1, maxItems: 100_000 }),
}, closed)

/** How a column is made coarser: built over its values, or written out. */
export const ColumnHierarchySchema = Type.Union([HierarchySpecSchema, HierarchyRowsSchema])

export const DatasetColumnSchema = Type.Object({
  name: ColumnNameSchema,
  role: Type.Enum([...datasetRoles]),
  /** Why it has this role; the suggestion's words or the steward's. */
  reason: Type.String({ maxLength: 1000 }),
  /** What its values are; text where absent. Dates (ISO 8601) are shifted under a pseudonym. */
  values: Type.Optional(Type.Enum(['text', 'number', 'date'])),
  hierarchy: Type.Optional(ColumnHierarchySchema),
  minLevel: Type.Optional(Type.Integer({ minimum: 0, maximum: 30 })),
  maxLevel: Type.Optional(Type.Integer({ minimum: 0, maximum: 30 })),
  /** Weight of the column in the metric; 1 where absent. */
  weight: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
}, closed)

/** Who might attack, knowing what: what the roles were decided against. */
const ScenarioSchema = Type.Object({
  /** Knows that her target is in the table; knows only that it is in the population; links everybody. */
  attacker: Type.Enum(['prosecutor', 'journalist', 'marketer']),
  /** Columns whose values the attacker knows of her target. */
  knows: Type.Array(ColumnNameSchema, { uniqueItems: true, maxItems: 200 }),
  text: Type.String({ minLength: 1, maxLength: 4000 }),
}, closed)

const Share = Type.Number({ minimum: 0, maximum: 1 })

export const DatasetPolicySchema = Type.Object({
  forms: Type.Array(Type.Enum([...secondaryFormCodes]), { uniqueItems: true, maxItems: secondaryFormCodes.length }),
  models: Type.Array(Type.Union([...tableModels]), { minItems: 1, maxItems: 20 }),
  /** Largest share of the rows that may be suppressed. */
  suppressionLimit: Share,
  /** What the gate measures on the very bytes, counting people and not rows. */
  thresholds: Type.Object({
    /** Largest 1 / people of a class: the prosecutor's best chance. */
    highestRisk: Share,
    /** Largest share that a linker of the whole table gets right: the marketer's. */
    averageRisk: Share,
    /** Largest share of people who are alone in a class. */
    uniques: Share,
    /** Fewest different values of each sensitive column in a class. */
    distinctValues: Type.Integer({ minimum: 1, maximum: 1000 }),
  }, closed),
}, closed)

/** A ViewDefinition of SQL-on-FHIR v2, as data; what compiles views checks the rest. */
const ViewSchema = Type.Object({
  resource: Type.String({ pattern: '^[A-Z][A-Za-z]{2,40}$' }),
  select: Type.Array(Type.Unknown(), { minItems: 1, maxItems: 100 }),
}, { additionalProperties: true })

const DatasetSchema = Type.Object({
  format: Type.Literal('mhmd-dataset/1'),
  title: Type.String({ minLength: 1, maxLength: 200 }),
  summary: Type.String({ maxLength: 4000 }),
  /** Categories of Regulation (EU) 2025/327, Art. 51(1). */
  categories: Type.Array(CategoriesSchema.items, { uniqueItems: true, minItems: 1, maxItems: 17 }),
  view: ViewSchema,
  columns: Type.Array(DatasetColumnSchema, { minItems: 1, maxItems: 200 }),
  scenario: ScenarioSchema,
  policy: DatasetPolicySchema,
}, closed)

export type Dataset = Type.Static<typeof DatasetSchema>
export type DatasetColumn = Type.Static<typeof DatasetColumnSchema>
export type DatasetPolicy = Type.Static<typeof DatasetPolicySchema>
export type DatasetRole = DatasetColumn['role']
export const datasetDocument = documentType('dataset', DatasetSchema)

/** A dataset's document while it is being written: its words may still be missing. */
export const draftedDatasetDocument = documentType('drafted-dataset', Type.Object({
  ...DatasetSchema.properties, title: Type.String({ maxLength: 200 }), scenario: Type.Object({ ...ScenarioSchema.properties, text: Type.String({ maxLength: 4000 }) }, closed),
}, closed))

const DatasetDescriptionSchema = Type.Object({
  title: DatasetSchema.properties.title,
  summary: DatasetSchema.properties.summary,
  categories: DatasetSchema.properties.categories,
}, closed)

/** A dataset without a view: it is described, and counts are all it gives. */
export type DatasetDescription = Type.Static<typeof DatasetDescriptionSchema>
const descriptionDocument = documentType('dataset-description', DatasetDescriptionSchema)
const eitherDocument = documentType('offered-dataset', Type.Union([DatasetSchema, DatasetDescriptionSchema]))
/** What may be offered: a whole dataset, or a description alone. What is wrong is told of the one that is meant. */
export const offeredDatasetDocument: typeof eitherDocument = {
  ...eitherDocument,
  parse: (value) => typeof value === 'object' && value !== null && 'view' in value ? datasetDocument.parse(value) : descriptionDocument.parse(value),
}
