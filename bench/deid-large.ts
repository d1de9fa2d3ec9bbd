// Bench: many generated rows through reading, search and writing; 5-anonymity, 2 %, Loss, Atus hierarchies, exact.
// Usage: npm run bench -- deid-large [ROWS] [WORKERS]   Reads ../shared/data/arx beside the repository. A process a run, for its peak memory.
// Rows are drawn from the Atus-synth table with seed 42: a random row, each of whose cells is another random row's with chance 1/20.
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { csvChunks, readCsv, WorkerPool } from '@mhmd/columns'
import type { Table } from '@mhmd/columns'
import { release } from '@mhmd/deid'
import { arxTables } from '../tests/arx-rows.ts'
import { seeded } from '../tests/deid-random-jobs.ts'

const [rows = 1_000_000, workers = 1] = process.argv.slice(2).map(Number)
const folder = mkdtempSync(join(tmpdir(), 'mhmd-bench-'))
const { input: source, hierarchies } = arxTables(new URL('../../shared/data/arx/', import.meta.url), 'atus_synth')

function generated(): Table {
  const random = seeded(42)
  const columns = source.columns.map((column) => ({ ...column, codes: new Uint16Array(rows) }))
  for (let row = 0; row < rows; row++) {
    const from = Math.floor(random() * source.rows)
    columns.forEach((column, c) => { column.codes[row] = source.columns[c]?.codes[random() < 0.05 ? Math.floor(random() * source.rows) : from] as number })
  }
  return { rows, columns }
}

const seconds = (since: number): string => ((performance.now() - since) / 1000).toFixed(2)
const [file, out] = [join(folder, 'in.csv'), join(folder, 'out.csv')]
await pipeline(Readable.from(csvChunks(generated())), createWriteStream(file))
const pool = new WorkerPool(workers)
let start = performance.now()
const { table, format, encodingSeconds } = await readCsv(createReadStream(file, { highWaterMark: 1 << 20 }), { clock: () => performance.now() })
const read = seconds(start)
start = performance.now()
const found = release({ input: { path: file }, columns: Object.fromEntries(table.columns.map(({ name }) => [name, { role: 'quasi-identifying' }])), models: [{ type: 'k-anonymity', k: 5 }], suppressionLimit: 0.02 }, { input: table, hierarchies }, { pool })
const search = seconds(start)
start = performance.now()
await pipeline(Readable.from(csvChunks(found.table, format)), createWriteStream(out))
console.log(`machine: ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, node ${process.version}, load ${loadavg()[0]?.toFixed(1)}; workers ${workers}`)
console.log(`${rows} rows × ${table.columns.length}: read ${read} s (${encodingSeconds.toFixed(2)} s of it encoding), search ${search} s (${found.checkedNodes} of ${found.latticeSize} nodes, score ${found.score.toFixed(6)}, ${found.suppressedRows} suppressed), write ${seconds(start)} s, peak ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`)
await pool.close()
rmSync(folder, { recursive: true })
