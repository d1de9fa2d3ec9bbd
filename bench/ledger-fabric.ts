// Bench of the ledger on Hyperledger Fabric: our contracts against a bare chaincode that puts the same writes, on the same network, through the same gateways with equally many bytes in arguments
// and answers. Pairs alternate in order; the bar is a median ratio of 0.90. Then decisions in batches, latency at low load, and the memory of every process. Keys and decisions derive from labels: every run plays the same.
// Usage: npm run bench -- ledger-fabric [DECISIONS [PAIRS]]   (decisions a run, each by another citizen; needs Go as npm start -- --ledger fabric does)
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { canonicalText } from '@mhmd/base'
import type { Canonical } from '@mhmd/base'
import { ScratchLedger } from '@mhmd/contracts'
import type { Transaction } from '@mhmd/contracts'
import { CHAINCODE, fabricLedger, startFabricNetwork } from '@mhmd/ledger-fabric'
import type { FabricNetwork } from '@mhmd/ledger-fabric'
import { attempt, bareGateway, openGateway, planFor, startBare } from '@mhmd/ledger-fabric/testing'
import type { OpenGateway } from '@mhmd/ledger-fabric/testing'
import { sampleId, sampleNetwork } from '@mhmd/ledger/testing'

const IN_FLIGHT = 256
const PORTS = 14_000
const BAR = 0.9
const MEMBERS = ['rome', 'accounts', 'institute'] as const
const decisions = Number(process.argv[2] ?? 800)
const pairs = Number(process.argv[3] ?? 7)

/** One call of either chaincode, with the same writes. */
interface Call {
  readonly ours: string
  readonly bare: readonly string[]
}
type Send = (call: Call, lane: number) => Promise<void>

const folder = await mkdtemp(join(tmpdir(), 'bench-fabric-'))
const line = (name: string, value: string): void => console.log(`${name.padEnd(64)} ${value}`)
const load = (): string => loadavg().map((each) => each.toFixed(1)).join(' ')
const gatewayOf = (gateways: readonly OpenGateway[], lane: number): OpenGateway => gateways[lane % gateways.length] as OpenGateway
const quantile = (values: readonly number[], q: number): number => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))] ?? Number.NaN

console.log(`machine: ${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} processors, ${Math.round(totalmem() / 2 ** 30)} GiB; Node ${process.version}; load ${load()}`)
const fabric = await startFabricNetwork(planFor(join(folder, 'net'), PORTS), { environment: process.env, say: console.log })
const services = await startBare(fabric)
const ours = MEMBERS.map((member) => openGateway(fabric.connection(member), { channel: fabric.plan.channel, chaincode: CHAINCODE }))
const bare = MEMBERS.map((member) => bareGateway(fabric, member))
try {
  await main(fabric)
} finally {
  for (const { close } of [...ours, ...bare]) close()
  await Promise.all(services.map((each) => each.kill('SIGTERM')))
  await fabric.stop()
  await rm(folder, { recursive: true })
}

async function main(network: FabricNetwork): Promise<void> {
  const sample = sampleNetwork({ now: () => Date.now() })
  const scratch = new ScratchLedger()
  /** What a transaction writes and answers, and a call of the bare chaincode with the same, filled up to as many bytes. */
  const callOf = (transaction: Transaction): Call => {
    const proposal = scratch.propose(transaction)
    const { code, changes, events } = proposal.trace
    if (code !== 'VALID' || scratch.commit(proposal).code !== 'VALID') throw new Error(`the scratch ledger says ${code}`)
    const text = canonicalText(transaction as unknown as Canonical)
    const writes = JSON.stringify(changes.map(({ key, after }) => [`\0${key.join('\0')}\0`, canonicalText(after)]))
    const answer = canonicalText({ events, order: changes.map((_, at) => at) } as unknown as Canonical).length
    return { ours: text, bare: [writes, String(answer), ' '.repeat(Math.max(0, text.length - writes.length - 3))] }
  }
  const sendOurs: Send = async (call, lane) => settled(await attempt(gatewayOf(ours, lane).contract, call.ours))
  const sendBare: Send = async (call, lane) => {
    const submitted = await (await gatewayOf(bare, lane).contract.newProposal('put', { arguments: [...call.bare] }).endorse()).submit()
    settled({ code: (await submitted.getStatus()).code })
  }

  line('memory before, MiB resident', await memory(network))
  await all([callOf(sample.genesis())], sendOurs)
  await all(Array.from({ length: decisions }, (_, n) => callOf(sample.enrol(n))), sendOurs)
  const versions = new Map<number, number>()
  const decide = (citizen: number): Transaction => {
    const version = (versions.get(citizen) ?? 0) + 1
    versions.set(citizen, version)
    return sample.decide(citizen, version)
  }
  // Signed just before they are sent: a transaction's time must lie near the peers' clocks.
  const next = (count = decisions): Call[] => Array.from({ length: count }, (_, citizen) => callOf(decide(citizen)))
  const warm = next()
  line('bytes of arguments: ours, bare', `${warm[0]?.ours.length}, ${warm[0]?.bare.join('').length}`)
  await all(warm, sendOurs)
  await all(warm, sendBare)

  const ratios: number[] = []
  const rates = { ours: [] as number[], bare: [] as number[] }
  for (let pair = 0; pair < pairs; pair++) {
    const calls = next()
    const runs = { ours: () => rate(calls, sendOurs), bare: () => rate(calls, sendBare) }
    for (const which of pair % 2 === 0 ? ['ours', 'bare'] as const : ['bare', 'ours'] as const) rates[which].push(await runs[which]())
    const [a = 0, b = 1] = [rates.ours.at(-1), rates.bare.at(-1)]
    ratios.push(a / b)
    line(`pair ${pair + 1}, ${pair % 2 === 0 ? 'ours' : 'bare'} first: ours, bare, ratio`, `${a.toFixed(1)}/s, ${b.toFixed(1)}/s, ${(a / b).toFixed(3)} (load ${load()})`)
  }
  line(`${decisions} decisions a run: ours, bare, median`, `${quantile(rates.ours, 0.5).toFixed(1)}/s, ${quantile(rates.bare, 0.5).toFixed(1)}/s`)
  // From the least to the greatest of seven holds the true median in all but 2 of 128 cases.
  line(`median ratio (bar ${BAR}), least to greatest`, `${quantile(ratios, 0.5).toFixed(3)}, ${Math.min(...ratios).toFixed(3)} to ${Math.max(...ratios).toFixed(3)}`)

  await latency(network, sample.id, { calls: next(30), sendOurs, sendBare, decide })
  for (const size of [20, 100]) await batched(sample, size, decide)
  line('memory after, MiB resident (peak)', await memory(network, true))
  line('load', load())
  process.exitCode = quantile(ratios, 0.5) >= BAR ? 0 : 1
}

function settled(done: Awaited<ReturnType<typeof attempt>> | { readonly code: number }): void {
  if ('refusal' in done) throw new Error(done.refusal.code)
  if (done.code !== 0) throw new Error(`validation code ${done.code}`)
}

/** Keeps a fixed number under way; any failure is one of the bench. */
async function all(calls: readonly Call[], send: Send): Promise<void> {
  let at = 0
  await Promise.all(Array.from({ length: IN_FLIGHT }, async (_, lane) => {
    for (let call = calls[at++]; call !== undefined; call = calls[at++]) await send(call, lane)
  }))
}

async function rate(calls: readonly Call[], send: Send): Promise<number> {
  const began = performance.now()
  await all(calls, send)
  return calls.length * 1000 / (performance.now() - began)
}

async function batched(sample: ReturnType<typeof sampleNetwork>, size: number, decide: (citizen: number) => Transaction): Promise<void> {
  const items = Array.from({ length: decisions }, (_, citizen) => decide(citizen).payload)
  const calls = Array.from({ length: Math.ceil(decisions / size) }, (_, at) => ({
    ours: canonicalText(sample.transaction('rome', { contract: 'consents@1', operation: 'decide-batch', operationId: sampleId(`batch ${size} ${at}`), payload: { items: items.slice(at * size, (at + 1) * size) } }) as unknown as Canonical), bare: [],
  }))
  let taken = 0
  const perSecond = await rate(calls, async ({ ours: text }, lane) => {
    const done = await attempt(gatewayOf(ours, lane).contract, text)
    settled(done)
    if ('events' in done) taken += done.events.filter(({ payload }) => (payload as { code: string }).code === 'VALID').length
  })
  line(`${decisions} decisions in batches of ${size}: decisions/s, taken`, `${(perSecond * size).toFixed(0)}, ${taken} (load ${load()})`)
  if (taken !== decisions) throw new Error(`${taken} of ${decisions} were taken`)
}

async function latency(network: FabricNetwork, networkId: string, { calls, sendOurs, sendBare, decide }: { readonly calls: readonly Call[]; readonly sendOurs: Send; readonly sendBare: Send; readonly decide: (citizen: number) => Transaction }): Promise<void> {
  const timed = async (count: number, act: (at: number) => Promise<unknown>): Promise<string> => {
    const times: number[] = []
    for (let at = 0; at < count; at++) {
      const began = performance.now()
      await act(at)
      times.push(performance.now() - began)
    }
    return `${quantile(times, 0.5).toFixed(0)}, ${quantile(times, 0.95).toFixed(0)}`
  }
  line('one after the other, submit to commit, ms p50, p95: ours', await timed(calls.length, (at) => sendOurs(calls[at] as Call, 0)))
  line('the same, bare', await timed(calls.length, (at) => sendBare(calls[at] as Call, 0)))
  const ledger = fabricLedger({ connection: network.connection('rome'), channel: network.plan.channel, chaincode: CHAINCODE, networkId, privateFolder: join(folder, 'private'), randomness: { bytes: (length) => randomBytes(length) }, log: () => undefined })
  try {
    await ledger.head()
    const transactions = Array.from({ length: 30 }, (_, citizen) => decide(citizen))
    line('by the port\'s client, with the receipt from its block', await timed(transactions.length, (at) => ledger.submit(transactions[at] as Transaction)))
    line('one value read at the member\'s own peer', await timed(200, () => ledger.get(['network'])))
    line('head: what a majority of peers holds', await timed(50, () => ledger.head()))
  } finally {
    await ledger.close()
  }
}

async function memory(network: FabricNetwork, withPeak = false): Promise<string> {
  const of = async (pid: number | 'self'): Promise<string> => {
    const status = await readFile(`/proc/${pid}/status`, 'utf8')
    const mebibytes = (name: string): number => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024)
    return `${mebibytes('VmRSS')}${withPeak ? ` (${mebibytes('VmHWM')})` : ''}`
  }
  const each = await Promise.all([...network.processes.values(), ...services].map(async ({ name, pid }) => `${name} ${await of(pid)}`))
  return [...each, `clients ${await of('self')}`].join('; ')
}
