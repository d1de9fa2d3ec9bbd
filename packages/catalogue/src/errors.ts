// Why a dataset can't be offered: the column is named, which is the view's word and no person's.
import { defineErrors } from '@mhmd/base'

export const catalogueErrors = defineErrors('CATALOGUE', {
  UNCLASSIFIED: { kind: 'invalid', says: (d: { column: string; columns: number }) => `${d.columns} columns have no role, the first is ${d.column}; an unclassified column leaves nowhere`, remedy: 'Decide for each column of the view: identifying, quasi-identifying, sensitive or insensitive, with the reason; or take it out of the view.' },
  COLUMN_UNKNOWN: { kind: 'invalid', says: (d: { column: string }) => `The view has no column ${d.column}`, remedy: 'Name the columns as the view does.' },
  COLUMN_TWICE: { kind: 'invalid', says: (d: { column: string }) => `The column ${d.column} is described twice`, remedy: 'Describe each column once.' },
  KNOWN_COLUMN: { kind: 'invalid', says: (d: { column: string }) => `The scenario's attacker knows ${d.column}, which is neither quasi-identifying nor identifying`, remedy: 'Give it one of these roles, or write another scenario.' },
  LEVELS: { kind: 'invalid', says: (d: { column: string }) => `The levels of ${d.column} end before they begin`, remedy: 'Give minLevel at most as much as maxLevel.' },
  SENSITIVE_MODEL: { kind: 'invalid', says: (d: { column: string }) => `A privacy model protects ${d.column}, which is no sensitive column`, remedy: 'Name a column whose role is sensitive.' },
})
