// How long a decision takes: one person at a time by `decide`, and a whole holder by the compiled form, at 10^3 to 10^6 consents. Seeded; prints the machine.
// Usage: npm run bench -- decision [LARGEST]
import { cpus, totalmem } from 'node:os'
import { compileRequest, consentColumns, decide } from '@mhmd/consent'
import type { Basis, SubjectBases } from '@mhmd/consent'
import type { ConsentTerms, UseRequest } from '@mhmd/schema'

const seed = 20301
const now = Date.UTC(2030, 0, 1)
const year = 365 * 86_400_000
const largest = Number(process.argv[2] ?? 1_000_000)

/** Mulberry32: a small seeded generator, enough to vary choices. */
function generator(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const random = generator(seed)
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T

/** Terms as 200 different notices and choices would give them. */
const choices: readonly ConsentTerms[] = Array.from({ length: 200 }, () => ({
  format: 'mhmd-consent-terms/1', from: now - year, until: now + Math.floor(random() * 3 - 0.5) * year, despiteOptOut: random() < 0.1, returnsWanted: random() < 0.1 ? ['study-results'] : [],
  permissions: Array.from({ length: 1 + Math.floor(random() * 3) }, () => ({
    recipients: { members: random() < 0.3 ? ['institute'] : [], classes: [pick(['research-organisation', 'business', 'public-body'] as const)], countries: [pick(['EU', 'IT', '*'])] },
    purposes: [pick(['research', 'health-research', 'algorithm-training', 'education'] as const)], uses: [], categories: random() < 0.8 ? ['a'] : ['a', 'f'], form: pick(['computation', 'pseudonymised'] as const),
  })),
  prohibitions: random() < 0.2 ? [{ uses: ['commercial'] }] : [],
}))

const basesOf = (): Basis[] => [
  ...(random() < 0.7 ? [{ basis: 'consent' as const, version: 1, state: 'active' as const, by: 'subject' as const, expires: now + Math.floor((random() - 0.1) * year), record: random() < 0.99 ? 'held' as const : 'missing' as const, terms: pick(choices) }] : []),
  ...(random() < 0.1 ? [{ basis: 'opt-out' as const, version: 1, state: 'active' as const, by: 'subject' as const, since: now - Math.floor(random() * year), record: 'held' as const }] : []),
]

const request: UseRequest = {
  format: 'mhmd-use-request/1', id: '00000000000000000000000001', requester: { member: 'institute', class: 'research-organisation', country: 'IT' }, title: 'Bench', summary: '', purpose: 'algorithm-training', uses: [],
  categories: ['a'], fhirTypes: ['Patient', 'Condition'], form: 'computation', basis: 'consent', from: now - year, until: now + year, safeguards: [], returns: [],
}

const quantile = (sorted: Float64Array, part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0

function single(rows: readonly SubjectBases[]): { median: number; p99: number; permitted: number } {
  const times = new Float64Array(Math.min(rows.length, 200_000))
  let permitted = 0
  for (const [index, row] of rows.entries()) {
    const started = process.hrtime.bigint()
    if (decide(request, row.bases, now).answer === 'permit') permitted++
    if (index < times.length) times[index] = Number(process.hrtime.bigint() - started)
  }
  times.sort()
  return { median: quantile(times, 0.5), p99: quantile(times, 0.99), permitted }
}

function repeated(work: () => void, rounds: number): { median: number; p99: number } {
  const times = Float64Array.from({ length: rounds }, () => {
    const started = performance.now()
    work()
    return performance.now() - started
  }).sort()
  return { median: quantile(times, 0.5), p99: quantile(times, 0.99) }
}

console.log(`machine: ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${(totalmem() / 2 ** 30).toFixed(1)} GiB, node ${process.version}; seed ${seed}`)
console.log('consents   decide µs median/p99   build columns ms   compiled, all rows: ms median/p99   ns a row   permitted')
for (let size = 1000; size <= largest; size *= 10) {
  const rows = Array.from({ length: size }, (_unused, index): SubjectBases => ({ subject: `s${index}`, bases: basesOf() }))
  single(rows.slice(0, 1000))
  const one = single(rows)
  const started = performance.now()
  const columns = consentColumns(rows)
  const building = performance.now() - started
  const compiled = compileRequest(request, [], now)
  const all = repeated(() => compiled(columns), 100)
  const permitted = compiled(columns).reduce((sum, code) => sum + (code === 2 ? 1 : 0), 0)
  if (permitted !== one.permitted) throw new Error('BENCH_DISAGREES: the compiled form and decide differ')
  console.log(`${String(size).padStart(8)}   ${(one.median / 1000).toFixed(2).padStart(8)} / ${(one.p99 / 1000).toFixed(2).padStart(7)}   ${building.toFixed(1).padStart(14)}   ${all.median.toFixed(2).padStart(18)} / ${all.p99.toFixed(2).padStart(7)}   ${((all.median * 1e6) / size).toFixed(1).padStart(13)}   ${permitted}`)
}
