// Judge: pyCANON 1.0.1.post2 (PyPI) and pandas re-measure every table that door two releases, by people, from the very bytes; the gate must have found the same.
// Usage: npm run conformance -- releases. Uses .cache/pycanon, which it installs on the first run; skips where that can't be.
// Only computes
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { columnOf, csvBytes, parseCsv, textAt } from '@mhmd/columns'
import { hierarchyDocument, readHierarchy } from '@mhmd/deid'
import { deidEngine, openTableManifest, releaseTable } from '@mhmd/release'
import type { PersonRows } from '@mhmd/release'
import { dataset, datasetId, decided, now, peopleAsWritten, personRows, request, secret, sourceOf } from '@mhmd/release/testing'
import type { Dataset } from '@mhmd/schema'

const root = new URL('..', import.meta.url).pathname
const venv = join(root, '.cache/pycanon')
const python = join(venv, 'bin/python')
const counts = { passed: 0, failed: 0, skipped: 0 }

function isInstalled(): boolean {
  if (spawnSync(python, ['-c', 'import pycanon']).status === 0) return true
  console.log('Installing pycanon==1.0.1.post2 into .cache/pycanon …')
  if (!existsSync(python) && spawnSync('python3', ['-m', 'venv', venv]).status !== 0) return false
  return spawnSync(python, ['-m', 'pip', 'install', '--quiet', 'pycanon==1.0.1.post2'], { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0
}

interface Case {
  readonly name: string
  readonly rows: PersonRows
  readonly document: Dataset
  readonly variables: readonly string[]
}

const policy = (k: number, distinctValues: number, suppressionLimit: number): Dataset['policy'] => ({ ...dataset.policy, models: [{ type: 'k-anonymity', k }], suppressionLimit, thresholds: { highestRisk: 1 / k, averageRisk: 1 / k, uniques: 0, distinctValues } })

/** The Adult table (vectors/deid/data/adult): each row one person, ARX's hierarchies written out. */
function adult(): Case {
  const folder = join(root, 'vectors/deid/data/adult')
  const { table } = parseCsv(readFileSync(join(folder, 'adult.csv.gz')), { delimiter: ';' })
  const quasi = ['sex', 'age', 'race', 'education']
  const written = (name: string): { rows: string[][] } => ({ rows: hierarchyDocument(readHierarchy(name, readFileSync(join(folder, `adult_hierarchy_${name}.csv.gz`)))).rows.map((row) => [...row]) })
  return {
    name: 'Adult', rows: { table, person: columnOf('person', Array.from({ length: table.rows }, (_unused, row) => `person-${row}`)) }, variables: [...quasi, 'occupation'],
    document: {
      ...dataset, columns: [...quasi.map((name) => ({ name, role: 'quasi-identifying' as const, reason: '', hierarchy: written(name) })), { name: 'occupation', role: 'sensitive', reason: '' }],
      scenario: { ...dataset.scenario, knows: quasi }, policy: policy(5, 2, 0.05),
    },
  }
}

const cases: readonly Case[] = [
  ...[3, 5, 11].flatMap((k) => [[1, 250], [2, 400], [3, 2000]].map(([values = 1, people = 1]): Case => ({ name: `${people} people with one to three rows, k ${k}, ${values} values`, rows: personRows(people, k + values), document: { ...dataset, policy: policy(k, values, 0.3) }, variables: ['birth', 'sex', 'place', 'diagnosis'] }))),
  { name: '500 people, two sensitive columns', rows: personRows(500, 99), document: { ...dataset, policy: policy(5, 2, 0.2) }, variables: ['sex', 'place', 'diagnosis', 'onset'] },
  adult(),
]

function judged(bytes: Uint8Array, people: readonly string[], names: { readonly quasi: readonly string[]; readonly sensitive: readonly string[] }): Record<string, unknown> {
  const folder = mkdtempSync(join(tmpdir(), 'mhmd-releases-'))
  try {
    const [file, list] = [join(folder, 'release.csv'), join(folder, 'people.txt')]
    writeFileSync(file, bytes)
    writeFileSync(list, people.map((person) => `${person}\n`).join(''))
    const done = spawnSync(python, [join(root, 'conformance/measure-release.py'), file, list, JSON.stringify(names.quasi), JSON.stringify(names.sensitive)], { encoding: 'utf8' })
    if (done.status !== 0) throw new Error(done.stderr)
    return JSON.parse(done.stdout) as Record<string, unknown>
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const named = (document: Dataset, role: string, variables: readonly string[]): string[] => document.columns.filter((column) => column.role === role && variables.includes(column.name)).map(({ name }) => name)

async function judge({ name, rows, document, variables }: Case): Promise<void> {
  const asked = { ...request, variables: [...variables] }
  const outcome = await releaseTable({
    request: asked, decision: await decided(asked, rows), dataset: { holder: 'rome', id: datasetId, version: 1, document }, agreement: 'a', source: sourceOf(rows), engine: deidEngine, secret, earlier: [],
    clock: { now: () => now }, randomness: { bytes: (length) => new Uint8Array(length) },
  })
  if (!outcome.released) return report(name, [`held back: ${outcome.rule}`])
  const people = peopleAsWritten(openTableManifest(outcome.sealedManifest, outcome.release, secret), { source: rows, engine: deidEngine, secret })
  const theirs = judged(outcome.bytes, people, { quasi: named(document, 'quasi-identifying', variables), sensitive: named(document, 'sensitive', variables) })
  const { labels: _, toldApart: __, ...ours } = outcome.figures
  report(`${name}: smallest class ${ours.smallestClass}, ${ours.classes} classes, ${ours.suppressedRows} of ${ours.rows} rows suppressed`, Object.keys(ours).filter((figure) => !isDeepStrictEqual(ours[figure as keyof typeof ours], theirs[figure])).map((figure) => `${figure}: gate ${JSON.stringify(ours[figure as keyof typeof ours])}, pyCANON ${JSON.stringify(theirs[figure])}`))
}

function report(what: string, problems: readonly string[]): void {
  counts[problems.length === 0 ? 'passed' : 'failed']++
  console.log(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${what}${problems.map((problem) => `\n       ${problem}`).join('')}`)
}

/** The judge must be able to say no: rows that are not generalised have people alone in their class. */
function control(): void {
  const { table, person } = personRows(2000)
  const columns = table.columns.filter(({ name }) => ['birth', 'sex', 'place', 'diagnosis'].includes(name))
  const theirs = judged(csvBytes({ rows: table.rows, columns }), Array.from({ length: table.rows }, (_unused, row) => textAt(person, row)), { quasi: ['birth', 'sex', 'place'], sensitive: ['diagnosis'] })
  report('control: the untouched table has people alone in their class', theirs['smallestClass'] === 1 ? [] : [`smallest class ${String(theirs['smallestClass'])}`])
}

if (isInstalled()) {
  control()
  for (const one of cases) await judge(one)
} else {
  counts.skipped = cases.length + 1
  console.log('skip   pyCANON can\'t be installed here: python3 with venv and a package index are needed')
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0
