// Bench: the search of `mhmd deid run`, cold: a process a run, seconds of its report's `timings.search` (which holds the encoding of the input), beside twice the bar of issue 6.
// Usage: npm run bench -- deid-cli [TABLE] [RUNS]   Reads ../shared/data/arx beside the repository. 5-anonymity, 2 %, Loss, every column, one worker.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { arxDifference, arxJob, arxRows, arxTables } from '../tests/arx-rows.ts'
import type { ArxRow } from '../tests/arx-rows.ts'

const root = new URL('../../shared/data/arx/', import.meta.url)
const [only = '', runs = '5'] = process.argv.slice(2)
/** Bars of a warm search in process; the command line's cold search may take twice as long. */
const bars = [['adult', 0.19], ['cup', 1.5], ['atus_synth', 8]] as const

interface Report { readonly score: number; readonly suppressedRows: number; readonly optimal: boolean; readonly timings: Readonly<Record<'read' | 'search' | 'write', number>>; readonly within: Readonly<Record<'startup' | 'encoding' | 'risk', number>> }

/** The row as a job file beside nothing: every path is whole. */
function jobFile(row: ArxRow): string {
  const job = arxJob(row, arxTables(root, row.table).input)
  const at = (name: string): string => fileURLToPath(new URL(`${row.table}/${encodeURIComponent(name)}.csv.gz`, root))
  const columns = Object.fromEntries(Object.entries(job.columns).map(([name, spec]) => [name, { ...spec, hierarchy: at(`${row.table}_hierarchy_${name}`) }]))
  return JSON.stringify({ ...job, input: { ...job.input, path: at(row.table) }, columns })
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] as number
const rows = bars.filter(([table]) => table.includes(only))
if (rows.length === 0) {
  console.error(`BENCH_NO_ROWS: no table is called ${only}; name one of ${bars.map(([table]) => table).join(', ')}`)
  process.exit(2)
}
console.log(`machine: ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, node ${process.version}, load ${loadavg()[0]?.toFixed(1) ?? ''}; workers 1; ${runs} cold processes a row`)
const folder = mkdtempSync(join(tmpdir(), 'mhmd-bench-'))
for (const [table, bar] of rows) {
  const row = arxRows.find((other) => other.table === table && other.suppressionLimit === 0.02 && other.metric.type === 'loss' && other.models.length === 1) as ArxRow
  writeFileSync(join(folder, 'job.json'), jobFile(row))
  const shares: number[] = []
  const reports = Array.from({ length: Number(runs) }, () => {
    const started = performance.now()
    execFileSync(process.execPath, [fileURLToPath(new URL('../apps/cli/src/main.ts', import.meta.url)), 'deid', 'run', '--config', join(folder, 'job.json'), '--output', join(folder, 'out.csv'), '--report', join(folder, 'report.json'), '--workers', '1'], { stdio: ['ignore', 'ignore', 'inherit'] })
    const seconds = (performance.now() - started) / 1000
    const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as Report
    shares.push((report.timings.read + report.timings.search + report.timings.write) / seconds)
    return report
  })
  const times = reports.map(({ timings }) => timings.search)
  const wrong = reports.map((report) => arxDifference(row, report)).find((difference) => difference !== undefined)
  console.log(`${table}: search ${median(times).toFixed(3)} s (${Math.min(...times).toFixed(3)}–${Math.max(...times).toFixed(3)}), twice the bar ${(2 * bar).toFixed(2)} s, encoding ${median(reports.map(({ within }) => within.encoding)).toFixed(3)} s of it; startup ${median(reports.map(({ within }) => within.startup)).toFixed(2)} s, read ${median(reports.map(({ timings, within }) => timings.read - within.startup)).toFixed(2)} s; timings are ${(100 * median(shares)).toFixed(1)} % of the wall clock${median(times) <= 2 * bar ? '' : ' ABOVE'}${wrong === undefined ? '' : ` WRONG: ${wrong}`}`)
}
rmSync(folder, { recursive: true })
