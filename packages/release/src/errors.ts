// The errors of `release`: calls that can't be carried out. A count that may not leave is no error but a refusal, RELEASE_WITHHELD.
import { defineErrors } from '@mhmd/base'

export const releaseErrors = defineErrors('RELEASE', {
  NO_QUESTION: { kind: 'invalid', says: () => 'The request holds no question to count', remedy: 'File a request with a question.' },
  OTHER_REQUEST: { kind: 'forbidden', says: () => 'The decision was made for another request', remedy: 'Resolve this request and pass on its own decision.' },
  QUESTION_BEYOND_REQUEST: { kind: 'forbidden', says: (d: { criterion: string }) => `The question asks about a ${d.criterion}, which the request's data do not cover`, remedy: 'Ask for the FHIR types the question needs, or drop the criterion.' },
  UNSAFE_POLICY: { kind: 'invalid', says: (d: { setting: string; least: number }) => `The release policy's ${d.setting} is below ${d.least}`, remedy: 'Raise it: the protection was argued and tested from that value on.' },
  FORM_NOT_OF_BASIS: { kind: 'forbidden', says: (d: { form: string; basis: string }) => `A table in the form ${d.form} does not leave on the basis ${d.basis}`, remedy: 'Pseudonyms need consent that names recipient and form.' },
  SECURE_ENVIRONMENT_ONLY: { kind: 'forbidden', says: () => 'Only a secure processing environment may hold this under a permit (Regulation (EU) 2025/327, Art. 73)', remedy: 'This network has none: ask for a count, or for a generalised table under a permit that does not bind it to one.' },
  FORM_NOT_OFFERED: { kind: 'forbidden', says: (d: { form: string }) => `The dataset's policy does not offer the form ${d.form}`, remedy: 'Ask for a form that the dataset offers.' },
  OTHER_DATASET: { kind: 'invalid', says: () => 'The request names another dataset, or none', remedy: 'File a request that names this dataset.' },
  DATASET_BEYOND_REQUEST: { kind: 'forbidden', says: (d: { what: string }) => `The dataset's view reads more than the request is about: ${d.what}`, remedy: 'Ask for the categories and the type of resource that the dataset is made of, without a window of time.' },
  COLUMN_UNKNOWN: { kind: 'invalid', says: (d: { column: string }) => `The dataset has no column ${d.column}`, remedy: 'Ask for columns of the dataset’s description.' },
  NO_COLUMN: { kind: 'forbidden', says: () => 'No column asked for may leave', remedy: 'Ask for columns that are classified and don’t identify people.' },
  NO_PEOPLE: { kind: 'conflict', says: () => 'Nobody of this dataset may be used for this request', remedy: 'The job’s log says how many were denied for which reason. It changes when people permit this recipient a table in this form.' },
  NO_SOLUTION: { kind: 'conflict', says: (d: { suppressionLimit: number }) => `No generalisation satisfies the policy with at most ${d.suppressionLimit} of the rows suppressed`, remedy: 'Ask for fewer variables, or let a steward widen the hierarchies or the suppression limit.' },
  TOO_LARGE: { kind: 'conflict', says: () => 'The table is larger than the memory of the thread that makes it', remedy: 'Ask for fewer variables or for a narrower cohort, or give the node more memory.' },
  SOURCE_CHANGED: { kind: 'conflict', says: () => 'The rows are not those that the release was made of', remedy: 'Repeat it from the records as they stood, or release anew.' },
  GATE_UNREADABLE: { kind: 'bug', says: (d: { why: string }) => `The gate can't open what would leave: ${d.why}`, remedy: 'Report this: what was written is not what the gate reads.' },
  GATE_COLUMN: { kind: 'forbidden', says: () => 'The bytes hold a column that nobody classified, or that names people', remedy: 'Let a steward classify it, or leave it out of the variables.' },
  GATE_NAME_INSIDE: { kind: 'forbidden', says: () => 'A cell holds what an identifying column or a subject is called', remedy: 'Look at the view: a column repeats an identifier. Classify it as identifying.' },
  GATE_EMPTY: { kind: 'forbidden', says: () => 'Nothing would leave but rows that show nothing', remedy: 'Ask for fewer variables, or release when more people may be used.' },
  GATE_KNOWN_COLUMN: { kind: 'forbidden', says: () => 'The scenario’s attacker knows a column that the classes leave out', remedy: 'Give it the role quasi-identifying.' },
  GATE_HIGHEST_RISK: { kind: 'forbidden', says: () => 'A class has fewer people than the policy’s highest risk allows', remedy: 'Widen the hierarchies, or ask for fewer variables.' },
  GATE_AVERAGE_RISK: { kind: 'forbidden', says: () => 'A linker of the whole table would get more right than the policy allows', remedy: 'Widen the hierarchies, or ask for fewer variables.' },
  GATE_UNIQUES: { kind: 'forbidden', says: () => 'More people are alone in a class than the policy allows', remedy: 'Widen the hierarchies, or ask for fewer variables.' },
  GATE_DISTINCT_VALUES: { kind: 'forbidden', says: () => 'A class has fewer different sensitive values than the policy asks for', remedy: 'Widen the hierarchies, or leave the sensitive column out.' },
  GATE_TELLS_APART: { kind: 'forbidden', says: () => 'A column called insensitive tells people apart', remedy: 'Give it the role quasi-identifying or identifying.' },
  GATE_SUPPRESSION: { kind: 'forbidden', says: () => 'More rows are suppressed than the policy allows', remedy: 'Widen the hierarchies, or raise the suppression limit.' },
  GATE_DATE_NOT_MOVED: { kind: 'bug', says: () => 'A date stands where it stood', remedy: 'Report this: a date left the pseudonymised table unmoved.' },
  GATE_DIFFERENCE: { kind: 'forbidden', says: () => 'Together with an earlier release to this recipient it would narrow people down to fewer than a class', remedy: 'Release to it again when at least a class of people has come or gone, or in the same columns.' },
})

/** The one code of every count that may not leave; which rule held it back stays with the holder. */
export const WITHHELD = 'RELEASE_WITHHELD'
