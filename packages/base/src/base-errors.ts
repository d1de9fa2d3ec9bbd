// The errors of `base`.
import { defineErrors } from './errors.ts'

export const baseErrors = defineErrors('BASE', {
  NOT_CANONICAL: {
    kind: 'invalid',
    says: (d: { at: string; why: string }) => `The value at ${d.at} has no canonical form: ${d.why}`,
    remedy: 'Use strings, safe integers, booleans, null, arrays and plain objects.',
  },
  BAD_KEY: {
    kind: 'invalid',
    says: (d: { why: string }) => `Not a key: ${d.why}`,
    remedy: 'A key is a tuple of one or more non-empty strings of well-formed text without U+0000.',
  },
  BAD_ENCODING: {
    kind: 'invalid',
    says: (d: { expected: string }) => `The text is not ${d.expected}`,
    remedy: 'Check that the value was copied whole and in the encoding named.',
  },
})
