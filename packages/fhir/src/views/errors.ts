// What can be wrong with a view, and what can go wrong while it runs: the place in the view, never a value of a record.
import { defineErrors } from '@mhmd/base'

const paths = 'Correct the path; docs/reference/views.md lists what paths may hold.'

export const viewErrors = defineErrors('VIEW', {
  UNKNOWN_RESOURCE: { kind: 'invalid', says: (d: { at: string }) => `${d.at} is no resource type of FHIR R4`, remedy: 'Name one, such as Patient or Observation.' },
  BAD_PATH: { kind: 'invalid', says: (d: { at: string; offset: number; why: string }) => `The path at ${d.at} can't be read at character ${d.offset}: ${d.why}`, remedy: paths },
  UNKNOWN_FUNCTION: { kind: 'invalid', says: (d: { at: string; offset: number }) => `The path at ${d.at} calls a function at character ${d.offset} that views don't have`, remedy: paths },
  BAD_ARGUMENTS: { kind: 'invalid', says: (d: { at: string; offset: number; wanted: string }) => `The function at character ${d.offset} of the path at ${d.at} takes ${d.wanted}`, remedy: paths },
  UNKNOWN_TYPE: { kind: 'invalid', says: (d: { at: string; offset: number }) => `The path at ${d.at} names no type of FHIR R4 at character ${d.offset}`, remedy: 'Name a type such as Quantity, dateTime or string.' },
  TYPE_NOT_TOLD: { kind: 'invalid', says: (d: { at: string; offset: number }) => `The type asked for at character ${d.offset} of the path at ${d.at} can't be told from the value`, remedy: 'Write ofType(…), as or is directly behind the element with several types: value.ofType(Quantity).' },
  UNKNOWN_CONSTANT: { kind: 'invalid', says: (d: { at: string; offset: number }) => `The path at ${d.at} uses a constant at character ${d.offset} that the view doesn't define`, remedy: 'Define it under `constant`, or write %rowIndex.' },
  BAD_CONSTANT: { kind: 'invalid', says: (d: { at: string }) => `The constant at ${d.at} is defined twice, or its value is not of its type`, remedy: 'Give it one name and one value of its type.' },
  TWO_ITERATIONS: { kind: 'invalid', says: (d: { at: string }) => `The select at ${d.at} has more than one of forEach, forEachOrNull and repeat`, remedy: 'Put one into a nested select.' },
  NO_COLUMNS: { kind: 'invalid', says: (d: { at: string }) => `The select at ${d.at} gives no column`, remedy: 'Give it columns, a nested select, or unionAll.' },
  COLUMN_TWICE: { kind: 'invalid', says: (d: { at: string }) => `The column at ${d.at} has the name of another one`, remedy: 'Give each column a name of its own; only the branches of one unionAll share theirs.' },
  UNION_MISMATCH: { kind: 'invalid', says: (d: { at: string }) => `The branch at ${d.at} has other columns than the first branch of its unionAll`, remedy: 'Give every branch the same columns in the same order.' },
  NOT_BOOLEAN: { kind: 'invalid', says: (d: { at: string }) => `The filter at ${d.at} gave something else than true or false`, remedy: 'End it with a comparison or with exists().' },
  SEVERAL_VALUES: { kind: 'invalid', says: (d: { at: string }) => `At ${d.at} a record has several values where one is wanted`, remedy: 'Add first() or where(…) to the path, iterate with forEach, or set `collection` for the column.' },
  TOO_DEEP: { kind: 'invalid', says: (d: { at: string }) => `The view or the record is nested too deeply at ${d.at}`, remedy: 'Use fewer levels of select and repeat; a record nested by hundreds of levels is damaged.' },
})
