// Soak: every fault on a real Fabric network, in an order and with victims from one seed, and a report in docs/reports/fabric-faults.md. As root (packet filter, small disks).
// Usage: npm run soak -- fabric-faults [ROUNDS] [--seed N] [--only NAME] [--no-report]   (a round is each fault once: about six minutes on two quiet cores)
// Debian packages: nftables
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, getPriority, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { attacks, faults, groupIn, openGround, openPartition, planFor } from '@mhmd/ledger-fabric/testing'
import type { Outcome } from '@mhmd/ledger-fabric/testing'
import { transcript } from '../scenarios/support/transcript.ts'

const OFFSET = 600
const PEERS = ['rome', 'accounts', 'institute'] as const
const after = (name: string): string | undefined => process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined
const rounds = Number(process.argv[2] ?? 3) || 3
const seed = Number(after('--seed') ?? 1 + Date.now() % 1_000_000)
const only = after('--only')
const git = (...args: string[]): string => execFileSync('git', args, { cwd: fileURLToPath(new URL('.', import.meta.url)), encoding: 'utf8' }).trim()
const { say, check, finish } = transcript(`faults on Fabric, ${rounds} rounds, seed ${seed}`)

/** The generator of numerical recipes (Park and Miller 1988): the same seed plays the same faults. */
let state = seed % 2_147_483_647 || 1
const below = (n: number): number => {
  state = state * 48_271 % 2_147_483_647
  return state % n
}
const shuffled = <T>(all: readonly T[]): T[] => all.map((each) => ({ each, at: below(1_000_000) })).sort((a, b) => a.at - b.at).map(({ each }) => each)

interface Row {
  readonly name: string
  readonly victims: string[]
  readonly seen: Set<string>
  readonly inForceMs: number[]
  held: number
  failed: number
  acknowledged: number
  unknown: number
}
const rows = new Map<string, Row>()
const failures: string[] = []
const rowOf = (name: string): Row => {
  const row = rows.get(name) ?? { name, victims: [], seen: new Set(), inForceMs: [], held: 0, failed: 0, acknowledged: 0, unknown: 0 }
  rows.set(name, row)
  return row
}

async function played(name: string, victim: string, play: () => Promise<Outcome | string>): Promise<boolean> {
  const row = rowOf(name)
  if (victim !== '') row.victims.push(victim)
  const began = Date.now()
  try {
    const outcome = await play()
    loads.push(loadavg()[0] ?? 0)
    row.held++
    if (typeof outcome === 'string') row.seen.add(outcome)
    else {
      row.acknowledged += outcome.acknowledged
      row.unknown += outcome.unknown
      row.inForceMs.push(outcome.inForceMs)
      if (outcome.seen !== '') row.seen.add(outcome.seen)
    }
    check(`${name}${victim === '' ? '' : ` (${victim})`} in ${Date.now() - began} ms${typeof outcome === 'string' ? '' : `: ${outcome.acknowledged} acknowledged, ${outcome.unknown} unknown, in force after ${outcome.inForceMs} ms`}`, true)
    return true
  } catch (error) {
    row.failed++
    const why = error instanceof Error ? error.message.split('\n').slice(0, 3).join(' ') : String(error)
    failures.push(`${name}${victim === '' ? '' : ` (${victim})`}: ${why}`)
    check(`${name} (${victim}): ${why}`, false)
    return false
  }
}

const plan = planFor('', OFFSET)
/** Of the last minute, after each fault: what else the machine did. */
const loads: number[] = []
const chosen = <T extends string>(names: T[]): T[] => shuffled(names).filter((name) => only === undefined || only === name)

/** A network of its own for each round, and after a failure: what one fault spoils is not the next one's. */
async function onGround(play: (ground: Awaited<ReturnType<typeof openGround>>, partition: Awaited<ReturnType<typeof openPartition>>) => Promise<void>): Promise<void> {
  const partition = await openPartition(plan)
  const ground = await openGround(OFFSET, { groupOf: groupIn(plan) })
  try {
    await play(ground, partition)
  } finally {
    await ground.close()
    await partition.close()
  }
}

for (let round = 0; round < rounds; round++) {
  const steps = [
    ...chosen(Object.keys(attacks) as (keyof typeof attacks)[]).map((name) => ({ name, victim: '', play: (...[ground]: Parameters<Parameters<typeof onGround>[0]>) => attacks[name](ground) })),
    ...chosen(Object.keys(faults) as (keyof typeof faults)[]).map((name) => {
      const victims = name === 'orderer killed' || name === 'disk of an orderer full' ? plan.orderers : PEERS
      const victim = victims[below(victims.length)] ?? 'rome'
      return { name, victim, play: (...[ground, partition]: Parameters<Parameters<typeof onGround>[0]>) => faults[name]({ ground, partition, victim }) }
    }),
  ]
  while (steps.length > 0) {
    await onGround(async (ground, partition) => {
      for (let step = steps.shift(); step !== undefined; step = steps.shift()) if (!await played(step.name, step.victim, () => step.play(ground, partition))) return
      say(`round ${round + 1}: ${await ground.agreed()} acknowledged decisions, each exactly once at every peer`)
    }).catch((error: unknown) => check(`round ${round + 1} (${error instanceof Error ? error.message : String(error)})`, false))
  }
  // After each: one that is stopped leaves what it has.
  if (!process.argv.includes('--no-report')) writeReport(round + 1)
}
finish()

/** How many of the measured recoveries were. */
function inTime(): string {
  const all = [...rows.values()].flatMap(({ name, inForceMs }) => inForceMs.map((ms) => ({ name, ms })))
  const late = [...new Set(all.filter(({ ms }) => ms > 5000).map(({ name }) => name))]
  return `${all.filter(({ ms }) => ms <= 5000).length} of ${all.length}${late.length === 0 ? '' : ` (later after: ${late.join(', ')})`}`
}

function writeReport(done: number): void {
  const isChanged = git('status', '--porcelain', '--untracked-files=no', '--', ':/packages', ':/adapters') !== ''
  const folder = fileURLToPath(new URL('../../docs/reports', import.meta.url))
  const median = (all: readonly number[]): string => all.length === 0 ? '–' : `${all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)]} / ${Math.max(...all)}`
  const all = [...rows.values()].sort((a, b) => a.name < b.name ? -1 : 1)
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}/fabric-faults.md`, `${[
    '# Faults on Hyperledger Fabric', '',
    'A real network of plain processes on one machine (four BFT orderers of four organisations, three peers of three, a chaincode service beside each), twelve citizens deciding and withdrawing without a pause, and one fault after the other. After each: all peers hold the same blocks by hash and the same state by digest, and every operation that a client was told is committed stands in exactly one valid transaction. A client that doesn\'t know says so ("unknown") and submits the same operation again. A withdrawal is tried from the beginning of the fault on; "in force" is the time from its end until the withdrawal stands at every peer; 0 where it stood there before. A peer whose files were spoiled is rebuilt from the ordering service: its fault ends when it holds again what was ordered, and how long that took is told below.', '',
    `- rounds: ${done}${done === rounds ? '' : ` of ${rounds}`}, each on a network of its own`, `- seed: ${seed}`, `- commit: ${git('rev-parse', '--short=12', 'HEAD')}${isChanged ? ', with uncommitted changes in the working tree' : ''}`,
    `- machine: ${availableParallelism()} cores, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`, `- load after each fault, average of a minute, least to greatest: ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}; where it is above the number of cores, other work ran too, and times are longer for it; priority of this run (nice): ${getPriority()}`, `- in force within 5 s: ${inTime()}`, `- again: \`npm run soak -- fabric-faults ${rounds} --seed ${seed}\` (order and victims are of the seed; what is under way then is not)`, '',
    '| Fault | Times | Held | Acknowledged meanwhile | Unknown | In force, ms, median / worst |', '| --- | --- | --- | --- | --- | --- |',
    ...all.map((row) => `| ${row.name}${row.victims.length === 0 ? '' : ` (${row.victims.join(', ')})`} | ${row.held + row.failed} | ${row.held} | ${row.acknowledged} | ${row.unknown} | ${median(row.inForceMs)} |`), '',
    ...(failures.length === 0 ? [] : ['## What failed', '', ...failures.map((failure) => `- ${failure}`), '']),
    '## What was said', '', ...all.flatMap((row) => [...row.seen].map((seen) => `- ${row.name}: ${seen.replaceAll('|', '·').replaceAll('\n', ' ')}`)), '',
    'Organisations are cut off by a packet filter on the loopback interface that knows each organisation\'s processes by their group; disks are memory of 64 MB; clocks are moved inside the Node programs alone (chaincode, client), because Fabric\'s are static binaries. Fabric\'s gateway is part of its peer: it dies with it.',
  ].join('\n')}\n`)
}
