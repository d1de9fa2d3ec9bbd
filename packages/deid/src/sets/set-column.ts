// The set-valued columns of a release: their cells read as sets of items, recoded over the rows that are kept, and written again.
import { columnNamed, columnOf, textAt } from '@mhmd/columns'
import type { Column, Table } from '@mhmd/columns'
import { deidErrors } from '../errors.ts'
import { SUPPRESSED } from '../hierarchies/source.ts'
import type { HierarchySource } from '../hierarchies/source.ts'
import type { Job, ModelSpec } from '../job.ts'
import { recodeSets } from './km-anonymity.ts'

export type SetSpec = Extract<ModelSpec, { type: 'km-anonymity' }>

const usualSeparator = ';'

/** The items of a cell, in its order; an empty cell is the empty set. */
function itemsOf(text: string, { separator = usualSeparator }: SetSpec): string[] {
  return text.split(separator).map((item) => item.trim()).filter((item) => item !== '')
}

/** A set as a cell: each label once, sorted. */
function cellOf(labels: readonly string[], { separator = usualSeparator }: SetSpec): string {
  return [...new Set(labels)].sort().join(separator)
}

export interface RecodedSet {
  readonly column: Column
  readonly loss: number
  readonly optimal: boolean
  /** Whether nothing of the column may leave. */
  readonly suppressed: boolean
}

/** The column of a kᵐ model; rows that are gone show the marker. Where the job has persons, a unit is all that a person's rows name. */
export function recodedSets(job: Job, input: Table, { spec, gone, hierarchy }: { spec: SetSpec; gone: Uint8Array; hierarchy: HierarchySource | undefined }): RecodedSet {
  const column = columnNamed(input, spec.column)
  if (column === undefined || job.columns[spec.column]?.role !== 'sensitive') throw deidErrors.SENSITIVE_UNKNOWN({ column: spec.column, model: spec.type })
  const sets = column.dictionary.map((text) => itemsOf(text, spec))
  const persons = job.person && columnNamed(input, job.person.column)
  const rows = Array.from(column.codes.keys()).filter((row) => gone[row] === 0)
  const units = [...Map.groupBy(rows, (row) => persons?.codes[row] ?? row).values()].map((own) => own.flatMap((row) => sets[column.codes[row] as number] as string[]))
  const { labels, loss, optimal } = recodeSets({ k: spec.k, m: spec.m, units: units.filter((own) => own.length > 0), hierarchy })
  const cells = sets.map((set) => labels === undefined ? SUPPRESSED : cellOf(set.flatMap((item) => labels.get(item) ?? []), spec))
  return { column: columnOf(column.name, Array.from(column.codes, (code, row) => gone[row] === 1 ? SUPPRESSED : cells[code] as string)), loss, optimal, suppressed: labels === undefined }
}

/** For a check: what an honest recoding would have made of each input cell, given the labels the output shows. An item none of whose labels is shown anywhere is left out, where the top of the hierarchy says nothing; else undefined. */
export function expectedCells(input: Column, output: Column, { spec, hierarchy }: { spec: SetSpec; hierarchy: HierarchySource | undefined }): (string | undefined)[] {
  const shown = new Set(output.dictionary.flatMap((text) => itemsOf(text, spec)))
  const levels = hierarchy?.table.columns ?? []
  const mayLeaveOut = hierarchy === undefined || levels.at(-1)?.dictionary.every((label) => label === SUPPRESSED) === true
  if (mayLeaveOut) shown.delete(SUPPRESSED)
  const rowOf = new Map(Array.from(levels[0]?.codes ?? [], (_, row) => [textAt(levels[0] as Column, row), row]))
  const chain = (item: string): string[] => hierarchy === undefined ? [item, SUPPRESSED] : levels.map((level) => rowOf.has(item) ? textAt(level, rowOf.get(item) as number) : item)
  return input.dictionary.map((text) => {
    const labels = itemsOf(text, spec).map((item) => chain(item).find((label) => shown.has(label)))
    return labels.includes(undefined) && !mayLeaveOut ? undefined : cellOf(labels.filter((label) => label !== undefined), spec)
  })
}
