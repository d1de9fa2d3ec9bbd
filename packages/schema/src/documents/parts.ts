// Schema parts that several documents share; every text and list has a limit.
import Type from 'typebox'
import { dataCategoryCodes } from '../vocabularies/data-categories.ts'
import { fhirTypeNames } from '../vocabularies/fhir-types.ts'
import { recipientClassCodes } from '../vocabularies/recipients.ts'
import { useCodes } from '../vocabularies/uses.ts'

export const closed = { additionalProperties: false } as const
export const MemberIdSchema = Type.String({ pattern: '^[a-z][a-z0-9-]{1,30}$' })
export const IdSchema = Type.String({ pattern: '^[0-9a-hjkmnp-tv-z]{26}$' })
/** Milliseconds since 1970, up to the year 9999. */
export const TimeSchema = Type.Integer({ minimum: 0, maximum: 253402300799999 })
export const DateSchema = Type.String({ pattern: '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' })
export const CountrySchema = Type.String({ pattern: '^[A-Z]{2}$' })
const CountryOrGroupSchema = Type.String({ pattern: '^([A-Z]{2}|EEA|\\*)$' })
export const CategoriesSchema = Type.Array(Type.Enum(dataCategoryCodes), { uniqueItems: true, maxItems: dataCategoryCodes.length })
export const FhirTypesSchema = Type.Array(Type.Enum(fhirTypeNames), { uniqueItems: true, maxItems: fhirTypeNames.length })
export const ClassesSchema = Type.Array(Type.Enum(recipientClassCodes), { uniqueItems: true, maxItems: recipientClassCodes.length })
export const UsesSchema = Type.Array(Type.Enum(useCodes), { uniqueItems: true, maxItems: useCodes.length })
export const MembersSchema = Type.Array(MemberIdSchema, { uniqueItems: true, maxItems: 200 })
export const CountriesSchema = Type.Array(CountryOrGroupSchema, { uniqueItems: true, maxItems: 250 })
/** Records dated from and to these days, both included; an open end where one is absent. */
export const DataWindowSchema = Type.Object({ from: Type.Optional(DateSchema), to: Type.Optional(DateSchema) }, closed)
