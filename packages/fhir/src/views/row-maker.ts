// Makes a view's rows from a resource by continuation: each select writes its columns into the row under way and calls what comes next, so that iterations side by side give every combination.
import type { Compiled, Scope } from './path/compiled.ts'
import { items } from './path/values.ts'

/** The row under way, and what its paths see. */
export interface Run extends Scope {
  readonly row: unknown[]
}

export type Next = () => void

/** Writes its part of the row for one item, then calls `next`, once for each row. */
export type RowPart = (item: unknown, run: Run, next: Next) => void

export interface ColumnWriter {
  readonly slot: number
  readonly cell: (item: unknown, scope: Scope) => unknown
}

/** Columns of one select, then its nested parts in order. */
export function select(columns: readonly ColumnWriter[], parts: readonly RowPart[]): RowPart {
  const all = inOrder(parts)
  return (item, run, next) => {
    for (const { slot, cell } of columns) run.row[slot] = cell(item, run)
    all(item, run, next)
  }
}

/** One part after the other, on the same item. */
function inOrder(parts: readonly RowPart[]): RowPart {
  const [first, ...rest] = parts
  if (first === undefined) return (_item, _run, next) => next()
  if (rest.length === 0) return first
  const others = inOrder(rest)
  return (item, run, next) => first(item, run, () => others(item, run, next))
}

/** The rows of each branch. */
export const union = (branches: readonly RowPart[]): RowPart => (item, run, next) => {
  for (const branch of branches) branch(item, run, next)
}

/** The part for each item that the path gives; %rowIndex is its place. */
export const forEach = (path: Compiled, part: RowPart): RowPart => (item, run, next) => void iterate(items(path.run(item, run)), part, run, next)

/** As `forEach`; where the path gives nothing, one row without values. */
export function forEachOrNull(path: Compiled, part: RowPart, blank: RowPart): RowPart {
  return (item, run, next) => {
    const found = items(path.run(item, run))
    if (found.length === 0) iterate([undefined], blank, run, next)
    else iterate(found, part, run, next)
  }
}

/** As `forEach` over what the paths give of the item, of what they gave, and so on, parents before their children. */
export const repeat = (paths: readonly Compiled[], part: RowPart): RowPart => (item, run, next) => {
  const found: unknown[] = []
  const descend = (from: unknown): void => {
    for (const path of paths) {
      for (const child of items(path.run(from, run))) {
        // A path such as $this would give its own item for ever.
        if (child === from) continue
        found.push(child)
        descend(child)
      }
    }
  }
  descend(item)
  iterate(found, part, run, next)
}

function iterate(found: readonly unknown[], part: RowPart, run: Run, next: Next): void {
  const outer = run.rowIndex
  found.forEach((one, index) => {
    run.rowIndex = index
    part(one, run, () => {
      // What stands beside this iteration is not inside it.
      run.rowIndex = outer
      next()
      run.rowIndex = index
    })
  })
  run.rowIndex = outer
}
