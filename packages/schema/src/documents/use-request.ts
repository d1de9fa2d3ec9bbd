// The request document: who asks for which data of whom, for what, in which form, on which basis, for how long.
// It holds what a decision needs of Regulation (EU) 2025/327, Art. 67(2)(a)–(h) and 69(2)(a)–(e).
import Type from 'typebox'
import { requestBasisCodes } from '../vocabularies/bases.ts'
import { formCodes, safeguardCodes } from '../vocabularies/forms.ts'
import { purposeCodes } from '../vocabularies/purposes.ts'
import { recipientClassCodes } from '../vocabularies/recipients.ts'
import { returnCodes } from '../vocabularies/returns.ts'
import { documentType } from '../validate.ts'
import { ColumnNameSchema } from './dataset.ts'
import { CategoriesSchema, CountrySchema, DataWindowSchema, FhirTypesSchema, IdSchema, MemberIdSchema, TimeSchema, UsesSchema, closed } from './parts.ts'
import { QuestionSchema } from './question.ts'

const RequesterSchema = Type.Object({
  member: MemberIdSchema,
  class: Type.Enum(recipientClassCodes),
  country: CountrySchema,
  /** Art. 53(2): it works on behalf of a public body. */
  onBehalfOfPublicBody: Type.Optional(Type.Boolean()),
}, closed)

const UseRequestSchema = Type.Object({
  format: Type.Literal('mhmd-use-request/1'),
  id: IdSchema,
  requester: RequesterSchema,
  title: Type.String({ minLength: 1, maxLength: 200 }),
  summary: Type.String({ maxLength: 4000 }),
  purpose: Type.Enum(purposeCodes),
  uses: UsesSchema,
  categories: Type.Array(CategoriesSchema.items, { uniqueItems: true, minItems: 1, maxItems: 17 }),
  fhirTypes: FhirTypesSchema,
  dataWindow: Type.Optional(DataWindowSchema),
  question: Type.Optional(QuestionSchema),
  /** A table is asked of one dataset, as it stood at a version of its description. */
  dataset: Type.Optional(Type.Object({ holder: MemberIdSchema, id: IdSchema, version: Type.Integer({ minimum: 1, maximum: 1_000_000_000 }) }, closed)),
  /** Columns wanted of it. */
  variables: Type.Optional(Type.Array(ColumnNameSchema, { uniqueItems: true, minItems: 1, maxItems: 200 })),
  form: Type.Enum(formCodes),
  basis: Type.Enum(requestBasisCodes),
  /** The use lasts from this moment until before that one. */
  from: TimeSchema,
  until: TimeSchema,
  safeguards: Type.Array(Type.Enum(safeguardCodes), { uniqueItems: true, maxItems: safeguardCodes.length }),
  returns: Type.Array(Type.Enum(returnCodes), { uniqueItems: true, maxItems: returnCodes.length }),
}, closed)

export type UseRequest = Type.Static<typeof UseRequestSchema>
export const useRequestDocument = documentType('use-request', UseRequestSchema)
