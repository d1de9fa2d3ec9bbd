// Rows grouped by whose they are: a person is the unit of everything counted here.
import type { Column, Table } from '@mhmd/columns'

/** The most rows that one person has. */
export function mostRowsOfOne({ codes, dictionary }: Column): number {
  const counts = new Uint32Array(dictionary.length)
  for (const code of codes) counts[code] = (counts[code] as number) + 1
  return counts.reduce((most, count) => Math.max(most, count), 0)
}

/** The table's columns of these names, in the order of the names. A name that the table lacks is the caller's mistake. */
export function pick(table: Table, names: readonly string[]): Column[] {
  return names.map((name) => {
    const column = table.columns.find((one) => one.name === name)
    if (column === undefined) throw new TypeError('a column of the dataset is not in its table')
    return column
  })
}
