// A hierarchy as it is kept: one row a value of the domain, column 0 the value, then one column a level.
import { columnOf } from '@mhmd/columns'
import type { Table } from '@mhmd/columns'

/** The levels of one attribute before they meet a table. Made by `readHierarchy` or a builder; both check it. */
export interface HierarchySource {
  readonly attribute: string
  readonly table: Table
}

/** The marker of a suppressed cell, and of a level that says nothing. */
export const SUPPRESSED = '*'

/** A source from levels as texts, level 0 first. */
export function sourceOf(attribute: string, levels: readonly (readonly string[])[]): HierarchySource {
  return { attribute, table: { rows: levels[0]?.length ?? 0, columns: levels.map((labels, level) => columnOf(String(level + 1), labels)) } }
}
