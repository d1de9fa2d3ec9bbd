// Bench: the exact search beside the peer's figures on the same tables; seeded nowhere because the search draws nothing.
// Usage: npm run bench -- deid [TABLE] [RUNS] [SUPPRESSION LIMIT]   Reads ../shared/data/arx beside the repository.
// `search` is everything between the read table and the solution: encoding, hierarchies, grouping, lattice. The peer's figures
// are ARX 3.9.2's on two cores of another machine of this kind (vectors/deid/arx-3.9.2.json), so ratios are a guide on others.
import { cpus, loadavg } from 'node:os'
import { release } from '@mhmd/deid'
import type { Release } from '@mhmd/deid'
import { arxDifference, arxJob, arxName, arxRows, arxTables } from '../tests/arx-rows.ts'
import type { ArxRow } from '../tests/arx-rows.ts'

const root = new URL('../../shared/data/arx/', import.meta.url)
const [only = '', runs = '7', limit] = process.argv.slice(2)
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] as number
const seconds = (value: number): string => value.toFixed(3).padStart(8)

interface Measured { readonly cold: number; readonly warm: readonly number[]; readonly cpu: number; readonly found: Release }

function measure(row: ArxRow): Measured {
  const all = arxTables(root, row.table)
  const { subset, ...others } = all
  const tables = row.models.some(({ type }) => type === 'delta-presence') && subset !== undefined ? { ...others, subset } : others
  const job = arxJob(row, all.input)
  const times: number[] = []
  const cpu: number[] = []
  let found: Release | undefined
  for (let run = 0; run <= Number(runs); run++) {
    const [start, used] = [performance.now(), process.cpuUsage()]
    found = release(job, tables)
    times.push((performance.now() - start) / 1000)
    cpu.push(process.cpuUsage(used).user / 1e6)
  }
  return { cold: times[0] as number, warm: times.slice(1), cpu: median(cpu.slice(1)), found: found as Release }
}

const rows = arxRows.filter(({ table, suppressionLimit }) => table.includes(only) && (limit === undefined || suppressionLimit === Number(limit)))
if (rows.length === 0) {
  console.error(`BENCH_NO_ROWS: no row has ${only} in its table's name${limit === undefined ? '' : ` and a suppression limit of ${limit}`}; tables: ${[...new Set(arxRows.map(({ table }) => table))].join(', ')}; limits: ${[...new Set(arxRows.map(({ suppressionLimit }) => suppressionLimit))].join(', ')}`)
  process.exit(2)
}
console.log(`machine: ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, node ${process.version}, load ${loadavg()[0]?.toFixed(1) ?? ''}; workers 1; warm = median of ${runs}; cold includes the first compilation`)
console.log('    cold     warm      min      cpu     peer    ratio  checked  task')
const ratios: number[] = []
for (const row of rows) {
  const { cold, warm, cpu, found } = measure(row)
  const ratio = median(warm) / row.peer.warmSeconds
  ratios.push(ratio)
  const wrong = arxDifference(row, found)
  console.log(`${seconds(cold)} ${seconds(median(warm))} ${seconds(Math.min(...warm))} ${seconds(cpu)} ${seconds(row.peer.warmSeconds)} ${ratio.toFixed(2).padStart(8)} ${String(found.checkedNodes).padStart(8)}  ${arxName(row)}${wrong === undefined ? '' : ` WRONG: ${wrong}`}`)
}
console.log(`median ratio ${median(ratios).toFixed(3)}, largest ${Math.max(...ratios).toFixed(3)}`)
