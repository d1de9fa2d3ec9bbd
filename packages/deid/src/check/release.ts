// Holds an output table against its input: same rows, same columns, every quasi-identifier at one level, nothing else changed.
// Works on the texts of the files and shares no code with the search, so that a mistake there is seen here.
import { columnNamed } from '@mhmd/columns'
import type { Column, Table } from '@mhmd/columns'
import type { HierarchySource } from '../hierarchies/source.ts'
import type { Job } from '../job.ts'
import { expectedCells } from '../sets/set-column.ts'
import type { SetSpec } from '../sets/set-column.ts'

/** Something wrong, with its place; rows count from 1 below the header. */
export interface Finding {
  readonly code: 'CHECK_ROW_COUNT' | 'CHECK_COLUMNS' | 'CHECK_IDENTIFIER_KEPT' | 'CHECK_CELLS' | 'CHECK_LEVEL' | 'CHECK_PERSON_SPLIT' | 'CHECK_SUPPRESSION' | 'CHECK_MODEL'
  readonly says: string
  readonly column?: string
  readonly row?: number
}

const STAR = '*'

export interface ReleaseFiles {
  readonly job: Job
  readonly input: Table
  readonly output: Table
  /** By column, for quasi-identifying and sensitive columns that name one. */
  readonly hierarchies: Readonly<Record<string, HierarchySource>>
}

/** Names of the job's columns with a role, in the input's order. */
export function columnsWith(job: Job, input: Table, ...roles: readonly string[]): string[] {
  return input.columns.map((column) => column.name).filter((name) => roles.includes(job.columns[name]?.role ?? 'unnamed'))
}

/** Row count and columns: what must be there, in the input's order, and what must not. */
export function shapeFindings({ job, input, output }: ReleaseFiles): Finding[] {
  const findings: Finding[] = []
  if (input.rows !== output.rows) findings.push({ code: 'CHECK_ROW_COUNT', says: `${output.rows} rows; the input has ${input.rows}` })
  const there = output.columns.map((column) => column.name)
  for (const name of columnsWith(job, input, 'identifying')) {
    const column = columnNamed(output, name)
    if (column?.dictionary.some((text) => text !== STAR)) findings.push({ code: 'CHECK_IDENTIFIER_KEPT', says: 'an identifying column is in the release', column: name })
  }
  const expected = columnsWith(job, input, 'quasi-identifying', 'sensitive', 'insensitive')
  const found = there.filter((name) => job.columns[name]?.role !== 'identifying')
  if (expected.join('\n') !== found.join('\n')) findings.push({ code: 'CHECK_COLUMNS', says: `${found.length} columns; the job releases ${expected.length}, in the input's order` })
  return findings
}

/** One flag a row: `*` in every quasi-identifier. */
export function suppressedFlags(output: Table, quasiIdentifiers: readonly string[]): Uint8Array {
  const columns = quasiIdentifiers.map((name) => columnNamed(output, name)).filter((column) => column !== undefined)
  const stars = columns.map((column) => column.dictionary.indexOf(STAR))
  const flags = new Uint8Array(output.rows)
  if (columns.length === 0) return flags
  return flags.map((_, row) => Number(columns.every((column, index) => column.codes[row] === stars[index])))
}

/** Label of each of the column's values at a level; undefined where the hierarchy lacks the value. */
export function labelsAt(column: Column, level: number, hierarchy: HierarchySource | undefined): (string | undefined)[] {
  if (hierarchy === undefined) return column.dictionary.map((value) => (level === 0 ? value : STAR))
  const [base, labels] = [hierarchy.table.columns[0], hierarchy.table.columns[level]] as [Column, Column]
  const rowOf = new Map(Array.from(base.codes, (code, row) => [base.dictionary[code] as string, row]))
  return column.dictionary.map((value) => {
    const row = rowOf.get(value)
    return row === undefined ? undefined : labels.dictionary[labels.codes[row] as number]
  })
}

/** Number of levels a column may take. */
export function heightOf(hierarchy: HierarchySource | undefined): number {
  return hierarchy === undefined ? 2 : hierarchy.table.columns.length
}

interface Fit {
  readonly level: number
  readonly wrongCells: number
  readonly firstRow: number
}

/** How well one level explains a column: cells of rows not skipped that differ from the input's label there. */
function fitOf(input: Column, output: Column, labels: readonly (string | undefined)[], skipped: Uint8Array): Omit<Fit, 'level'> {
  const codes = new Map(output.dictionary.map((text, code) => [text, code]))
  const expected = Int32Array.from(labels, (label) => (label === undefined ? -1 : (codes.get(label) ?? -1)))
  let [wrongCells, firstRow] = [0, 0]
  for (let row = 0; row < output.codes.length; row++) {
    if (skipped[row] === 1 || expected[input.codes[row] as number] === output.codes[row]) continue
    if (wrongCells++ === 0) firstRow = row + 1
  }
  return { wrongCells, firstRow }
}

export interface Alignment {
  readonly levels: Readonly<Record<string, number>>
  readonly findings: readonly Finding[]
}

/** The level of each quasi-identifier, and every column whose cells are not what the input and one level make them. Needs equal row counts. Rows that are hidden (outside a research subset, of a person who is gone) must be `*` throughout. */
export function align(release: ReleaseFiles, suppressed: Uint8Array, outside: Uint8Array): Alignment {
  const levels = Object.create(null) as Record<string, number>
  const findings = columnsWith(release.job, release.input, 'quasi-identifying', 'sensitive', 'insensitive').flatMap((name) => {
    const [input, output] = [columnNamed(release.input, name), columnNamed(release.output, name)]
    if (input === undefined || output === undefined) return []
    const set = release.job.models.find((model) => model.type === 'km-anonymity' && model.column === name)
    if (set?.type === 'km-anonymity') return setFindings(release, { input, output, spec: set, skipped: suppressed })
    const leaks = cellFindings(name, shownOutside(output, outside), `${STAR}, although the row is to show nothing`)
    if (release.job.columns[name]?.role !== 'quasi-identifying') return [...leaks, ...cellFindings(name, fitOf(input, output, input.dictionary, outside), 'the input\'s')]
    if (release.job.localRecoding === true) return [...leaks, ...cellFindings(name, fitOfAny(release, input, output, suppressed), 'a label of their value at a level that is allowed')]
    const fit = bestLevel(release, input, output, suppressed)
    levels[name] = fit.level
    return [...leaks, ...cellFindings(name, fit, `the input's labels at level ${fit.level}, which fits best`), ...levelFindings(release, name, fit.level)]
  })
  return { levels, findings }
}

/** A set-valued column: every item by one label of its own chain, the same everywhere; nothing in rows that are gone. */
function setFindings({ hierarchies }: ReleaseFiles, { input, output, spec, skipped }: { input: Column; output: Column; spec: SetSpec; skipped: Uint8Array }): Finding[] {
  const hidden = cellFindings(spec.column, shownOutside(output, skipped), `${STAR}, although the row is to show nothing`)
  if (output.dictionary.every((text) => text === STAR)) return hidden
  return [...hidden, ...cellFindings(spec.column, fitOf(input, output, expectedCells(input, output, { spec, hierarchy: hierarchies[spec.column] }), skipped), 'their items under one cut of the hierarchy')]
}

/** Under local recoding: cells that are no label of their value at any allowed level. */
function fitOfAny({ job, hierarchies }: ReleaseFiles, input: Column, output: Column, skipped: Uint8Array): Omit<Fit, 'level'> {
  const { minLevel = 0, maxLevel = heightOf(hierarchies[input.name]) - 1 } = job.columns[input.name] ?? {}
  const levels = Array.from({ length: maxLevel - minLevel + 1 }, (_, up) => labelsAt(input, minLevel + up, hierarchies[input.name]))
  const rows = Array.from(skipped.keys()).filter((row) => skipped[row] === 0 && !levels.some((labels) => labels[input.codes[row] as number] === output.dictionary[output.codes[row] as number]))
  return { wrongCells: rows.length, firstRow: (rows[0] ?? 0) + 1 }
}

function shownOutside(output: Column, outside: Uint8Array): Omit<Fit, 'level'> {
  const rows = Array.from(outside.keys()).filter((row) => outside[row] === 1 && output.dictionary[output.codes[row] as number] !== STAR)
  return { wrongCells: rows.length, firstRow: (rows[0] ?? 0) + 1 }
}

function cellFindings(column: string, { wrongCells, firstRow }: Omit<Fit, 'level'>, expected: string): Finding[] {
  return wrongCells === 0 ? [] : [{ code: 'CHECK_CELLS', says: `${wrongCells} cells are not ${expected}`, column, row: firstRow }]
}

function levelFindings({ job, hierarchies }: ReleaseFiles, column: string, level: number): Finding[] {
  const { minLevel = 0, maxLevel = heightOf(hierarchies[column]) - 1 } = job.columns[column] ?? {}
  return level >= minLevel && level <= maxLevel ? [] : [{ code: 'CHECK_LEVEL', says: `level ${level} lies outside ${minLevel} to ${maxLevel}`, column }]
}

/** The level with the fewest wrong cells; the lowest allowed one of several. */
function bestLevel({ job, hierarchies }: ReleaseFiles, input: Column, output: Column, suppressed: Uint8Array): Fit {
  const hierarchy = hierarchies[input.name]
  const { minLevel = 0, maxLevel = heightOf(hierarchy) - 1 } = job.columns[input.name] ?? {}
  const fits = Array.from({ length: heightOf(hierarchy) }, (_, level) => ({ level, ...fitOf(input, output, labelsAt(input, level, hierarchy), suppressed) }))
  const isAllowed = ({ level }: Fit): boolean => level >= minLevel && level <= maxLevel
  return fits.reduce((best, fit) => (fit.wrongCells < best.wrongCells || (fit.wrongCells === best.wrongCells && !isAllowed(best) && isAllowed(fit)) ? fit : best))
}
