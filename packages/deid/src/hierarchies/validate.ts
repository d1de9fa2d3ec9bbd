// Says whether a hierarchy means one thing only: one row a value, nested levels, no label above itself or with two meanings.
import type { Column } from '@mhmd/columns'
import { hierarchyErrors } from './errors.ts'
import { SUPPRESSED } from './source.ts'
import type { HierarchySource } from './source.ts'

/** Returns the source, or throws the first HIERARCHY_… error. Labels repeated at neighbouring levels are fair where a level changes nothing for them. */
export function validated(source: HierarchySource): HierarchySource {
  const { attribute, table: { columns, rows } } = source
  const base = columns[0]
  if (base === undefined || rows === 0) throw hierarchyErrors.UNREADABLE({ attribute, why: 'it has no row' })
  checkValues(attribute, base)
  const parents = columns.slice(1).map((next, level) => parentsOf(attribute, level, columns[level] as Column, next))
  checkLabels(attribute, columns, parents)
  return source
}

function checkValues(attribute: string, base: Column): void {
  const star = base.dictionary.indexOf(SUPPRESSED)
  if (star >= 0) throw hierarchyErrors.STAR_VALUE({ attribute, row: base.codes.indexOf(star) + 1 })
  const seen = new Int32Array(base.dictionary.length)
  base.codes.forEach((code, row) => {
    const first = seen[code] as number
    if (first > 0) throw hierarchyErrors.REPEATED_VALUE({ attribute, first, second: row + 1 })
    seen[code] = row + 1
  })
}

/** For each label code of a level, the code of its one label at the next. */
function parentsOf(attribute: string, level: number, from: Column, to: Column): Int32Array {
  const parents = new Int32Array(from.dictionary.length).fill(-1)
  for (let row = 0; row < from.codes.length; row++) {
    const code = from.codes[row] as number
    const parent = to.codes[row] as number
    if (parents[code] !== -1 && parents[code] !== parent) throw hierarchyErrors.NOT_NESTED({ attribute, row: row + 1, level })
    parents[code] = parent
  }
  return parents
}

/** Walks the levels upwards; a label met before must have stayed itself all the way from there. */
function checkLabels(attribute: string, columns: readonly Column[], parents: readonly Int32Array[]): void {
  const seen = new Map<string, { level: number; code: number }>()
  columns.forEach((column, level) => {
    column.dictionary.forEach((label, code) => {
      const before = seen.get(label)
      if (before !== undefined && !stays(columns, parents, before, level)) throw twice(attribute, columns, parents, { label, first: before.level, second: level })
      seen.set(label, { level, code })
    })
  })
}

function stays(columns: readonly Column[], parents: readonly Int32Array[], from: { level: number; code: number }, to: number): boolean {
  let code = from.code
  const label = (columns[from.level] as Column).dictionary[code]
  for (let level = from.level; level < to; level++) {
    code = (parents[level] as Int32Array)[code] as number
    if ((columns[level + 1] as Column).dictionary[code] !== label) return false
  }
  return true
}

function twice(attribute: string, columns: readonly Column[], parents: readonly Int32Array[], at: { label: string; first: number; second: number }): Error {
  return isAboveItself(columns, parents, at.label)
    ? hierarchyErrors.CYCLIC({ attribute, level: at.first })
    : hierarchyErrors.LABEL_AT_TWO_LEVELS({ attribute, first: at.first, second: at.second })
}

/** Whether a walk from the label to more general, different labels comes back to it. */
function isAboveItself(columns: readonly Column[], parents: readonly Int32Array[], label: string): boolean {
  const above = new Map<string, Set<string>>()
  parents.forEach((codes, level) => {
    codes.forEach((parent, code) => {
      const from = (columns[level] as Column).dictionary[code] as string
      const to = (columns[level + 1] as Column).dictionary[parent] as string
      if (from !== to) above.set(from, (above.get(from) ?? new Set()).add(to))
    })
  })
  const reached = new Set<string>()
  const open = [...(above.get(label) ?? [])]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === label) return true
    if (reached.has(next)) continue
    reached.add(next)
    open.push(...(above.get(next) ?? []))
  }
  return false
}
