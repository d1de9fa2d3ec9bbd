// The errors of the de-identification engine. Details hold column names, codes and counts, never a value of a record.
import { defineErrors } from '@mhmd/base'

export const deidErrors = defineErrors('DEID', {
  EMPTY_TABLE: { kind: 'invalid', says: (_: Record<never, never>) => 'The table has no row', remedy: 'Give a table with at least one row.' },
  COLUMN_UNKNOWN: { kind: 'invalid', says: (d: { column: string }) => `The job names the column ${d.column}, which the table does not have`, remedy: 'Name columns as in the header of the input.' },
  COLUMN_TWICE: { kind: 'invalid', says: (d: { column: string }) => `The table has two columns called ${d.column}`, remedy: 'Give every column its own name.' },
  NO_QUASI_IDENTIFIER: { kind: 'invalid', says: (_: Record<never, never>) => 'No column is quasi-identifying', remedy: 'Give at least one column the role quasi-identifying.' },
  NO_MODEL: { kind: 'invalid', says: (_: Record<never, never>) => 'The job names no privacy model', remedy: 'Name at least one model, such as k-anonymity.' },
  HIERARCHY_MISSING: { kind: 'invalid', says: (d: { column: string; needed: string }) => `The column ${d.column} has no hierarchy, which ${d.needed} needs`, remedy: 'Give the column a hierarchy.' },
  LEVEL_IMPOSSIBLE: { kind: 'invalid', says: (d: { column: string; minLevel: number; maxLevel: number; height: number }) => `The levels ${d.minLevel} to ${d.maxLevel} of ${d.column} do not lie within 0 to ${d.height}`, remedy: 'Choose whole numbers with minLevel ≤ maxLevel ≤ the last level of the hierarchy.' },
  SENSITIVE_UNKNOWN: { kind: 'invalid', says: (d: { column: string; model: string }) => `The model ${d.model} names ${d.column}, which is not a sensitive column of the job`, remedy: 'Give that column the role sensitive.' },
  MODEL_UNSUPPORTED: { kind: 'invalid', says: (d: { model: string }) => `The model ${d.model} cannot be searched for here`, remedy: 'See docs/methods for the models and what each is for.' },
  PARAMETER_IMPOSSIBLE: { kind: 'invalid', says: (d: { parameter: string; allowed: string }) => `The parameter ${d.parameter} must be ${d.allowed}`, remedy: 'Correct the job.' },
  SUBSET_TWICE: { kind: 'invalid', says: (_: Record<never, never>) => 'The job names more than one research subset or population', remedy: 'Use one δ-presence and one k-map model at most.' },
  SUBSET_MISMATCH: { kind: 'invalid', says: (d: { rows: number }) => `${d.rows} rows of the subset are not rows of the input`, remedy: 'Give a subset whose rows all occur in the input, with the same columns.' },
  LATTICE_TOO_LARGE: { kind: 'invalid', says: (d: { nodes: number; most: number }) => `The lattice has ${d.nodes} nodes; exact search holds at most ${d.most}`, remedy: 'Use search type heuristic, or bound the levels of some columns.' },
  NO_SOLUTION: { kind: 'conflict', says: (d: { suppressionLimit: number }) => `No generalisation satisfies the models with at most ${d.suppressionLimit} of the rows suppressed`, remedy: 'Raise the suppression limit or maxLevel, or weaken a model.' },
})
