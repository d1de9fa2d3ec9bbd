// The errors of `release`: calls that can't be carried out. A count that may not leave is no error but a refusal, RELEASE_WITHHELD.
import { defineErrors } from '@mhmd/base'

export const releaseErrors = defineErrors('RELEASE', {
  NO_QUESTION: { kind: 'invalid', says: () => 'The request holds no question to count', remedy: 'File a request with a question.' },
  OTHER_REQUEST: { kind: 'forbidden', says: () => 'The decision was made for another request', remedy: 'Resolve this request and pass on its own decision.' },
  QUESTION_BEYOND_REQUEST: { kind: 'forbidden', says: (d: { criterion: string }) => `The question asks about a ${d.criterion}, which the request's data do not cover`, remedy: 'Ask for the FHIR types the question needs, or drop the criterion.' },
  UNSAFE_POLICY: { kind: 'invalid', says: (d: { setting: string; least: number }) => `The release policy's ${d.setting} is below ${d.least}`, remedy: 'Raise it: the protection was argued and tested from that value on.' },
})

/** The one code of every count that may not leave; which rule held it back stays with the holder. */
export const WITHHELD = 'RELEASE_WITHHELD'
