// What can keep a risk from being measured.
import { defineErrors } from '@mhmd/base'

export const riskErrors = defineErrors('RISK', {
  NO_QUASI_IDENTIFIER: {
    kind: 'invalid',
    says: () => 'No column is named as quasi-identifying',
    remedy: 'Give at least one column the role quasi-identifying.',
  },
  UNKNOWN_COLUMN: {
    kind: 'invalid',
    says: (d: { column: string }) => `The table has no column ${d.column}`,
    remedy: 'Name a column of the table\'s header, and check the delimiter.',
  },
  NO_ROWS: {
    kind: 'invalid',
    says: (d: { suppressedRows: number }) => `No row is left to measure; ${d.suppressedRows} rows are suppressed`,
    remedy: 'Measure a table with at least one row that is not suppressed.',
  },
  BAD_POPULATION: {
    kind: 'invalid',
    says: (d: { rows: number }) => `The population size is not a whole number of at least the table's ${d.rows} rows`,
    remedy: 'Give the number of people the table was drawn from.',
  },
  NOT_IN_POPULATION: {
    kind: 'invalid',
    says: (d: { rows: number; firstRow: number }) => `${d.rows} rows have quasi-identifiers rarer in the population table than here, the first in data row ${d.firstRow}`,
    remedy: 'Give the table of the whole population the input was drawn from, with equal values and hierarchies.',
  },
  NO_PERSONS: {
    kind: 'invalid',
    says: (d: { column: string }) => `Persons are to be counted and nothing tells whose each row is: the column ${d.column} is not in the table, and the job's input has another number of rows`,
    remedy: 'Measure a table with the person column, or a release of the job\'s input with all its rows.',
  },
  WEIGHTED_PERSONS: {
    kind: 'invalid',
    says: () => 'Survey weights stand for rows, and persons are to be counted',
    remedy: 'Give a table with one row a person, or leave the weights out.',
  },
  BAD_WEIGHT: {
    kind: 'invalid',
    says: (d: { row: number }) => `The survey weight in data row ${d.row} is not a number of at least 1`,
    remedy: 'A weight says for how many people of the population a row stands.',
  },
})
