// Soak: a withdrawal that reaches a hospital by Hyperledger Fabric alone, measured from outside at the hospital's own doors, while the leading orderer is killed, its peer is killed, its organisation is cut off.
// Usage: npm run soak -- fabric-doors [ROUNDS] [--port N] [--no-report]   As root (packet filter); writes docs/reports/fabric-doors.md.
// Debian packages: nftables
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, getPriority, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { keep, openDevice } from '@mhmd/cli'
import { send, status, withdraw } from '@mhmd/client'
import { defaultPatients, profileOf, rosters, seedPeople, startNetwork } from '@mhmd/devnet'
import type { DevNetwork } from '@mhmd/devnet'
import { groupIn, openPartition } from '@mhmd/ledger-fabric/testing'
import { option, pause, until } from '../scenarios/support/on-network.ts'
import { acceptedRequest } from '../scenarios/support/requests.ts'
import { transcript } from '../scenarios/support/transcript.ts'

const POLL_MILLISECONDS = 50
const BLIND_SECONDS = 5
/** Long enough for the doors to close on a ledger that isn't seen. */
const LASTS_MILLISECONDS = 12_000
const LIMIT_MILLISECONDS = 5000
const rounds = Number(process.argv[2] ?? 1) || 1
const basePort = Number(option('--port') ?? 17_000)
const { say, check, finish } = transcript(`doors of a hospital on Fabric under faults, ${rounds} rounds`)
/** As the devnet places them: the founders' peers, their orderers and one more. */
const fabricPlan = { folder: '', channel: 'mhmd', peers: ['ledger', 'rome', 'berlin'], orderers: ['ledger', 'rome', 'berlin', 'accounts'], basePort: basePort + 100 }

interface Fault {
  readonly name: string
  /** Whether the hospital can't see the ledger meanwhile, so that its doors close for everybody. */
  readonly blinds: boolean
  begin(): Promise<unknown>
  end(): Promise<unknown>
}

/** What her hospital's doors would do for her: let a request see her, deny it, or be closed for everybody. */
async function doorsFor(folder: string): Promise<'permit' | 'deny' | 'closed'> {
  const { view } = await status(openDevice(folder), { holder: 'rome' })
  const { doors, preview } = view as unknown as { doors: string; preview: { verdict: { answer: string } }[] }
  if (doors !== 'open') return 'closed'
  return preview.some(({ verdict }) => verdict.answer === 'permit') ? 'permit' : 'deny'
}

/** Her withdrawal is given to her provider, and the hospital hears of it from the ledger alone. */
async function withdrawByTheLedger(folder: string): Promise<void> {
  const device = openDevice(folder)
  const signed = withdraw(device, { holder: 'rome' })
  const newest = signed.decisions.at(-1)
  const state = { ...signed, decisions: signed.decisions.map((decision) => decision === newest ? { ...decision, sent: { holder: true, provider: false } } : decision) }
  const { state: sent, sendings } = await send({ ...device, state })
  keep(folder, sent)
  if (sendings.some(({ errors }) => errors.length > 0)) throw new Error('her provider did not take it')
}

interface Row {
  readonly fault: string
  /** The doors' last permit, and their first answer that denies her while they are open, after the fault's end; 0 where that was before it. */
  readonly lastPermit: number
  readonly denied: number
  /** When they closed for everybody, after the fault began. */
  readonly closed: number | undefined
}

async function played({ name, blinds, begin, end }: Fault, folder: string): Promise<Row> {
  await until('the doors are open for her', async () => await doorsFor(folder) === 'permit', 120)
  const began = Date.now()
  await begin()
  await withdrawByTheLedger(folder)
  const seen: { readonly at: number; readonly doors: string }[] = []
  let healed = Infinity
  const isOver = (): boolean => Date.now() > healed && seen.at(-1)?.doors === 'deny'
  const watching = (async () => {
    for (const most = Date.now() + 180_000; !isOver() && Date.now() < most; await pause(POLL_MILLISECONDS)) {
      const at = Date.now()
      seen.push({ at, doors: await doorsFor(folder) })
    }
  })()
  await pause(LASTS_MILLISECONDS)
  await end()
  healed = Date.now()
  await watching
  const after = (at: number | undefined): number => Math.max(0, (at ?? Infinity) - healed)
  const row = { fault: name, lastPermit: after(seen.findLast(({ doors }) => doors === 'permit')?.at ?? 0), denied: after(seen.find(({ doors }) => doors === 'deny')?.at), closed: seen.find(({ doors }) => doors === 'closed')?.at }
  const closed = row.closed === undefined ? undefined : row.closed - began
  check(`${name}: the doors let nobody see her later than ${LIMIT_MILLISECONDS} ms after the fault's end (${row.lastPermit} ms); open again and closed to her ${row.denied} ms after it${closed === undefined ? '' : `; closed to everybody ${closed} ms after it began`}`, row.lastPermit <= LIMIT_MILLISECONDS && Number.isFinite(row.denied))
  if (blinds) check(`${name}: a hospital that can't see the ledger closes meanwhile`, row.closed !== undefined && row.closed <= healed)
  return { ...row, closed }
}

const loads: number[] = []
async function main(network: DevNetwork, folder: string, partition: Awaited<ReturnType<typeof openPartition>>): Promise<Row[]> {
  const { fabric } = network
  if (fabric === undefined) throw new Error('the network is on another ledger')
  const faults: Fault[] = [
    { name: 'leading orderer killed', blinds: false, begin: async () => fabric.processes.get('orderer ledger')?.kill('SIGKILL'), end: () => fabric.revive('orderer ledger') },
    { name: 'the hospital\'s peer killed', blinds: true, begin: async () => fabric.processes.get('peer rome')?.kill('SIGKILL'), end: () => fabric.revive('peer rome') },
    { name: 'the hospital\'s organisation cut off', blinds: true, begin: () => partition.cut(['rome']), end: () => partition.heal() },
  ]
  const wanted = faults.length
  const { citizens } = await seedPeople(network, { patients: wanted, data: defaultPatients(), citizens: wanted, say, hospitalsOf: () => ['rome'], profileOf: () => profileOf(0) })
  await acceptedRequest({ network, folder }, { holders: ['rome'], title: 'How common is it?', question: { all: [{ type: 'condition', code: { system: 'http://snomed.info/sct', code: '195967001' } }] } })
  const rows: Row[] = []
  for (const [at, fault] of faults.entries()) {
    const citizen = citizens[at]
    if (citizen !== undefined) rows.push(await played(fault, citizen.folder))
    loads.push(loadavg()[0] ?? 0)
  }
  return rows
}

/** A network of its own for each round. */
async function onNetwork(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'mhmd-fabric-doors-'))
  const partition = await openPartition(fabricPlan)
  let network: DevNetwork | undefined
  try {
    network = await startNetwork({ folder: join(folder, 'net'), basePort, ledger: 'fabric', organisations: rosters.thread, runArguments: { rome: ['--blind-after', String(BLIND_SECONDS)] }, groupOf: groupIn(fabricPlan) }, say)
    return await main(network, folder, partition)
  } finally {
    await network?.stop()
    await partition.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

const rows: Row[] = []
for (let round = 0; round < rounds; round++) {
  try {
    rows.push(...await onNetwork())
  } catch (error) {
    check(`round ${round + 1} (${error instanceof Error ? error.message : String(error)})`, false)
  }
}
if (!process.argv.includes('--no-report')) writeReport()
finish()

function writeReport(): void {
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: fileURLToPath(new URL('.', import.meta.url)), encoding: 'utf8' }).trim()
  writeFileSync(fileURLToPath(new URL('../../docs/reports/fabric-doors.md', import.meta.url)), `${[
    '# A withdrawal at a hospital\'s doors, under faults on Hyperledger Fabric', '',
    `The thread's five organisations as \`npm start -- --ledger fabric\` starts them. A citizen gives her withdrawal to her provider while a fault lasts, and not to the hospital: it hears of it from the ledger alone. An outside client asks the hospital's door every ${POLL_MILLISECONDS} ms what it would do for her: let a request see her, deny it, or nothing for anybody because the hospital has not seen the ledger for ${BLIND_SECONDS} seconds (its setting here; 10 by default).`, '',
    `- rounds: ${rounds}, each on a network of its own; each fault lasts ${LASTS_MILLISECONDS / 1000} seconds and until what was killed answers again`, `- commit: ${git('rev-parse', '--short=12', 'HEAD')}`, `- machine: ${availableParallelism()} cores, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}; load after each fault ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}, priority of this run (nice): ${getPriority()}`, `- again: \`npm run soak -- fabric-doors ${rounds}\``, '',
    '| Fault | Last permit after its end, ms | Open again, and closed to her, after its end, ms | Closed to everybody after its beginning, ms |', '| --- | --- | --- | --- |',
    ...rows.map(({ fault, lastPermit, denied, closed }) => `| ${fault} | ${lastPermit} | ${denied} | ${closed ?? '–'} |`), '',
    '0: before the fault ended.',
  ].join('\n')}\n`)
}
