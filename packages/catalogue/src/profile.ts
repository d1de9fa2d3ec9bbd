// The profile of a dataset's rows: exact figures for the steward who decides about its columns. Counts only, no value.
import type { Column } from '@mhmd/columns'
import type { CompiledView, PersonTable } from '@mhmd/fhir'

export type ValueKind = 'text' | 'number' | 'date'

export interface ColumnProfile {
  readonly name: string
  /** As the view's types tell; where they don't, as all values look. */
  readonly values: ValueKind
  readonly missing: number
  readonly distinct: number
  /** People who are alone with one of their values in this column. */
  readonly alone: number
}

export interface DatasetProfile {
  readonly rows: number
  readonly people: number
  readonly mostRowsOfAPerson: number
  readonly columns: readonly ColumnProfile[]
}

export function profileTable(view: CompiledView, { table, person }: PersonTable): DatasetProfile {
  const rowsOfPerson = new Uint32Array(person.dictionary.length)
  for (const code of person.codes) rowsOfPerson[code] = (rowsOfPerson[code] as number) + 1
  return {
    rows: table.rows,
    people: rowsOfPerson.reduce((people, rows) => people + (rows > 0 ? 1 : 0), 0),
    mostRowsOfAPerson: rowsOfPerson.reduce((most, rows) => Math.max(most, rows), 0),
    columns: table.columns.map((column, index) => ({ name: column.name, values: valueKind(column, view.columns[index]?.type), ...figures(column, person) })),
  }
}

/** How many people have a combination of the columns' values that nobody else has. */
export function peopleAlone({ table, person }: PersonTable, names: readonly string[]): number {
  const columns = table.columns.filter(({ name }) => names.includes(name))
  const groups = new Map<string, number>()
  const combined = new Uint32Array(table.rows)
  for (let row = 0; row < table.rows; row++) {
    const key = columns.map(({ codes }) => codes[row]).join()
    if (!groups.has(key)) groups.set(key, groups.size)
    combined[row] = groups.get(key) as number
  }
  return columns.length === 0 ? 0 : alone(combined, groups.size, person)
}

function figures({ dictionary, codes }: Column, person: Column): Pick<ColumnProfile, 'missing' | 'distinct' | 'alone'> {
  const empty = dictionary.indexOf('')
  let missing = 0
  for (const code of codes) if (code === empty) missing++
  return { missing, distinct: dictionary.length - (empty < 0 ? 0 : 1), alone: alone(codes, dictionary.length, person, empty) }
}

const NOBODY = -1
const SEVERAL = -2

/** People who are the only one with some value; the empty value apart. */
function alone(codes: ArrayLike<number>, size: number, person: Column, empty = NOBODY): number {
  const only = new Int32Array(size).fill(NOBODY)
  for (let row = 0; row < codes.length; row++) {
    const [value, whose] = [codes[row] as number, person.codes[row] as number]
    if (only[value] === NOBODY) only[value] = whose
    else if (only[value] !== whose) only[value] = SEVERAL
  }
  return new Set([...only].filter((whose, value) => whose >= 0 && value !== empty)).size
}

const kinds: Readonly<Record<string, ValueKind>> = { date: 'date', dateTime: 'date', instant: 'date', decimal: 'number', integer: 'number', positiveInt: 'number', unsignedInt: 'number' }

function valueKind({ dictionary }: Column, type: string | undefined): ValueKind {
  if (type !== undefined) return kinds[type] ?? 'text'
  const values = dictionary.filter((value) => value !== '')
  if (values.length === 0) return 'text'
  if (values.every((value) => /^\d{4}-\d{2}-\d{2}/.test(value))) return 'date'
  return values.every((value) => /^-?\d+(?:\.\d+)?$/.test(value)) ? 'number' : 'text'
}
