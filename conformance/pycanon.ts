// Judge: pyCANON 1.0.1.post2 (PyPI) measures releases that this project wrote, and must find what `check` finds.
// Its reference distribution for t and β is that of the rows kept; ours is the input's. So each release is compared twice:
// exactly (1e-9), with `check` given the kept rows as input; and against the engine's own promise within the distance
// between the two references, which the triangle inequality allows.
// Usage: npm run conformance -- pycanon. Installs pyCANON into .cache/pycanon on the first run; skips where that can't be.
// Only computes
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { columnNamed, columnOf, csvBytes, parseCsv } from '@mhmd/columns'
import type { Column, Table } from '@mhmd/columns'
import { checkRelease, readHierarchy, release } from '@mhmd/deid'
import type { HierarchySource, Job, JobTables, ModelSpec } from '@mhmd/deid'

const root = new URL('..', import.meta.url).pathname
const data = join(root, 'vectors/deid/data/adult/')
const venv = join(root, '.cache/pycanon')
const python = join(venv, 'bin/python')
const counts = { passed: 0, failed: 0, skipped: 0 }

interface Figures { rows: number; suppressed: number; k: number; l: number; t: number; beta: number; numeric: boolean }

interface Case {
  readonly quasiIdentifiers: readonly string[]
  readonly sensitive: string
  readonly models: readonly ModelSpec[]
  readonly suppressionLimit: number
}

const cases: readonly Case[] = [
  { quasiIdentifiers: ['sex', 'age', 'race', 'education'], sensitive: 'occupation', models: [{ type: 'k-anonymity', k: 5 }], suppressionLimit: 0.02 },
  { quasiIdentifiers: ['sex', 'age', 'race', 'marital-status', 'education', 'native-country', 'workclass', 'salary-class'], sensitive: 'occupation', models: [{ type: 'k-anonymity', k: 5 }, { type: 'distinct-l-diversity', column: 'occupation', l: 3 }], suppressionLimit: 0.02 },
  { quasiIdentifiers: ['sex', 'age', 'race', 'marital-status', 'education', 'native-country', 'workclass', 'salary-class'], sensitive: 'occupation', models: [{ type: 'k-anonymity', k: 5 }, { type: 'equal-t-closeness', column: 'occupation', t: 0.2 }], suppressionLimit: 0.02 },
  { quasiIdentifiers: ['sex', 'race', 'marital-status', 'education', 'workclass'], sensitive: 'age', models: [{ type: 'k-anonymity', k: 5 }, { type: 'ordered-t-closeness', column: 'age', t: 0.2 }], suppressionLimit: 0.02 },
  { quasiIdentifiers: ['sex', 'age', 'race', 'education'], sensitive: 'salary-class', models: [{ type: 'basic-beta-likeness', column: 'salary-class', beta: 1 }], suppressionLimit: 0.05 },
]

function report(what: string, problems: readonly string[]): void {
  counts[problems.length === 0 ? 'passed' : 'failed']++
  console.log(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${what}${problems.map((problem) => `\n       ${problem}`).join('')}`)
}

function isInstalled(): boolean {
  if (spawnSync(python, ['-c', 'import pycanon']).status === 0) return true
  console.log('Installing pycanon==1.0.1.post2 into .cache/pycanon …')
  if (!existsSync(python) && spawnSync('python3', ['-m', 'venv', venv]).status !== 0) return false
  return spawnSync(python, ['-m', 'pip', 'install', '--quiet', 'pycanon==1.0.1.post2'], { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0
}

function judged(table: Table, { quasiIdentifiers, sensitive }: Case): Figures {
  const folder = mkdtempSync(join(tmpdir(), 'mhmd-pycanon-'))
  try {
    const file = join(folder, 'release.csv')
    writeFileSync(file, csvBytes(table, { delimiter: ';', lineEnd: '\n', byteOrderMark: false }))
    const done = spawnSync(python, [join(root, 'conformance/measure-with-pycanon.py'), file, ';', JSON.stringify(quasiIdentifiers), sensitive], { encoding: 'utf8' })
    if (done.status !== 0) throw new Error(done.stderr)
    return JSON.parse(done.stdout) as Figures
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The rows of a table that a predicate keeps. */
function rowsOf(table: Table, isKept: (row: number) => boolean): Table {
  const rows = Array.from({ length: table.rows }, (_, row) => row).filter(isKept)
  return { rows: rows.length, columns: table.columns.map((column) => columnOf(column.name, rows.map((row) => textAt(column, row)))) }
}

const textAt = (column: Column, row: number): string => column.dictionary[column.codes[row] as number] as string

function sharesOf(table: Table, name: string): Map<string, number> {
  const column = columnNamed(table, name) as Column
  const shares = new Map<string, number>()
  for (let row = 0; row < table.rows; row++) shares.set(textAt(column, row), (shares.get(textAt(column, row)) ?? 0) + 1 / table.rows)
  return shares
}

/** How far the reference of the kept rows lies from the input's: half the L1 distance bounds every t. */
function distance(one: Map<string, number>, other: Map<string, number>): number {
  return [...new Set([...one.keys(), ...other.keys()])].reduce((sum, text) => sum + Math.abs((one.get(text) ?? 0) - (other.get(text) ?? 0)), 0) / 2
}

const tModel = (sensitive: string, isNumeric: boolean): ModelSpec => ({ type: isNumeric ? 'ordered-t-closeness' : 'equal-t-closeness', column: sensitive, t: 1 })

function judge(test: Case, tables: JobTables): void {
  const roles = Object.fromEntries(test.quasiIdentifiers.map((name) => [name, { role: 'quasi-identifying' as const }]))
  const job: Job = { input: { path: 'adult.csv.gz' }, columns: { ...roles, [test.sensitive]: { role: 'sensitive' } }, models: test.models, suppressionLimit: test.suppressionLimit }
  const made = release(job, tables)
  const theirs = judged(made.table, test)
  const quasi = made.table.columns.filter(({ name }) => name !== test.sensitive)
  const isKept = (row: number): boolean => quasi.some((column) => textAt(column, row) !== '*')
  const [keptOutput, keptInput] = [rowsOf(made.table, isKept), rowsOf(tables.input, isKept)]
  const measuring: Job = { ...job, models: [{ type: 'k-anonymity', k: 1 }, { type: 'distinct-l-diversity', column: test.sensitive, l: 1 }, tModel(test.sensitive, theirs.numeric), { type: 'basic-beta-likeness', column: test.sensitive, beta: 1e9 }], suppressionLimit: 1 }
  const figures = (input: Table, output: Table): number[] => checkRelease({ job: measuring, input, hierarchies: tables.hierarchies, output }).models.map(({ value }) => value ?? Number.NaN)
  const [k, l, t, beta] = figures(keptInput, keptOutput) as [number, number, number, number]
  const tPromised = figures(tables.input, made.table)[2] as number
  const slack = distance(sharesOf(tables.input, test.sensitive), sharesOf(keptInput, test.sensitive))
  const what = `${test.models.map(({ type }) => type).join(' + ')}, ${test.quasiIdentifiers.length} quasi-identifiers, ${made.suppressedRows} rows suppressed`
  report(`${what}: rows and k`, differing([['suppressed', made.suppressedRows, theirs.suppressed, 0], ['k', k, theirs.k, 0]]))
  report(`${what}: distinct ℓ`, differing([['l', l, theirs.l, 0]]))
  report(`${what}: ${theirs.numeric ? 'ordered' : 'equal'} t ${t.toFixed(6)}, to 1e-9; against the input's reference to ${slack.toExponential(2)}`, differing([['t', t, theirs.t, 1e-9], ['t promised', tPromised, theirs.t, slack + 1e-9]]))
  report(`${what}: β ${beta.toFixed(6)}, to 1e-9`, differing([['beta', beta, Math.max(0, theirs.beta), 1e-9]]))
}

function differing(pairs: readonly (readonly [name: string, ours: number, theirs: number, tolerance: number])[]): string[] {
  return pairs.flatMap(([name, ours, theirs, tolerance]) => (Math.abs(ours - theirs) <= tolerance ? [] : [`${name}: ours ${ours}, pyCANON ${theirs}`]))
}

/** The judge must be able to say no: one row moved into a class of its own is k = 1 to both. */
function control(tables: JobTables): void {
  const test = cases[0] as Case
  const columns = tables.input.columns.filter(({ name }) => test.quasiIdentifiers.includes(name) || name === test.sensitive)
  const theirs = judged({ rows: tables.input.rows, columns }, test)
  report('control: the untouched table has k = 1', differing([['k', 1, theirs.k, 0]]))
}

if (isInstalled()) {
  const input = parseCsv(readFileSync(join(data, 'adult.csv.gz')), { delimiter: ';' }).table
  const hierarchies = Object.fromEntries(input.columns.map(({ name }): [string, HierarchySource] => [name, readHierarchy(name, readFileSync(join(data, `adult_hierarchy_${name}.csv.gz`)))]))
  control({ input, hierarchies })
  for (const test of cases) judge(test, { input, hierarchies })
} else {
  counts.skipped = 4 * cases.length + 1
  console.log('skip   pyCANON can\'t be installed here: python3 with venv and a package index are needed')
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0
