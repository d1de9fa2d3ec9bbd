// What can be wrong with a hierarchy: each code says where, never which value.
import { defineErrors } from '@mhmd/base'

export const hierarchyErrors = defineErrors('HIERARCHY', {
  UNREADABLE: {
    kind: 'invalid',
    says: (d: { attribute: string; why: string }) => `The hierarchy of ${d.attribute} cannot be read: ${d.why}`,
    remedy: 'Give a CSV file without header: first the value, then one column a level.',
  },
  RAGGED: {
    kind: 'invalid',
    says: (d: { attribute: string; line: number; expected: number; found: number }) => `Line ${d.line} of the hierarchy of ${d.attribute} has ${d.found} columns; ${d.expected} were expected`,
    remedy: 'Give every value a label at every level; repeat the label where a level changes nothing.',
  },
  REPEATED_VALUE: {
    kind: 'invalid',
    says: (d: { attribute: string; first: number; second: number }) => `Rows ${d.first} and ${d.second} of the hierarchy of ${d.attribute} describe the same value`,
    remedy: 'Keep one row a value.',
  },
  NOT_NESTED: {
    kind: 'invalid',
    says: (d: { attribute: string; row: number; level: number }) => `In row ${d.row} of the hierarchy of ${d.attribute}, a label of level ${d.level} goes to another label of level ${d.level + 1} than in an earlier row`,
    remedy: 'Values that share a label must share every more general label.',
  },
  CYCLIC: {
    kind: 'invalid',
    says: (d: { attribute: string; level: number }) => `In the hierarchy of ${d.attribute}, a label of level ${d.level} is above itself`,
    remedy: 'Give each more general label a text of its own.',
  },
  LABEL_AT_TWO_LEVELS: {
    kind: 'invalid',
    says: (d: { attribute: string; first: number; second: number }) => `In the hierarchy of ${d.attribute}, one label stands at levels ${d.first} and ${d.second} and is not its own generalisation`,
    remedy: 'Rename one of the two: a reader of the release could not tell what the label covers.',
  },
  STAR_VALUE: {
    kind: 'invalid',
    says: (d: { attribute: string; row: number }) => `Row ${d.row} of ${d.attribute} has * as its value, which marks suppressed cells`,
    remedy: 'Write another text for this value in the table and in its hierarchy.',
  },
  VALUE_MISSING: {
    kind: 'invalid',
    says: (d: { attribute: string; row: number; values: number }) => `${d.values} values of ${d.attribute} are not in its hierarchy, the first in data row ${d.row}`,
    remedy: 'Add the values to the hierarchy, or build one from the column.',
  },
  BAD_VALUE: {
    kind: 'invalid',
    says: (d: { attribute: string; builder: string; values: number; first: number }) => `${d.values} values of ${d.attribute} do not suit a hierarchy by ${d.builder}, the first at place ${d.first}`,
    remedy: 'Clean the values, or choose another builder.',
  },
  BAD_SPEC: {
    kind: 'invalid',
    says: (d: { attribute: string; builder: string; why: string }) => `No hierarchy by ${d.builder} for ${d.attribute}: ${d.why}`,
    remedy: 'Correct the named setting.',
  },
})
