// Bench: what the portal's pages ask of a hospital's and an institute's node while many people use them at once: each answer timed from outside over HTTP, citizens
// signing each request, staff in sessions with their page's stream of events open. The network is made through its own doors; choices are seeded.
// Usage: npm run bench -- portal [--records N] [--datasets N] [--people N] [--seconds S] [--think MS] [--growth]
// Default 100,000 records, 1,000 datasets, 50 people, 60 s, up to 1 s of thought between two pages; --growth adds a tenth of each first. Needs Linux (/proc).
import { cpus, loadavg, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { accountKey, decisionKey } from '@mhmd/accounts'
import { signRequest } from '@mhmd/messages'
import { clock, randomness } from '../tests/support/small-network.ts'
import { bytesOnDisk, inSession, memoryOf, populatedNetwork, processorOf, quantile } from './support/populated-network.ts'
import type { Populated, Size } from './support/populated-network.ts'

const { values } = parseArgs({ options: {
  records: { type: 'string', default: '100000' }, datasets: { type: 'string', default: '1000' }, people: { type: 'string', default: '50' }, seconds: { type: 'string', default: '60' },
  think: { type: 'string', default: '1000' }, growth: { type: 'boolean', default: false },
} })
const seed = 20_571
const people = Number(values.people)
/** Bar: an answer's 95th percentile. */
const BAR_MILLISECONDS = 200

interface Person {
  /** What she opens, each page with what it asks for. */
  readonly pages: Readonly<Record<string, readonly string[]>>
  readonly node: string
  readonly headers: (url: URL) => Record<string, string>
  readonly hasStream: boolean
}

const staffPages = ({ datasets: [dataset = ''], requests: [request = ''] }: Populated): Readonly<Record<string, { node: string; pages: Person['pages'] }>> => ({
  steward: { node: 'rome', pages: { 'steward: datasets': ['/staff/1/datasets?limit=50'], 'steward: one dataset': [`/staff/1/datasets/${dataset}`], 'steward: requests': ['/staff/1/inbox'], 'steward: releases': ['/staff/1/releases'], 'steward: imports': ['/staff/1/imports?limit=50', '/staff/1/records'] } },
  researcher: { node: 'institute', pages: { 'researcher: catalogue': ['/catalogue/1/datasets?limit=50'], 'researcher: one dataset': [`/catalogue/1/datasets/rome/${dataset}`], 'researcher: requests': ['/staff/1/requests'], 'researcher: one request': [`/staff/1/requests/${request}`], 'researcher: tables': ['/staff/1/holdings', '/staff/1/agreements'] } },
  auditor: { node: 'rome', pages: { 'auditor: access log': ['/staff/1/access-log'], 'auditor: ledger': ['/staff/1/ledger/blocks'], 'auditor: recalls': ['/staff/1/recalls'] } },
  operator: { node: 'rome', pages: { 'operator: health': ['/staff/1/status', '/staff/1/health'], 'operator: jobs': ['/staff/1/jobs'], 'operator: members': ['/staff/1/members'] } },
})

/** Of five people two are citizens, one a steward, one a researcher, and one an auditor or operator. */
async function crowd(populated: Populated): Promise<Person[]> {
  const { network, citizens } = populated
  const pages = staffPages(populated)
  const kinds = ['citizen', 'steward', 'researcher', 'citizen', 'auditor', 'citizen', 'steward', 'researcher', 'citizen', 'operator']
  const found: Person[] = []
  for (let index = 0; index < people; index++) {
    const kind = kinds[index % kinds.length] ?? 'citizen'
    const { node, pages: own } = pages[kind] ?? { node: 'rome', pages: {} }
    if (kind !== 'citizen') {
      const { cookie } = await inSession(populated, node, [kind === 'operator' ? 'admin' : kind])
      found.push({ node, pages: own, headers: () => ({ cookie, 'sec-fetch-site': 'same-origin' }), hasStream: true })
      continue
    }
    const device = citizens[index % citizens.length]?.device
    if (device === undefined) throw new Error('no citizen')
    const keys = { rome: decisionKey(device.seed, 'rome'), accounts: accountKey(device.seed, 'accounts') }
    found.push({
      node: 'rome', hasStream: false, headers: (url) => ({ ...signRequest({ method: 'GET', url, body: new Uint8Array(0) }, url.origin === network.url('accounts') ? keys.accounts : keys.rome, { clock, randomness }) }),
      pages: { 'citizen: start': ['/people/1/me', `${network.url('accounts')}/people/1/directory`], 'citizen: uses': ['/people/1/uses', '/people/1/access-log'], 'citizen: account': [`${network.url('accounts')}/people/1/account`] },
    })
  }
  return found
}

/** Numbers from 0 to 1, the same in every run (Park & Miller 1988). */
function drawer(start: number): () => number {
  let state = start % 2_147_483_647 || 1
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}

interface Timed { readonly page: string; readonly path: string; readonly milliseconds: number; readonly bytes: number; readonly status: number }

async function use(person: Person, base: string, { draw, until, timed }: { draw: () => number; until: number; timed: Timed[] }): Promise<void> {
  const names = Object.keys(person.pages)
  // Nobody begins at the same moment.
  await pause(draw() * Number(values.think))
  while (performance.now() < until) {
    const page = names[Math.floor(draw() * names.length)] as string
    await Promise.all((person.pages[page] ?? []).map(async (path) => {
      const url = new URL(path, base)
      const before = performance.now()
      const answer = await fetch(url, { headers: person.headers(url) })
      const { byteLength } = await answer.arrayBuffer()
      timed.push({ page, path: url.pathname, milliseconds: performance.now() - before, bytes: byteLength, status: answer.status })
    }))
    await pause(draw() * Number(values.think))
  }
}

const pause = (milliseconds: number): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, milliseconds))

async function measure(size: Size): Promise<boolean> {
  console.log(`\n${size.records.toLocaleString('en')} records of ${size.citizens} people, ${size.datasets.toLocaleString('en')} datasets, ${people} people at once\n`)
  const populated = await populatedNetwork(size, (line) => console.log(`- ${line}`))
  try {
    const everyone = await crowd(populated)
    const streams = new AbortController()
    for (const { node, headers } of everyone.filter(({ hasStream }) => hasStream)) {
      const url = new URL('/staff/1/events', populated.network.url(node))
      void fetch(url, { headers: headers(url), signal: streams.signal }).then((answer) => answer.text()).catch(() => undefined)
    }
    const timed: Timed[] = []
    const processor = new Map(populated.network.processes().map(({ pid }) => [pid, processorOf(pid)]))
    const until = performance.now() + Number(values.seconds) * 1000
    await Promise.all(everyone.map((person, index) => use(person, populated.network.url(person.node), { draw: drawer(seed + index), until, timed })))
    streams.abort()
    return print(timed, populated, processor)
  } finally {
    await populated.close()
  }
}

function print(timed: readonly Timed[], { network }: Populated, before: ReadonlyMap<number, number>): boolean {
  const row = (name: string, of: readonly Timed[]): void => {
    const [p50, p95, p99] = [0.5, 0.95, 0.99].map((p) => quantile(of.map(({ milliseconds }) => milliseconds), p).toFixed(0))
    console.log(`| ${name} | ${of.length} | ${p50} | ${p95} | ${p99} | ${quantile(of.map(({ bytes }) => bytes), 0.5)} |`)
  }
  console.log('\n| page, and what it asks for | answers | p50 ms | p95 ms | p99 ms | bytes |\n| --- | --- | --- | --- | --- | --- |')
  for (const [name, of] of Object.entries(Object.groupBy(timed, ({ page, path }) => `${page}, \`${path.replaceAll(/[0-9a-z]{26}/g, '…')}\``)).sort(([a], [b]) => a.localeCompare(b))) row(name, of ?? [])
  row('**all**', timed)
  const refused = timed.filter(({ status }) => status !== 200)
  console.log(`\n${(timed.length / Number(values.seconds)).toFixed(0)} answers a second; not answered: ${refused.length}${refused.length === 0 ? '' : ` (${[...new Set(refused.map(({ page, status }) => `${page} ${status}`))].join(', ')})`}; load ${loadavg()[0]?.toFixed(1) ?? '?'}\n`)
  console.log('| process | processor s of these | resident MiB | at its peak | MB on disk |\n| --- | --- | --- | --- | --- |')
  for (const { name, pid } of network.processes()) {
    const { now, peak } = memoryOf(pid)
    console.log(`| ${name} | ${(processorOf(pid) - (before.get(pid) ?? 0)).toFixed(1)} of ${values.seconds} | ${now} | ${peak} | ${(bytesOnDisk(network.home(name)) / 1e6).toFixed(0)} |`)
  }
  return refused.length === 0 && quantile(timed.map(({ milliseconds }) => milliseconds), 0.95) <= BAR_MILLISECONDS
}

console.log(`machine: ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, load ${loadavg()[0]?.toFixed(1) ?? '?'}; seed ${seed}`)
const full: Size = { records: Number(values.records), datasets: Number(values.datasets), citizens: 100, requests: 20 }
if (values.growth) await measure({ ...full, records: full.records / 10, datasets: full.datasets / 10 })
const isFast = await measure(full)
console.log(`\n${isFast ? 'within' : 'BEYOND'} the bar: every request answered, the 95th percentile of all at most ${BAR_MILLISECONDS} ms`)
process.exitCode = isFast ? 0 : 1
