// Consent terms: what a person permits and what she prohibits. What no permission covers is not permitted; a prohibition overrides every permission.
import Type from 'typebox'
import { secondaryFormCodes } from '../vocabularies/forms.ts'
import { secondaryPurposeCodes } from '../vocabularies/purposes.ts'
import { returnCodes } from '../vocabularies/returns.ts'
import { permissibleUseCodes } from '../vocabularies/uses.ts'
import { documentType } from '../validate.ts'
import { CategoriesSchema, ClassesSchema, CountriesSchema, DataWindowSchema, FhirTypesSchema, IdSchema, MembersSchema, TimeSchema, UsesSchema, closed } from './parts.ts'

const PurposesSchema = Type.Array(Type.Enum(secondaryPurposeCodes), { uniqueItems: true, maxItems: secondaryPurposeCodes.length })
const FormSchema = Type.Enum([...secondaryFormCodes])

/** Every member narrows; an empty list permits nothing. A recipient is covered when it is named, or when both its class and its country are. */
const PermissionSchema = Type.Object({
  recipients: Type.Object({ members: MembersSchema, classes: ClassesSchema, countries: CountriesSchema }, closed),
  purposes: PurposesSchema,
  /** Declared uses beside the purpose that she permits; those of Art. 54 can't be permitted. */
  uses: Type.Array(Type.Enum(permissibleUseCodes), { uniqueItems: true, maxItems: permissibleUseCodes.length }),
  categories: CategoriesSchema,
  /** Only these FHIR types; all of the categories' types where absent. */
  fhirTypes: Type.Optional(FhirTypesSchema),
  dataWindow: Type.Optional(DataWindowSchema),
  /** The most exposing form permitted. */
  form: FormSchema,
  /** Only these requests; any where absent. */
  requests: Type.Optional(Type.Array(IdSchema, { uniqueItems: true, maxItems: 200 })),
}, closed)

/** Applies where every member that is stated touches the request. */
const ProhibitionSchema = Type.Object({
  members: Type.Optional(MembersSchema),
  classes: Type.Optional(ClassesSchema),
  countries: Type.Optional(CountriesSchema),
  purposes: Type.Optional(PurposesSchema),
  categories: Type.Optional(CategoriesSchema),
  fhirTypes: Type.Optional(FhirTypesSchema),
  uses: Type.Optional(UsesSchema),
  /** This form and every more exposing one. */
  form: Type.Optional(FormSchema),
}, { ...closed, minProperties: 1 })

const ConsentTermsSchema = Type.Object({
  format: Type.Literal('mhmd-consent-terms/1'),
  /** The terms hold from this moment until before that one. */
  from: TimeSchema,
  until: TimeSchema,
  permissions: Type.Array(PermissionSchema, { maxItems: 100 }),
  prohibitions: Type.Array(ProhibitionSchema, { maxItems: 100 }),
  /** Whether these permissions stand although she opted out of secondary use in general. */
  despiteOptOut: Type.Boolean(),
  /** What a request must offer her in return. */
  returnsWanted: Type.Array(Type.Enum(returnCodes), { uniqueItems: true, maxItems: returnCodes.length }),
}, closed)

export type Permission = Type.Static<typeof PermissionSchema>
export type Prohibition = Type.Static<typeof ProhibitionSchema>
export type ConsentTerms = Type.Static<typeof ConsentTermsSchema>
export const consentTermsDocument = documentType('consent-terms', ConsentTermsSchema)
