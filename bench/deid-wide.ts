// Bench: lattices too large to enumerate, by the heuristic within a budget, beside the best score of the peer's heuristics and with the proven bound.
// Usage: npm run bench -- deid-wide [SECONDS] [wall|cpu]   Reads ../shared/data/arx beside the repository. 5-anonymity, any suppression, Loss, every column.
// The budget is the search's, from the read table on; `cpu` counts this process's processor time, for a machine that is busy with other things.
import { cpus, loadavg } from 'node:os'
import { release } from '@mhmd/deid'
import type { Job } from '@mhmd/deid'
import { arxTables } from '../tests/arx-rows.ts'

const [budget = '20', clock = 'wall'] = process.argv.slice(2)
const root = new URL('../../shared/data/arx/', import.meta.url)
/** ARX 3.9.2, genetic search, 20 s on two quiet cores. */
const peers = [['mach2019', 'mach2019_int', 0.4956], ['creditcard', 'creditcard_int', 0.5903]] as const

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

console.log(`machine: ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, node ${process.version}, load ${loadavg()[0]?.toFixed(1)}; workers 1; budget ${budget} s (${clock})`)
for (const [folder, file, peer] of peers) {
  let start = performance.now()
  const tables = arxTables(root, folder, file)
  const read = (performance.now() - start) / 1000
  const columns: Job['columns'] = Object.fromEntries(tables.input.columns.map(({ name }) => [name, { role: 'quasi-identifying' }]))
  const job: Job = { input: { path: `${file}.csv.gz`, delimiter: ';' }, columns, models: [{ type: 'k-anonymity', k: 5 }], suppressionLimit: 1, metric: { type: 'loss' }, search: { type: 'heuristic' }, seed: 1 }
  start = performance.now()
  const used = cpuSeconds()
  const spent = (): number => clock === 'cpu' ? cpuSeconds() - used : (performance.now() - start) / 1000
  const found = release(job, tables, { isOutOfTime: () => spent() > Number(budget) })
  console.log(`${folder}: read ${read.toFixed(2)} s, ${spent().toFixed(1)} s, ${found.checkedNodes} checks of ${found.latticeSize.toExponential(1)} nodes, score ${found.score.toFixed(6)}, proven bound ${found.lowerBound.toFixed(6)}, the peer ${peer}${found.score < peer ? '' : ' NOT LOWER'}`)
}
