// A share of tables from import to deletion, by the command line over real processes, on Synthea records; nodes are killed during import, release and transfer, at phases
// and at moments drawn from one seed. Nothing acknowledged is lost, nothing is done twice, a transfer goes on at its byte; every act is checked at another member's node.
// Usage: npm run scenario -- rooms [--seed N] [--patients N] [--data FOLDER] [--port N] [--keep]
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { opens, sha256 } from '@mhmd/crypto'
import { toBase64Url } from '@mhmd/base'
import { openDevice } from '@mhmd/cli'
import { wholeList } from '@mhmd/client'
import { defaultPatients, patientsOf, profileOf, readBundle, runCommand, runJson, seedPeople } from '@mhmd/devnet'
import type { DevNetwork, PatientFile, SeededCitizen } from '@mhmd/devnet'
import { seeded } from '@mhmd/ledger-embedded/testing'
import { homePaths } from '@mhmd/node/home'
import type { Dataset } from '@mhmd/schema'
import { staffOf } from './support/kill-clients.ts'
import { readLedger } from './support/kill-ledger.ts'
import { onNetwork, option, until } from './support/on-network.ts'
import type { OnNetwork } from './support/on-network.ts'
import { accept, refusedWith } from './support/requests.ts'
import { isProvenBy, transactionsSeenBy } from './support/seen-elsewhere.ts'
import { acknowledged, after, phase, struck } from './support/strike.ts'
import type { Moment } from './support/strike.ts'
import { transcript } from './support/transcript.ts'

const seed = Number(option('--seed') ?? 1 + Date.now() % 1_000_000)
const log = transcript(`rooms, seed ${seed}`)
const { say, check, finish } = log
const random = seeded(seed)
const data = option('--data') ?? defaultPatients()
const wanted = Number(option('--patients') ?? '40')
/** Of those who come later, so many in a file. */
const LATER = 4

interface JobRow {
  readonly id: string
  readonly kind: string
  readonly state: string
  readonly input: Readonly<Record<string, string | number>>
  readonly progress?: { readonly done: number }
}
interface JobView {
  readonly job: JobRow
  readonly log: readonly { readonly event: string; readonly details: Readonly<Record<string, number | string>> }[]
}
interface ReleaseRow {
  readonly id: string
  readonly request: string
  readonly considered: number
  readonly table?: { readonly digest: string; readonly size: number; readonly received?: number; readonly deleted?: { readonly at: number } }
}
interface Holding {
  readonly release: string
  readonly request: string
  readonly state: string
  readonly digest: string
  readonly salt: string
  readonly size: number
  readonly got: number
  readonly until: number
  readonly agreement: string
  readonly assessment: { readonly state: string } | null
  readonly receipt: object | null
}
interface ImportState {
  readonly state: string
  readonly report: { readonly read: number; readonly added: number; readonly changed: number; readonly unchanged: number; readonly quarantined: number }
}

const jobsAt = async (network: DevNetwork, member: string, kind: string): Promise<JobRow[]> => (await wholeList<JobRow>(staffOf(network, member), '/staff/1/jobs', { name: 'jobs' })).filter((job) => job.kind === kind)
const jobAt = (network: DevNetwork, member: string, id: string): Promise<JobView> => staffOf(network, member).get(`/staff/1/jobs/${id}`)
const releasesFor = async (network: DevNetwork, request: string): Promise<ReleaseRow[]> => (await runJson<ReleaseRow[]>(['release', 'list', '--profile', network.profile('rome')])).filter((row) => row.request === request)
const holdingsNow = async (network: DevNetwork): Promise<Holding[]> => (await staffOf(network, 'institute').get<{ holdings: Holding[] }>('/staff/1/holdings')).holdings
const heldOf = async (network: DevNetwork, release: string): Promise<Holding | undefined> => (await holdingsNow(network)).find((row) => row.release === release)
const peopleAt = async (network: DevNetwork): Promise<number> => (await runJson<{ subjects: number }>(['records', 'status', '--profile', network.profile('rome')])).subjects
/** A moment of an act that takes about so long. */
const drawn = (milliseconds: number): Moment => after(random() * milliseconds)

async function importing({ network, folder }: OnNetwork, patients: readonly PatientFile[]): Promise<void> {
  say('— Import')
  const rome = network.profile('rome')
  const files = Array.from({ length: patients.length / LATER }, (_, at) => {
    const bundles = patients.slice(at * LATER, (at + 1) * LATER).map((patient) => readBundle(patient))
    const file = join(folder, `later-${at}.ndjson`)
    writeFileSync(file, bundles.map((bundle) => `${JSON.stringify(bundle)}\n`).join(''))
    return { file, resources: bundles.reduce((sum, { entry }) => sum + entry.length, 0) }
  })
  const send = async (file: string): Promise<ImportState> => (await runJson<ImportState[]>(['records', 'import', '--profile', rome, file]))[0] as ImportState
  const before = await peopleAt(network)
  const [first, ...others] = files
  const began = performance.now()
  check('an import that nobody disturbs takes all', (await send(first?.file ?? '')).report.read === first?.resources)
  const whole = performance.now() - began
  say(`It took ${Math.round(whole)} ms`)
  const waiting = async (): Promise<JobRow | undefined> => (await jobsAt(network, 'rome', 'import')).find((job) => job.state === 'waiting')
  const moments: Moment[] = [
    phase('its job’s beginning', async () => await waiting() !== undefined),
    phase('its first progress', async () => (await waiting())?.progress !== undefined),
    acknowledged, drawn(whole), drawn(whole),
  ]
  for (const [at, { file, resources }] of others.entries()) {
    const moment = moments[at % moments.length] ?? acknowledged
    const { result: { state, report } } = await struck({ network, say }, { victim: 'rome', moment, act: () => send(file) })
    check(`the import killed at ${moment.what} ends with all ${resources} resources`, state === 'done' && report.read === resources && report.quarantined === 0)
  }
  check(`rome holds each of the ${patients.length} people once`, await peopleAt(network) === before + patients.length)
  for (const { file, resources } of files) check(`imported again, all ${resources} resources are unchanged`, (await send(file)).report.unchanged === resources)
}

/** Drafted, decided by its steward, offered, and seen in the catalogue of the institute. */
async function offered({ network, folder }: OnNetwork, view: string, policy: Partial<Dataset['policy']>): Promise<string> {
  const [rome, document] = [network.profile('rome'), join(folder, `${view}.json`)]
  await runCommand(['dataset', 'draft', '--profile', rome, '--view', view, '--take-suggestions', '--scenario', 'A neighbour who knows age and sex, and that she was a patient here.', '--out', document])
  const written = JSON.parse(readFileSync(document, 'utf8')) as Dataset
  writeFileSync(document, JSON.stringify({ ...written, policy: { ...written.policy, ...policy } }))
  const { dataset, height } = await runJson<{ dataset: string; height: number }>(['dataset', 'offer', '--profile', rome, '--document', document])
  await until('the institute’s catalogue shows it', async () => (await runJson<{ datasets: { dataset: string; entry: object | null }[] }>(['catalogue', 'list', '--profile', network.profile('institute')])).datasets.some((row) => row.dataset === dataset && row.entry !== null))
  check(`${view}: offered at height ${height}, in the institute’s catalogue, and on the ledger as berlin has it`, (await transactionsSeenBy(network, 'berlin', { contract: 'datasets@1', operation: 'register' })).some(({ payload }) => payload['dataset'] === dataset))
  return dataset
}

/** Asked for, accepted, agreed on by both. */
async function agreed(at: OnNetwork, { dataset, form, variables }: { dataset: string; form: string; variables: string }): Promise<string> {
  const { network, folder } = at
  const [rome, institute, document] = [network.profile('rome'), network.profile('institute'), join(folder, 'request.json')]
  writeFileSync(document, JSON.stringify({ class: 'research-organisation', title: `A table in the form ${form}`, summary: '', purpose: 'health-research', days: 30 }))
  const { request } = await runJson<{ request: string }>(['request', 'file', '--profile', institute, '--document', document, '--dataset', `rome/${dataset}`, '--variables', variables, '--form', form])
  await accept(network, 'rome', request)
  await refusedWith(log, { code: 'NODE_NO_AGREEMENT', what: 'nothing leaves before an agreement', args: ['release', 'table', '--profile', rome, '--request', request] })
  await runCommand(['agreement', 'offer', '--profile', rome, '--request', request, '--days', '10'])
  await until('the agreement is at the institute', async () => (await runJson<{ document: { request: string }; state: string | null }[]>(['agreement', 'list', '--profile', institute])).some((row) => row.document.request === request && row.state === 'offered'))
  const { height } = await runJson<{ height: number }>(['agreement', 'accept', '--profile', institute, '--request', request, '--holder', 'rome'])
  await until('rome has heard of it', async () => (await runJson<{ height: number }>(['status', '--profile', rome])).height >= height)
  for (const [contract, operation] of [['requests@2', 'file'], ['requests@2', 'answer'], ['agreements@1', 'offer'], ['agreements@1', 'accept']] as const) {
    const own = (await transactionsSeenBy(network, 'berlin', { contract, operation })).filter(({ payload }) => payload['request'] === request)
    check(`${form}: ${operation} of ${contract} stands once on the ledger, and berlin’s node proves it`, own.length === 1 && await isProvenBy(at, 'berlin', own[0]?.operationId ?? ''))
  }
  return request
}

/** One release, with rome killed at the moment; gives what its recipient holds at the end. */
async function released(at: OnNetwork, request: string, moment: Moment): Promise<Holding> {
  const { network } = at
  const before = await releasesFor(network, request)
  const { result } = await struck({ network, say }, { victim: 'rome', moment, act: () => runJson<JobView>(['release', 'table', '--profile', network.profile('rome'), '--request', request]) })
  const fresh = (await releasesFor(network, request)).filter(({ id }) => !before.some((row) => row.id === id))
  check(`the release killed at ${moment.what} is done, and once`, result.job.state === 'done' && fresh.length === 1)
  return arrived(network, fresh[0]?.id ?? '')
}

async function arrived(network: DevNetwork, release: string): Promise<Holding> {
  await until('the institute holds it', async () => (await heldOf(network, release))?.state === 'held', 120)
  return await heldOf(network, release) as Holding
}

/** The file that the institute downloads is the one that the gate passed at rome and whose digest the ledger, as berlin has it, commits to. */
async function checkBytes({ network, folder }: OnNetwork, { release, digest, salt, size }: Holding): Promise<string> {
  const file = join(folder, `${release}.csv`)
  await runCommand(['holding', 'get', '--profile', network.profile('institute'), '--release', release, '--holder', 'rome', '--out', file])
  const bytes = readFileSync(file)
  const recorded = (await transactionsSeenBy(network, 'berlin', { contract: 'releases@2', operation: 'record' })).filter(({ payload }) => payload['release'] === release)
  const isTheirs = bytes.length === size && toBase64Url(sha256(bytes)) === digest && opens(String(recorded[0]?.payload['bytes']), 'table-bytes', { content: digest, salt })
  check(`the ${size} bytes received have the digest that the ledger commits to, as berlin has it`, recorded.length === 1 && isTheirs)
  const [sent] = (await runJson<ReleaseRow[]>(['release', 'list', '--profile', network.profile('rome')])).filter(({ id }) => id === release)
  check('and rome’s list has the same digest', sent?.table?.digest === digest)
  return bytes.toString()
}

async function releasing(at: OnNetwork, request: string): Promise<{ held: Holding[]; whole: number }> {
  say('— Releases')
  const { network } = at
  const began = performance.now()
  const { job } = await runJson<JobView>(['release', 'table', '--profile', network.profile('rome'), '--request', request])
  const whole = performance.now() - began
  say(`One that nobody disturbs took ${Math.round(whole)} ms (job ${job.id})`)
  const noted = (event: string): (() => Promise<boolean>) => {
    let running: string | undefined
    return async () => {
      running ??= (await jobsAt(network, 'rome', 'release')).find((row) => row.state === 'waiting')?.id
      return running !== undefined && (await jobAt(network, 'rome', running)).log.some((line) => line.event === event)
    }
  }
  const moments = [
    phase('its cohort', noted('cohort-resolved')), phase('its gate', noted('gate-passed')), acknowledged, drawn(whole), drawn(whole),
  ]
  const held: Holding[] = [await arrived(network, (await releasesFor(network, request))[0]?.id ?? '')]
  for (const moment of moments) held.push(await released(at, request, moment))
  check(`${held.length} releases were acknowledged, and the institute holds each once`, (await holdingsNow(network)).filter((row) => row.request === request).length === held.length)
  return { held, whole }
}

/** Kills one side while the table is on its way. */
async function transferring(at: OnNetwork, request: string, whole: number): Promise<void> {
  say('— Transfers')
  const { network } = at
  const isOnItsWay = async (): Promise<Holding | undefined> => (await holdingsNow(network)).find((row) => row.request === request && row.state === 'offered')
  const firstBytes = phase('its first bytes', async () => ((await isOnItsWay())?.got ?? 0) > 0)
  const resumed: number[] = []
  for (const [victim, moment] of [['institute', firstBytes], ['rome', firstBytes], ['institute', drawn(whole)], ['rome', drawn(whole)]] as const) {
    const before = (await releasesFor(network, request)).map(({ id }) => id)
    const { result: holding } = await struck({ network, say }, {
      victim, moment, act: async () => {
        await runCommand(['release', 'table', '--profile', network.profile('rome'), '--request', request])
        const release = await until1('it is made', async () => (await releasesFor(network, request)).find(({ id }) => !before.includes(id))?.id)
        return until1('it is held', async () => {
          const found = await heldOf(network, release).catch(() => undefined)
          return found?.state === 'held' ? found : undefined
        })
      },
    })
    const [job, ...more] = (await jobsAt(network, 'institute', 'transfer')).filter((row) => row.input['release'] === holding.release)
    const { log: lines } = await jobAt(network, 'institute', job?.id ?? '')
    const bytes = lines.filter(({ event }) => event === 'continues').map(({ details }) => Number(details['byte']))
    resumed.push(...bytes)
    check(`the transfer with ${victim} killed at ${moment.what} was verified once${bytes.length === 0 ? '' : `; it went on at byte ${[...new Set(bytes)].join(', ')} of ${holding.size}`}`, more.length === 0 && lines.filter(({ event }) => event === 'verified').length === 1 && holding.got === holding.size)
    await checkBytes(at, holding)
  }
  check(`transfers that were cut went on at the byte where they stood (${[...new Set(resumed)].join(', ')})`, resumed.length > 0 && resumed.every((byte) => byte > 0))
}

async function until1<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  let found: T | undefined
  await until(what, async () => (found = await look().catch(() => undefined)) !== undefined, 120)
  return found as T
}

async function ending(at: OnNetwork, { release, request }: Holding): Promise<void> {
  say('— Assessment, deletion, receipt')
  const { network, folder } = at
  const [rome, institute] = [network.profile('rome'), network.profile('institute')]
  const reasons = join(folder, 'reasons.txt')
  writeFileSync(reasons, 'Classes of three people at least; the institute holds nothing to link them with.')
  await runCommand(['release', 'assess', '--profile', rome, '--release', release, '--state', 'anonymous', '--reasons', reasons, '--days', '30'])
  await until('the institute sees the assessment', async () => (await heldOf(network, release))?.assessment?.state === 'anonymous')
  check('the steward’s assessment is on the ledger, as berlin has it', (await transactionsSeenBy(network, 'berlin', { contract: 'releases@2', operation: 'assess' })).length === 1)
  await runCommand(['holding', 'delete', '--profile', institute, '--release', release, '--holder', 'rome'])
  await refusedWith(log, { code: 'NODE_STATE', what: 'what is deleted can’t be downloaded', args: ['holding', 'get', '--profile', institute, '--release', release, '--holder', 'rome', '--out', join(folder, 'gone.csv')] })
  await until('rome has the receipt', async () => (await releasesFor(network, request)).find(({ id }) => id === release)?.table?.deleted !== undefined)
  check('rome has the institute’s signed receipt', true)
  await until('the ledger shows the deletion to berlin', async () => (await transactionsSeenBy(network, 'berlin', { contract: 'releases@2', operation: 'delete' })).some(({ payload }) => payload['release'] === release))
  const [deletion] = (await transactionsSeenBy(network, 'berlin', { contract: 'releases@2', operation: 'delete' })).filter(({ payload }) => payload['release'] === release)
  check('the deletion is proven by berlin’s node, and `mhmd verify` needs none', await isProvenBy(at, 'berlin', deletion?.operationId ?? ''))
}

async function main(at: OnNetwork): Promise<void> {
  const { network } = at
  const all = patientsOf(data, wanted + 6 * LATER)
  const later = all.slice(wanted)
  const { citizens } = await seedPeople(network, { patients: wanted, data, citizens: wanted, say, hospitalsOf: () => ['rome'], profileOf: () => profileOf(9) })
  await importing(at, later)
  for (const citizen of citizens.slice(0, 3)) await until('a citizen’s choice is proven by berlin’s node', () => isProvenBy(at, 'berlin', decisionOf(citizen)))
  check('choices of three citizens are proven by another hospital’s node', true)

  const people = await offered(at, 'demographics', { models: [{ type: 'k-anonymity', k: 3 }], suppressionLimit: 0.3, thresholds: { highestRisk: 0.34, averageRisk: 0.34, uniques: 0, distinctValues: 1 } })
  const labs = await offered(at, 'labs', { forms: ['pseudonymised'] })
  const generalised = await agreed(at, { dataset: people, form: 'anonymised', variables: 'sex,birth_date' })
  const pseudonymised = await agreed(at, { dataset: labs, form: 'pseudonymised', variables: 'status,effective_date,code_system,code,display,value,unit,ucum' })

  const { held, whole } = await releasing(at, generalised)
  const [table] = held
  if (table === undefined) throw new Error('no table is held')
  const lines = (await checkBytes(at, table)).trimEnd().split('\n')
  const classes = [...Map.groupBy(lines.slice(1), (line) => line)].filter(([line]) => !/^\*(,\*)*$/.test(line))
  check(`the generalised table has a row for each of the ${citizens.length} who permit it, no name, and no class of fewer than three`, lines.length - 1 === citizens.length && classes.length > 0 && classes.every(([, rows]) => rows.length >= 3))
  check(`${held.length} releases of it to one recipient, killed or not, are byte for byte one table`, new Set(held.map(({ digest }) => digest)).size === 1)
  await transferring(at, pseudonymised, whole)
  await ending(at, table)

  say('— The auditor')
  const releases = await runJson<ReleaseRow[]>(['release', 'list', '--profile', network.profile('rome')])
  const networkId = openDevice(citizens[0]?.folder ?? '').state.network
  await network.stop()
  const told = await readLedger(homePaths(network.home('ledger')).ledger, networkId)
  check(`the ledger replays from genesis without a finding (height ${told.height})`, told.problems.length === 0)
  check('no operation took effect twice', [...told.effects.values()].every((times) => times === 1))
  check(`each of the ${releases.length} releases is recorded once, and no other`, told.released.size === releases.length && releases.every(({ id }) => told.released.get(id) === 1))
  check('by the command line too, the ledger holds', (await runCommand(['ledger', 'verify', '--home', network.home('ledger')])).startsWith('The ledger holds'))
}

const decisionOf = ({ folder }: SeededCitizen): string => openDevice(folder).state.decisions.at(-1)?.statement.operationId ?? ''

// Small pieces, so that a table of few people is on its way long enough to be cut off.
await onNetwork('rooms', { transcript: log, runArguments: { rome: ['--piece', '16384'] } }, main)
finish()
