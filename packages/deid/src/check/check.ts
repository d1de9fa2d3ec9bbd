// Re-measures a release from its bytes against its input and its job: is it what was promised?
import { columnNamed } from '@mhmd/columns'
import type { Table } from '@mhmd/columns'
import { populationUniqueness } from '../risk/population/dankar.ts'
import { sizesOf } from '../risk/classes.ts'
import { sampleRisk } from '../risk/sample-risk.ts'
import type { ModelSpec } from '../job.ts'
import { maskedTable } from '../masks/index.ts'
import { privacyOf } from '../privacy/private-release.ts'
import { checkPrivate } from './check-private.ts'
import type { CheckOptions, CheckReport, ModelFinding } from './findings.ts'
import { measure } from './measures.ts'
import type { Figure, Measured } from './measures.ts'
import { align, columnsWith, labelsAt, shapeFindings, suppressedFlags } from './release.ts'
import type { Finding } from './release.ts'

/** All findings; `ok` where there is none. Throws DEID_SECRET_MISSING where the job's masks drew from a secret that isn't given. */
export function checkRelease(files: CheckOptions): CheckReport {
  const options: CheckOptions = { ...files, input: maskedTable({ ...files.job, models: [] }, files.input, files.secret) }
  const privacy = privacyOf(files.job)
  return privacy === undefined ? checkTable(options) : checkPrivate(options, privacy)
}

/** Every row at the top level looks like every row suppressed: where the job allows the top level it is one class, unless only the other reading holds. */
function checkTable(options: CheckOptions): CheckReport {
  const asClass = checkedAs(options, true)
  if (asClass.ok || asClass.suppressedRows > 0) return asClass
  const asSuppressed = checkedAs(options, false)
  return asSuppressed.ok ? asSuppressed : asClass
}

function checkedAs(options: CheckOptions, topIsClass: boolean): CheckReport {
  const { job, input, output } = options
  const quasiIdentifiers = columnsWith(job, input, 'quasi-identifying')
  const shape = shapeFindings(options)
  const hasShape = shape.every(({ code }) => code === 'CHECK_IDENTIFIER_KEPT')
  // A suppressed row of a person shows nothing at all.
  const shown = job.person === undefined ? quasiIdentifiers : output.columns.map(({ name }) => name)
  const flags = suppressedFlags(output, shown)
  const isAllTop = flags.every((flag) => flag === 1)
  const suppressed = topIsClass && isAllTop && shown.length === quasiIdentifiers.length && canBeAllTop(options, quasiIdentifiers) ? new Uint8Array(flags.length) : flags
  if (!hasShape) return { ok: false, findings: shape, rows: output.rows, suppressedRows: total(suppressed), classes: 0, levels: {}, models: [] }
  const outside = options.subset === undefined ? new Uint8Array(output.rows) : outsideFlags(input, options.subset)
  // Rows outside the subset are suppressed whole; they say nothing about levels.
  const gone = suppressed.map((flag, row) => flag | (outside[row] as number))
  const { levels, findings } = align(options, gone, job.person === undefined ? outside : gone)
  const rows = Array.from(suppressed.keys()).filter((row) => suppressed[row] === 0 && outside[row] === 0)
  const referenceRows = Array.from(suppressed.keys()).filter((row) => outside[row] === 0)
  const counted = referenceRows.length
  const suppressedRows = counted - rows.length
  const models = modelFindings(options, { rows, referenceRows, levels, quasiIdentifiers })
  const all = [...shape, ...findings, ...splitFindings(options, suppressed), ...suppressionFindings(suppressedRows, counted, job.suppressionLimit ?? 0), ...models.flatMap(violated)]
  const classes = classesOf(output, quasiIdentifiers, rows)
  const risk = rows.length === 0 ? undefined : riskOf(classes, options)
  return { ok: all.length === 0, findings: all, rows: output.rows, suppressedRows, classes: classes.length, levels, models, ...(risk && { risk }) }
}

/** Of persons where the job names them, else of rows. */
function riskOf(classes: readonly number[][], { job: { person }, input }: CheckOptions): CheckReport['risk'] {
  const persons = person && columnNamed(input, person.column)?.codes
  const sizes = classes.map((members) => (persons === undefined ? members.length : new Set(members.map((row) => persons[row])).size))
  return sampleRisk(sizesOf(Uint32Array.from(sizes)), 1 / 5)
}

const total = (flags: Uint8Array): number => flags.reduce((sum, flag) => sum + flag, 0)

function canBeAllTop({ job, hierarchies, input }: CheckOptions, quasiIdentifiers: readonly string[]): boolean {
  return quasiIdentifiers.every((name) => {
    const height = hierarchies[name]?.table.columns.length ?? 2
    const top = job.columns[name]?.maxLevel ?? height - 1
    const column = columnNamed(input, name)
    return column !== undefined && top < height && labelsAt(column, top, hierarchies[name]).every((label) => label === '*')
  })
}

/** Same share as the search: rows suppressed may be at most the limit's share of the rows that count. */
function suppressionFindings(suppressedRows: number, rows: number, limit: number): Finding[] {
  return suppressedRows <= limit * rows + 1e-9 ? [] : [{ code: 'CHECK_SUPPRESSION', says: `${suppressedRows} of ${rows} rows are suppressed; the job allows a share of ${limit}` }]
}

/** Where persons are the unit, her rows stay or go together. */
function splitFindings({ job, input }: CheckOptions, suppressed: Uint8Array): Finding[] {
  if (job.person === undefined) return []
  const person = columnNamed(input, job.person.column)
  if (person === undefined) return [{ code: 'CHECK_COLUMNS', says: 'the input lacks the person column', column: job.person.column }]
  const first = new Map<number, number>()
  const row = suppressed.findIndex((flag, at) => {
    const known = first.get(person.codes[at] as number)
    if (known === undefined) first.set(person.codes[at] as number, flag)
    return known !== undefined && known !== flag
  })
  return row < 0 ? [] : [{ code: 'CHECK_PERSON_SPLIT', says: 'some rows of a person are suppressed and others are not', row: row + 1 }]
}

function violated({ model, measure: measured, value, holds, column }: ModelFinding): Finding[] {
  return holds === false ? [{ code: 'CHECK_MODEL', says: `${model} does not hold: ${measured ?? ''} is ${value ?? Number.NaN}`, ...(column !== undefined && { column }) }] : []
}

/** Classes of the rows by the output's own texts. */
function classesOf(output: Table, quasiIdentifiers: readonly string[], rows: readonly number[]): number[][] {
  return [...Map.groupBy(rows, keyOf(output, quasiIdentifiers)).values()]
}

function keyOf(table: Table, names: readonly string[]): (row: number) => string {
  const columns = names.map((name) => columnNamed(table, name)).filter((column) => column !== undefined)
  return (row) => columns.map((column) => column.codes[row]).join()
}

interface Counted {
  readonly rows: readonly number[]
  readonly referenceRows: readonly number[]
  readonly levels: Readonly<Record<string, number>>
  readonly quasiIdentifiers: readonly string[]
}

function modelFindings(options: CheckOptions, counted: Counted): ModelFinding[] {
  if (counted.rows.length === 0) return []
  const release = measured(options, counted)
  return options.job.models.map((spec) => {
    const figure = spec.type === 'population-uniqueness' ? uniqueness(spec, release) : measure(spec, release)
    return { model: spec.type, ...('column' in spec && { column: spec.column }), isMeasurable: figure !== undefined, ...figure }
  })
}

function uniqueness(spec: Extract<ModelSpec, { type: 'population-uniqueness' }>, { classes }: Measured): Figure {
  const { share } = populationUniqueness(sizesOf(Uint32Array.from(classes, (rows) => rows.length)), spec.populationSize, spec.estimator)
  return { measure: 'estimated share of unique people in the population', value: share, holds: share <= spec.threshold + 1e-9 }
}

function measured({ job, input, output, hierarchies, population }: CheckOptions, { rows, referenceRows, levels, quasiIdentifiers }: Counted): Measured {
  const classes = classesOf(output, quasiIdentifiers, rows)
  // Generalised texts of a table of original values at the levels found, for the whole input and for a population.
  const generalised = (table: Table): ((row: number) => string) => {
    const labels = quasiIdentifiers.map((name) => {
      const column = columnNamed(table, name)
      const texts = column && labelsAt(column, levels[name] ?? 0, hierarchies[name])
      return (row: number) => texts?.[column?.codes[row] as number]
    })
    return (row) => JSON.stringify(labels.map((label) => label(row)))
  }
  const countedBy = (table: Table): (() => Map<string, number>) => once(() => {
    const counts = new Map<string, number>()
    const key = generalised(table)
    for (let row = 0; row < table.rows; row++) counts.set(key(row), (counts.get(key(row)) ?? 0) + 1)
    return counts
  })
  const [whole, people, here] = [countedBy(input), countedBy(population ?? input), generalised(input)]
  return {
    classes,
    rows,
    referenceRows,
    ...(job.person === undefined ? {} : { persons: { ...job.person, of: columnNamed(input, job.person.column)?.codes ?? [] } }),
    isNumeric: (name) => columnNamed(input, name)?.dictionary.every((text) => text === '' || (text.trim() !== '' && Number.isFinite(Number(text)))) ?? false,
    textsOf: (name) => {
      const column = columnNamed(output, name)
      return (row) => column?.dictionary[column.codes[row] as number] ?? ''
    },
    chainOf: (name) => {
      const levelsOf = hierarchies[name]?.table.columns ?? []
      const [base] = levelsOf
      const rowOf = new Map(base && Array.from(base.codes, (code, row) => [base.dictionary[code] as string, row]))
      return (text) => levelsOf.map((level) => level.dictionary[level.codes[rowOf.get(text) as number] as number] as string)
    },
    wholeOf: (members) => whole().get(here(members[0] as number)) ?? 0,
    peopleOf: (members) => people().get(here(members[0] as number)) ?? 0,
    get leastEmptyShare() {
      const reached = new Set(referenceRows.map(here))
      return [...whole().keys()].every((key) => reached.has(key)) ? 1 : 0
    },
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}

/** Which rows of the input are not the subset's, compared in the subset's columns; equal rows are taken as often as the subset has them. */
function outsideFlags(input: Table, subset: Table): Uint8Array {
  const text = (table: Table, row: number): string => JSON.stringify(subset.columns.map(({ name }) => {
    const column = columnNamed(table, name)
    return column?.dictionary[column.codes[row] as number]
  }))
  const left = new Map<string, number>()
  for (let row = 0; row < subset.rows; row++) left.set(text(subset, row), (left.get(text(subset, row)) ?? 0) + 1)
  return new Uint8Array(input.rows).map((_, row) => {
    const key = text(input, row)
    const count = left.get(key) ?? 0
    if (count > 0) left.set(key, count - 1)
    return Number(count === 0)
  })
}
