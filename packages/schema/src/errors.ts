// The errors of `schema`.
import { defineErrors } from '@mhmd/base'

export const schemaErrors = defineErrors('SCHEMA', {
  NOT_VALID: {
    kind: 'invalid',
    says: (d: { document: string; problems: string }) => `The ${d.document} does not follow its schema: ${d.problems}`,
    remedy: 'Compare the document with its JSON Schema in schemas/.',
  },
})
