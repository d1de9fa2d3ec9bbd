// Rows of a view as objects of JSON values, as the specification gives them.
import type { CompiledView } from './compile-view.ts'
import { ExactNumber } from './exact.ts'

/** A row: each column's value, null where there is none. */
export type ViewRow = Readonly<Record<string, unknown>>

/** Rows of the resources, in their order. Throws as `rowsOf` of the view. */
export function* runView(view: CompiledView, resources: Iterable<unknown>): Generator<ViewRow> {
  for (const resource of resources) {
    for (const cells of view.rowsOf(resource)) yield Object.fromEntries(view.columns.map(({ name }, index) => [name, jsonOf(cells[index])]))
  }
}

function jsonOf(cell: unknown): unknown {
  if (cell === undefined) return null
  if (cell instanceof ExactNumber) return Number(cell)
  if (Array.isArray(cell)) return cell.map(jsonOf)
  return typeof cell === 'object' && cell !== null ? Object.fromEntries(Object.entries(cell).map(([name, value]) => [name, jsonOf(value)])) : cell
}
