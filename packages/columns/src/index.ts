// Typed-array tables, dictionaries, bitsets and group-by kernels.
export { columnNamed, columnOf, makeCodes, textAt } from './table.ts'
export type { Codes, Column, Table } from './table.ts'
