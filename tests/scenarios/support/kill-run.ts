// One kill run over a network of five processes: seed it, let clients work from outside, kill by the plan, wait for quiet, hold what clients were told against what is there.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openDevice } from '@mhmd/cli'
import { profileOf, rosters, seedPeople, startNetwork } from '@mhmd/devnet'
import type { DevNetwork } from '@mhmd/devnet'
import { seeded } from '@mhmd/ledger-embedded/testing'
import { checkInterfaces, checkLedger, quiet, releasesOf } from './kill-checks.ts'
import { askLane, citizenLane, evenQuestion, fileRequest, importLane, requestLane, staffOf } from './kill-clients.ts'
import type { ImportedFile } from './kill-clients.ts'
import { openJournal } from './kill-journal.ts'
import type { Act, Journal } from './kill-journal.ts'
import { killByPlan, planKills } from './kill-schedule.ts'
import type { Kill } from './kill-schedule.ts'
import type { Transcript } from './transcript.ts'

export interface KillRunOptions extends Pick<Transcript, 'say' | 'check'> {
  readonly seed: number
  readonly kills: number
  readonly basePort: number
  readonly patients: number
  /** One kill in so many milliseconds, on average. */
  readonly everyMilliseconds: number
  readonly keep: boolean
}

export interface KillRunReport {
  readonly kills: readonly Kill[]
  readonly acknowledged: Readonly<Record<Act, number>>
  readonly calls: number
  readonly failures: ReadonlyMap<string, number>
  readonly height: number
  readonly quietMilliseconds: number
  readonly seconds: number
}

const CITIZEN_LANES = 4
const CHANGING = 8
const QUIET_PATIENCE_MILLISECONDS = 120_000
const seedSet = fileURLToPath(new URL('../../../apps/devnet/seed', import.meta.url))

export async function killRun(options: KillRunOptions): Promise<KillRunReport> {
  const { say } = options
  const folder = mkdtempSync(join(tmpdir(), 'mhmd-kills-'))
  const journal = openJournal(join(folder, 'acknowledged.ndjson'))
  const network = await startNetwork({ folder: join(folder, 'net'), basePort: options.basePort, organisations: rosters.thread }, say)
  try {
    return await runOn(network, journal, options)
  } finally {
    await network.stop()
    if (options.keep) say(`kept in ${folder}`)
    else rmSync(folder, { recursive: true, force: true })
  }
}

async function runOn(network: DevNetwork, journal: Journal, options: KillRunOptions): Promise<KillRunReport> {
  const { say, check, seed } = options
  const { citizens } = await seedPeople(network, { patients: options.patients, data: seedSet, citizens: options.patients, hospitalsOf: () => ['rome', 'berlin'], profileOf: () => profileOf(0), say })
  // The others never change their minds, so that there are enough people to give a figure about.
  const changing = citizens.slice(0, CHANGING)
  const question = evenQuestion(citizens.slice(CHANGING))
  const request = await openRequest(network, journal, question)
  const subjectsBefore = new Map(await Promise.all(['rome', 'berlin'].map(async (hospital) => [hospital, (await staffOf(network, hospital).get<{ subjects: number }>('/staff/1/records')).subjects] as const)))

  const plan = planKills({ seed, kills: options.kills, everyMilliseconds: options.everyMilliseconds, victims: network.plan.organisations.map((organisation) => organisation.id) })
  say(`Clients begin; ${plan.length} kills over ${Math.round(options.kills * options.everyMilliseconds / 1000)} s, seed ${seed}`)
  const began = performance.now()
  let isOver = false
  const parts = (lane: number): Parameters<typeof citizenLane>[1] => ({ journal, random: seeded(seed * 100 + lane), isOver: () => isOver })
  const lanes = Promise.all([
    importLane(network, 'rome', parts(1)), importLane(network, 'berlin', parts(2)),
    requestLane(network, question, parts(3)), askLane(network, request, parts(4)),
    ...Array.from({ length: CITIZEN_LANES }, (_, lane) => citizenLane(changing.filter((_one, index) => index % CITIZEN_LANES === lane), parts(10 + lane))),
  ])
  const kills = await Promise.race([killByPlan(network, plan, { journal, say }), lanes.then(() => { throw new Error('the clients ended before the last kill') })])
  isOver = true
  const files = (await lanes).flatMap((result): readonly ImportedFile[] => Array.isArray(result) ? result : [])
  say('The last killed process is up again and every client has its acknowledgement; waiting for quiet')
  const after = await quiet({ network, journal, request }, citizens, QUIET_PATIENCE_MILLISECONDS)
  say(`Quiet after ${Math.round(after.milliseconds)} ms`)
  check(`all nodes stand at the ledger's height ${after.height}`, after.height > 0)
  await checkInterfaces({ network, journal, request }, { citizens, files, subjectsBefore, check })
  const releases = await releasesOf(network)
  const networkId = openDevice(citizens[0]?.folder ?? '').state.network
  await network.stop()
  await checkLedger({ network, journal, request }, { citizens, releases, networkId, check })
  return {
    kills, height: after.height, quietMilliseconds: after.milliseconds, calls: journal.calls(), failures: journal.failures(), seconds: (performance.now() - began) / 1000,
    acknowledged: { decision: journal.acknowledged('decision').length, import: journal.acknowledged('import').length, request: journal.acknowledged('request').length, ask: journal.acknowledged('ask').length },
  }
}

/** The request that is asked again and again: filed, and accepted by both hospitals before the first kill. */
async function openRequest(network: DevNetwork, journal: Journal, question: object): Promise<string> {
  const request = await fileRequest(network, journal, { title: 'The question of the run', question })
  for (const hospital of ['rome', 'berlin']) {
    const staff = staffOf(network, hospital)
    await soon(async () => (await staff.get<{ requests: { document: { id: string } }[] }>('/staff/1/inbox')).requests.length === 1)
    await staff.post(`/staff/1/inbox/${request}/answer`, { state: 'accepted' })
  }
  const institute = staffOf(network, 'institute')
  await soon(async () => Object.keys((await institute.get<{ answers: object }>(`/staff/1/requests/${request}`)).answers).length === 2)
  return request
}

async function soon(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()); tries++) {
    if (tries > 300) throw new Error('the request did not come through before the first kill')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** The run as a table of lines. */
export function tableOf(report: KillRunReport): string[] {
  const by = <T>(rows: readonly T[], name: (row: T) => readonly string[]): [string, number][] => {
    const counts = new Map<string, number>()
    for (const row of rows) for (const key of name(row)) counts.set(key, (counts.get(key) ?? 0) + 1)
    return [...counts].sort((a, b) => b[1] - a[1])
  }
  const back = report.kills.map((kill) => kill.back).sort((a, b) => a - b)
  const row = (name: string, value: string | number): string => `| ${name} | ${value} |`
  return [
    '| What | How many |', '| --- | --- |',
    row('kills', report.kills.length),
    ...by(report.kills, (kill) => [kill.victim]).map(([victim, times]) => row(`kills of ${victim}`, times)),
    ...by(report.kills, (kill) => kill.phases.length === 0 ? ['no call'] : [...new Set(kill.phases)]).map(([phase, times]) => row(`kills during: ${phase}`, times)),
    row('up again after, median and worst', `${Math.round(back[Math.floor(back.length / 2)] ?? 0)} ms, ${Math.round(back.at(-1) ?? 0)} ms`),
    ...Object.entries(report.acknowledged).map(([act, times]) => row(`acknowledged: ${act}`, times)),
    row('calls', report.calls),
    ...[...report.failures].sort((a, b) => b[1] - a[1]).map(([code, times]) => row(`failed, then made again: ${code}`, times)),
    row('height of the ledger', report.height),
    row('quiet after the last acknowledgement', `${Math.round(report.quietMilliseconds)} ms`),
    row('whole run', `${Math.round(report.seconds)} s`),
  ]
}
