// The errors of `crypto`. None says which byte was wrong, or holds a key.
import { defineErrors } from '@mhmd/base'

export const cryptoErrors = defineErrors('CRYPTO', {
  BAD_KEY: { kind: 'invalid', says: (d: { expected: string }) => `Not a ${d.expected}`, remedy: 'Check that the key was copied whole and is of the kind named.' },
  CANNOT_OPEN: { kind: 'forbidden', says: (d: { what: string }) => `${d.what} cannot be opened with this key`, remedy: 'Use the key it was sealed with; if the key was destroyed, the content is gone on purpose.' },
})
