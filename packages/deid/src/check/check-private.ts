// Checks what a file can show of a release under differential privacy: its rows are generalised rows of the input, at one level a column, and
// every class has the k that ε and δ ask for. That the rows were sampled at random is a property of the procedure; no file shows it.
import { columnNamed, textAt } from '@mhmd/columns'
import type { Column, Table } from '@mhmd/columns'
import type { PrivacySpec } from '../privacy/private-release.ts'
import { samplingFor } from '../privacy/sampling.ts'
import type { CheckOptions, CheckReport } from './findings.ts'
import { columnsWith, heightOf, labelsAt } from './release.ts'
import type { Finding } from './release.ts'

export function checkPrivate(options: CheckOptions, { epsilon, delta, searchEpsilon = 0 }: PrivacySpec): CheckReport {
  const { job, input, output } = options
  const names = columnsWith(job, input, 'quasi-identifying')
  const isShaped = names.join('\n') === output.columns.map(({ name }) => name).join('\n')
  const levels = isShaped ? levelsOf(options, names) : {}
  const { k } = samplingFor(epsilon - searchEpsilon, delta)
  const rows = rowsOf(output, names.map((name) => columnNamed(output, name)?.dictionary))
  const sizes = [...rows.values()]
  const least = sizes.reduce((a, b) => Math.min(a, b), Infinity)
  const holds = least >= k
  const findings: Finding[] = [
    ...(isShaped ? [] : [{ code: 'CHECK_COLUMNS' as const, says: `${output.columns.length} columns; the job releases its ${names.length} quasi-identifiers, in the input's order` }]),
    ...(isShaped ? strayRows(options, { names, levels, rows }) : []),
    ...(holds ? [] : [{ code: 'CHECK_MODEL' as const, says: `a class has ${least} rows; ε and δ ask for ${k}` }]),
  ]
  const known = Object.fromEntries(Object.entries(levels).filter((entry): entry is [string, number] => entry[1] !== undefined))
  return { ok: findings.length === 0, findings, rows: output.rows, suppressedRows: 0, classes: sizes.length, levels: known, models: [{ model: 'differential-privacy', isMeasurable: false }] }
}

type Levels = Readonly<Record<string, number | undefined>>

/** The lowest allowed level that has all the labels a column shows. */
function levelsOf({ job, input, output, hierarchies }: CheckOptions, names: readonly string[]): Levels {
  return Object.fromEntries(names.map((name) => {
    const shown = columnNamed(output, name)?.dictionary ?? []
    const { minLevel = 0, maxLevel = heightOf(hierarchies[name]) - 1 } = job.columns[name] ?? {}
    const allowed = Array.from({ length: maxLevel - minLevel + 1 }, (_, up) => minLevel + up)
    return [name, allowed.find((level) => { const labels = new Set(labelsAt(columnNamed(input, name) as Column, level, hierarchies[name])); return shown.every((label) => labels.has(label)) })]
  }))
}

/** Rows by their texts. */
function rowsOf(table: Table, texts: readonly (readonly (string | undefined)[] | undefined)[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (let row = 0; row < table.rows; row++) {
    const key = JSON.stringify(texts.map((of, c) => of?.[table.columns[c]?.codes[row] as number]))
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return counts
}

/** Rows of the output that the input, generalised, doesn't have, or not so often. */
function strayRows({ input, output, hierarchies }: CheckOptions, { names, levels, rows }: { names: readonly string[]; levels: Levels; rows: ReadonlyMap<string, number> }): Finding[] {
  const unknown = names.find((name) => levels[name] === undefined)
  if (unknown !== undefined) return [{ code: 'CHECK_LEVEL', says: 'no level that the job allows has all its labels', column: unknown }]
  const columns = names.map((name) => columnNamed(input, name) as Column)
  const whole = rowsOf({ rows: input.rows, columns }, columns.map((column) => labelsAt(column, levels[column.name] as number, hierarchies[column.name])))
  const stray = Array.from({ length: output.rows }, (_, row) => JSON.stringify(output.columns.map((column) => textAt(column, row)))).findIndex((key) => (rows.get(key) ?? 0) > (whole.get(key) ?? 0))
  return stray < 0 ? [] : [{ code: 'CHECK_CELLS', says: 'more rows are alike than the input has of their kind', row: stray + 1 }]
}
