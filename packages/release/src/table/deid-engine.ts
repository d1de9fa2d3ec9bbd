// The engine behind the port: exact search over full-domain generalisation, of packages/deid.
import { MhmdError, toBase64Url } from '@mhmd/base'
import type { Column } from '@mhmd/columns'
import { sha256 } from '@mhmd/crypto'
import { buildHierarchy, hierarchyCsv, hierarchyOfDocument, release } from '@mhmd/deid'
import type { ColumnSpec, HierarchySource, Job, JobTables } from '@mhmd/deid'
import type { DatasetColumn } from '@mhmd/schema'
import { mostRowsOfOne } from './people.ts'
import type { Generalised, GeneraliseTask, TableEngine } from './ports.ts'

export const deidEngine: TableEngine = { name: 'mhmd-deid', version: '2', generalise }

/** A name that no column of a dataset can have. */
const PERSON = ' person'

function generalise(task: GeneraliseTask): Generalised | undefined {
  const { job, tables } = jobOf(task)
  try {
    const found = release(job, tables)
    return { table: found.table, levels: found.levels, hierarchies: Object.fromEntries(Object.entries(tables.hierarchies).map(([name, source]) => [name, toBase64Url(sha256(hierarchyCsv(source)))])) }
  } catch (error) {
    if (MhmdError.isInstance(error) && error.code === 'DEID_NO_SOLUTION') return undefined
    throw error
  }
}

/** The engine's job for a task, and its tables. With one row a person models that count rows count people. */
export function jobOf({ table, person, columns, models, suppressionLimit }: GeneraliseTask, personColumn = PERSON): { readonly job: Job; readonly tables: JobTables } {
  const hierarchies = Object.fromEntries(columns.flatMap((column) => {
    const source = hierarchyOf(column, table.columns.find(({ name }) => name === column.name))
    return source === undefined ? [] : [[column.name, source]]
  }))
  const specs = Object.fromEntries(columns.map((column) => [column.name, specOf(column)]))
  const job: Job = { input: { path: '' }, columns: specs, models, suppressionLimit, search: { type: 'exact' } }
  if (mostRowsOfOne(person) <= 1) return { job, tables: { input: table, hierarchies } }
  return {
    job: { ...job, columns: { ...specs, [personColumn]: { role: 'identifying' } }, person: { column: personColumn } },
    tables: { input: { rows: table.rows, columns: [...table.columns, { ...person, name: personColumn }] }, hierarchies },
  }
}

/** A hierarchy is built over the values that occur; without one a quasi-identifier is kept or gone. */
function hierarchyOf({ name, hierarchy }: DatasetColumn, column: Column | undefined): HierarchySource | undefined {
  if (hierarchy === undefined || column === undefined) return undefined
  return 'rows' in hierarchy ? hierarchyOfDocument({ attribute: name, rows: hierarchy.rows }) : buildHierarchy(name, occurring(column), hierarchy)
}

function occurring({ dictionary, codes }: Column): string[] {
  const used = new Uint8Array(dictionary.length)
  for (const code of codes) used[code] = 1
  return dictionary.filter((_text, code) => used[code] === 1)
}

function specOf({ role, minLevel, maxLevel, weight }: DatasetColumn): ColumnSpec {
  if (role === 'unclassified') throw new TypeError('an unclassified column reached the engine')
  return { role, ...(minLevel === undefined ? {} : { minLevel }), ...(maxLevel === undefined ? {} : { maxLevel }), ...(weight === undefined ? {} : { weight }) }
}
