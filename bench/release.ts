// Bench: a table released, with the gate: cohort resolved, rows generalised by people or put under pseudonyms, bytes written, opened again and measured. Seeded.
// Then the same in a node of a network: from records in the vault to a table held by its recipient, and how long others wait meanwhile, by a small request every
// 20 ms from outside; the same for an import. Usage: npm run bench -- release [PEOPLE …] [--no-node] [--records N]
// People with one to three rows each; default 5,000 and 50,000 (about 10⁴ and 10⁵ rows). --records: of the node's vault, a row each; default 100,000.
import { cpus, loadavg, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { deidEngine, releaseTable } from '@mhmd/release'
import { dataset, datasetId, decided, now, personRows, request, secret, sourceOf } from '@mhmd/release/testing'
import { until } from '../tests/support/small-network.ts'
import { agreedTable, inSession, memoryOf, populatedNetwork, quantile } from './support/populated-network.ts'
import type { Populated } from './support/populated-network.ts'

const { values, positionals } = parseArgs({ allowPositionals: true, options: { 'no-node': { type: 'boolean', default: false }, records: { type: 'string', default: '100000' } } })
const given = positionals.map(Number)
const sizes = given.length > 0 ? given : [5000, 50_000]
const EVERY_MILLISECONDS = 20
const variables = ['birth', 'sex', 'place', 'diagnosis', 'onset']

console.log(`machine: ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, load ${loadavg()[0]?.toFixed(1) ?? '?'}`)
console.log('| form | people | rows | bytes | cohort s | release with gate s | peak resident MiB |\n| --- | --- | --- | --- | --- | --- | --- |')
for (const people of sizes) {
  const rows = personRows(people)
  for (const form of ['anonymised', 'pseudonymised'] as const) {
    const asked = { ...request, form, variables }
    const before = performance.now()
    const decision = await decided(asked, rows)
    const resolved = performance.now()
    const outcome = await releaseTable({
      request: asked, decision, dataset: { holder: 'rome', id: datasetId, version: 1, document: dataset }, agreement: 'a', source: sourceOf(rows), engine: deidEngine, secret, earlier: [],
      clock: { now: () => now }, randomness: { bytes: (length) => new Uint8Array(length) },
    })
    const ended = performance.now()
    if (!outcome.released) throw new Error(`held back: ${outcome.rule}`)
    console.log(`| ${form} | ${people} | ${rows.table.rows} | ${outcome.bytes.length} | ${((resolved - before) / 1000).toFixed(2)} | ${((ended - resolved) / 1000).toFixed(2)} | ${Math.round(process.resourceUsage().maxRSS / 1024)} |`)
  }
}

async function inNode(records: number): Promise<void> {
  console.log(`\nIn a node, ${records.toLocaleString('en')} records of 100 people:\n`)
  const populated = await populatedNetwork({ records, datasets: 1, citizens: 100, requests: 0 }, (line) => console.log(`- ${line}`))
  try {
    const { pid } = populated.network.process('rome')
    console.log(`\n| meanwhile | took s | small requests | p50 ms | p99 ms | longest ms | peak resident MiB | load |\n| --- | --- | --- | --- | --- | --- | --- | --- |`)
    const row = async (what: string, work: () => Promise<void>): Promise<void> => {
      const { seconds, waits } = await probed(populated, work)
      const [p50, p99, most] = [0.5, 0.99, 1].map((p) => quantile(waits, p).toFixed(0))
      console.log(`| ${what} | ${seconds.toFixed(1)} | ${waits.length} | ${p50} | ${p99} | ${most} | ${memoryOf(pid).peak} | ${loadavg()[0]?.toFixed(1) ?? '?'} |`)
    }
    await row('nothing', () => new Promise((resolve) => { setTimeout(resolve, 5000) }))
    for (const form of ['anonymised', 'pseudonymised'] as const) {
      const agreed = await agreedTable(populated, form)
      await row(`a release, ${form}`, () => released(populated, agreed))
    }
    await row(`an import of ${(records / 4).toLocaleString('en')} records`, () => populated.importMore(Math.ceil(records / 2000)))
  } finally {
    await populated.close()
  }
}

/** Until the node has the table and has told its recipient. */
async function released({ staff }: Populated, agreed: string): Promise<void> {
  let job = ''
  await until('the release starts', async () => staff('rome').post<{ job: string }>('/staff/1/releases/tables', { request: agreed }).then((started) => (job = started.job, true), () => false))
  let state = ''
  await until('the release ends', async () => (state = (await staff('rome').get<{ job: { state: string } }>(`/staff/1/jobs/${job}`)).job.state) !== 'waiting', 300)
  if (state !== 'done') throw new Error(`the release ended ${state}`)
}

/** How long a small request waits while `work` runs; asked at a steady pace, whether the one before was answered or not. */
async function probed(populated: Populated, work: () => Promise<void>): Promise<{ seconds: number; waits: number[] }> {
  const { cookie } = await inSession(populated, 'rome', ['auditor'])
  const url = new URL('/session/1', populated.network.url('rome'))
  const waits: number[] = []
  const asked: Promise<void>[] = []
  const ask = async (): Promise<void> => {
    const before = performance.now()
    await (await fetch(url, { headers: { cookie, 'sec-fetch-site': 'same-origin' } })).arrayBuffer()
    waits.push(performance.now() - before)
  }
  const timer = setInterval(() => { asked.push(ask()) }, EVERY_MILLISECONDS)
  const before = performance.now()
  await work()
  const seconds = (performance.now() - before) / 1000
  clearInterval(timer)
  await Promise.all(asked)
  return { seconds, waits }
}

if (!values['no-node']) await inNode(Number(values.records))
