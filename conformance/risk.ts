// Judge: ARX's risk figures (vectors/deid/risk-arx-3.9.2.json) on the published benchmark tables, whichever of them lie in the folder given.
// Usage: npm run conformance -- risk [FOLDER]   FOLDER: holds TABLE/TABLE.csv.gz; default ../shared/data/arx.
// Only computes
import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { parseCsv } from '@mhmd/columns'
import type { Table } from '@mhmd/columns'
import { compileHierarchy, readHierarchy, riskReport } from '@mhmd/deid'

interface Row {
  readonly table: string
  readonly quasiIdentifiers?: readonly string[]
  readonly classes: number
  readonly meanClassSize: string
  readonly highestRisk: string
  readonly averageRisk: string
  readonly recordsAtRisk: string
  readonly sampleUniques: string
  readonly dankar: string
  readonly dankarChose: string
  readonly zayatz: string
}

const root = new URL('..', import.meta.url).pathname
const folder = resolve(process.argv[2] ?? join(root, '../shared/data/arx'))
const golden = JSON.parse(readFileSync(join(root, 'vectors/deid/risk-arx-3.9.2.json'), 'utf8')) as { populationSize: number; threshold: number; results: Row[] }
const counts = { passed: 0, failed: 0, skipped: 0 }

function report(what: string, problems: readonly string[]): void {
  counts[problems.length === 0 ? 'passed' : 'failed']++
  console.log(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${what}${problems.map((problem) => `\n       ${problem}`).join('')}`)
}

function skip(what: string): void {
  counts.skipped++
  console.log(`skip   ${what}: not in ${basename(folder)}`)
}

function figures(table: Table, row: Row): string[] {
  const quasiIdentifiers = row.quasiIdentifiers ?? table.columns.map((column) => column.name)
  const { sample, uniqueness } = riskReport(table, { quasiIdentifiers, threshold: golden.threshold, populationSize: golden.populationSize })
  const found: Record<string, string> = {
    classes: String(sample.classes), meanClassSize: sample.meanClassSize.toFixed(3), highestRisk: String(sample.highestRisk), averageRisk: sample.averageRisk.toFixed(6),
    recordsAtRisk: sample.recordsAtRisk.toFixed(6), sampleUniques: sample.sampleUniques.toFixed(6),
    dankar: uniqueness?.dankar.share.toFixed(8) ?? '', dankarChose: uniqueness?.dankar.estimator ?? '', zayatz: uniqueness?.zayatz.share.toFixed(8) ?? '',
  }
  return Object.entries(found).flatMap(([name, value]) => (value === String(row[name as keyof Row]) ? [] : [`${name}: ${value}, the peer ${String(row[name as keyof Row])}`]))
}

function hierarchies(name: string, table: Table): void {
  for (const path of globSync(join(folder, '*', `${name}_hierarchy_*.csv.gz`)).sort()) {
    const attribute = basename(path, '.csv.gz').slice(`${name}_hierarchy_`.length)
    const column = table.columns.find((candidate) => candidate.name === attribute)
    try {
      if (column === undefined) throw new Error('the table has no such column')
      compileHierarchy(readHierarchy(attribute, readFileSync(path)), column)
      report(`${name}: the hierarchy of ${attribute} loads and covers its column`, [])
    } catch (error) {
      report(`${name}: the hierarchy of ${attribute} loads and covers its column`, [String(error)])
    }
  }
}

for (const name of new Set(golden.results.map((row) => row.table))) {
  const path = globSync(join(folder, '*', `${name}.csv.gz`))[0]
  const rows = golden.results.filter((row) => row.table === name)
  if (path === undefined || !existsSync(path)) {
    for (const row of rows) skip(`${name}, ${row.quasiIdentifiers?.join('+') ?? 'all columns'}`)
    continue
  }
  const { table } = parseCsv(readFileSync(path), { delimiter: ';' })
  for (const row of rows) report(`${name}, ${row.quasiIdentifiers?.join('+') ?? 'all columns'}`, figures(table, row))
  hierarchies(name, table)
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0
