// A table in memory: each column is a dictionary of distinct texts and one small code a row.

/** Codes of the narrowest width that holds the dictionary. */
export type Codes = Uint8Array | Uint16Array | Uint32Array

/** One column: `dictionary[codes[row]]` is the text of a row. Dictionary entries are distinct; not every entry need occur. */
export interface Column {
  readonly name: string
  readonly dictionary: readonly string[]
  readonly codes: Codes
}

/** Columns of equal length; names are distinct. */
export interface Table {
  readonly rows: number
  readonly columns: readonly Column[]
}

/** Zeroed codes for `length` rows of a dictionary with `size` entries. */
export function makeCodes(size: number, length: number): Codes {
  if (size <= 0x100) return new Uint8Array(length)
  if (size <= 0x10000) return new Uint16Array(length)
  return new Uint32Array(length)
}

/** A column from its texts, dictionary in order of first occurrence. */
export function columnOf(name: string, values: readonly string[]): Column {
  const index = new Map<string, number>()
  const wide = new Uint32Array(values.length)
  values.forEach((value, row) => {
    let code = index.get(value)
    if (code === undefined) index.set(value, (code = index.size))
    wide[row] = code
  })
  const codes = makeCodes(index.size, values.length)
  codes.set(wide)
  return { name, dictionary: [...index.keys()], codes }
}

/** The column of that name, if the table has one. */
export function columnNamed(table: Table, name: string): Column | undefined {
  return table.columns.find((column) => column.name === name)
}

/** The text of one cell. */
export function textAt(column: Column, row: number): string {
  return column.dictionary[column.codes[row] as number] as string
}
