// The life of a ledger on Hyperledger Fabric by the command line alone, as its operators change it: every `mhmd network` command on a real network, wrong input, and changes that are
// killed at a moment drawn from a seed and given again. Whatever happened, decisions go through at every member afterwards and all peers hold the same.
// Usage: npm run scenario -- network [--seed N] [--port N]
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { seeded } from '@mhmd/ledger-embedded/testing'
import { CHAINCODE, fabricLedger, startFabricNetwork } from '@mhmd/ledger-fabric'
import type { FabricNetwork } from '@mhmd/ledger-fabric'
import type { Ledger } from '@mhmd/ledger'
import { sampleNetwork } from '@mhmd/ledger/testing'
import type { SampleMember } from '@mhmd/ledger/testing'
import { option } from './support/on-network.ts'
import { transcript } from './support/transcript.ts'

const seed = Number(option('--seed') ?? 1 + Date.now() % 1_000_000)
const { say, check, finish } = transcript(`network, seed ${seed}`)
const random = seeded(seed)
const MEMBERS: readonly SampleMember[] = ['rome', 'accounts', 'institute']
const cli = new URL('../../apps/cli/src/main.ts', import.meta.url).pathname
const root = mkdtempSync(join(tmpdir(), 'scenario-network-'))
const folder = join(root, 'fabric')
const network = sampleNetwork({ now: () => Date.now() })
const founding = { folder, channel: 'mhmd', peers: MEMBERS, orderers: [...MEMBERS, 'access-body'], basePort: Number(option('--port') ?? 27_200) }

interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Runs one command as somebody would; killed after so many milliseconds, where it isn't done by then. */
function mhmd(args: readonly string[], killAfter?: number): Promise<Ran> {
  const child = spawn(process.execPath, [cli, 'network', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => { out += text })
  child.stderr.setEncoding('utf8').on('data', (text: string) => { err += text })
  const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfter)
  return new Promise((resolve) => child.on('close', (code) => {
    clearTimeout(timer)
    resolve({ code, out, err })
  }))
}

const inFolder = ['--folder', folder] as const

/** A command that does what it says. Gives what it said. */
async function does(args: readonly string[], says: RegExp): Promise<string> {
  const began = Date.now()
  const { code, out, err } = await mhmd([...args, ...inFolder])
  check(`mhmd network ${args.slice(0, 3).join(' ')} (${((Date.now() - began) / 1000).toFixed(1)} s): ${code === 0 ? out.trim().replaceAll(root, '…') : err.trim().replaceAll(root, '…')}`, code === 0 && says.test(out))
  return out.trim()
}

/** A command that is refused by name, with what to do. */
async function refuses(args: readonly string[], code: string, exit: number): Promise<void> {
  const ran = await mhmd(args)
  check(`mhmd network ${args.map((each) => each.replaceAll(root, '…')).join(' ')} → ${code}, exit ${exit} (${ran.code}: ${ran.err.trim().split('\n').find((line) => line.includes(':')) ?? ''})`, ran.code === exit && ran.err.includes(`${code}:`) && ran.err.includes('→'))
}

/** Killed somewhere in its middle, then given again: it ends well, or says that it was done already, which a kill after the last step finds too. Whether it was is seen by what follows. */
async function cutOff(args: readonly string[], says: RegExp, ...done: readonly string[]): Promise<void> {
  const after = 1500 + random() * 7000
  const killed = await mhmd([...args, ...inFolder], after)
  say(`mhmd network ${args.slice(0, 3).join(' ')} killed after ${Math.round(after)} ms: ${killed.code === null ? 'in its middle' : 'it was done'}`)
  const began = Date.now()
  const { code, out, err } = await mhmd([...args, ...inFolder])
  const isDone = code === 0 ? says.test(out) : done.some((refusal) => err.includes(`${refusal}:`))
  check(`given again (${((Date.now() - began) / 1000).toFixed(1)} s): ${(code === 0 ? out : err).trim().replaceAll(root, '…')}`, isDone)
}

const versions = new Map<number, number>()

/** The network as its operators would start it: a decision through every member, what `status` says, and the same at all peers. */
async function running(look: (fabric: FabricNetwork) => Promise<void>): Promise<void> {
  const fabric = await startFabricNetwork(founding, { environment: process.env })
  const ledgers = MEMBERS.map((member): Ledger => fabricLedger({
    connection: fabric.connection(member), channel: fabric.plan.channel, chaincode: CHAINCODE, networkId: network.id, privateFolder: join(root, 'private', member),
    randomness: { bytes: (length) => randomBytes(length) }, log: () => undefined, kept: 5,
  }))
  try {
    if ((await ledgers[0]?.head())?.height === -1) {
      await ledgers[0]?.submit(network.genesis())
      for (const citizen of MEMBERS.keys()) await ledgers[1]?.submit(network.enrol(citizen))
    }
    const receipts = await Promise.all([...MEMBERS.entries()].map(async ([citizen, member]) => {
      versions.set(citizen, (versions.get(citizen) ?? 0) + 1)
      return ledgers[citizen]?.submit(network.decide(citizen, versions.get(citizen) ?? 0, { submitter: member }))
    }))
    check(`a decision is committed through each of ${MEMBERS.join(', ')}`, receipts.every((receipt) => receipt?.status === 'committed'))
    const heads = await Promise.all(ledgers.map((ledger) => ledger.head()))
    check(`all hold the same blocks (height ${heads[0]?.height})`, new Set(heads.map(({ hash }) => hash)).size === 1)
    await look(fabric)
  } finally {
    await Promise.all(ledgers.map((ledger) => ledger.close()))
    await fabric.stop()
  }
}

async function statusSays(what: string, says: RegExp, never?: RegExp): Promise<void> {
  const { code, out, err } = await mhmd(['status', ...inFolder])
  check(`status: ${what}`, code === 0 && says.test(out) && !(never?.test(out) ?? false))
  if (code !== 0 || !says.test(out) || never?.test(out) === true) say(`${out}${err}`)
}

try {
  await refuses(['status', '--folder', join(root, 'nowhere')], 'FABRIC_NO_NETWORK', 4)
  await running(async () => {
    await statusSays('the founding network in plain words', /Channel mhmd, contracts version 1[^]*2 of 3 organisations with peers[^]*4 orderers of 4 organisations and signed by 3[^]*peer of rome at localhost:[0-9]+: healthy, [0-9]+ blocks\n/, /cut off|NOT HEALTHY/)
    await refuses(['rebuild', '--member', 'rome', ...inFolder], 'FABRIC_RUNNING', 5)
  })
  await refuses(['status', ...inFolder], 'FABRIC_NOT_RUNNING', 6)
  await refuses(['rotate', '--member', 'rome', '--days', 'many', ...inFolder], 'CLI_BAD_OPTION', 2)
  await refuses(['add-organisation', '--member', '../berlin', ...inFolder], 'FABRIC_BAD_NAME', 2)
  await refuses(['add-organisation', '--member', 'rome', ...inFolder], 'FABRIC_ALREADY_MEMBER', 5)
  await refuses(['remove-orderer', '--member', 'access-body', ...inFolder], 'FABRIC_TOO_FEW_ORDERERS', 5)
  await refuses(['restore', '--member', 'rome', '--from', join(root, 'nowhere'), ...inFolder], 'FABRIC_NO_COPY', 4)

  await cutOff(['add-organisation', '--member', 'berlin'], /berlin endorses/, 'FABRIC_ALREADY_MEMBER')
  await cutOff(['add-orderer', '--member', 'university'], /university orders/, 'FABRIC_ALREADY_MEMBER')
  await running(() => statusSays('five orderers and four peers, nothing left half done', /3 of 4 organisations with peers[^]*5 orderers of 5 organisations and signed by 4[^]*peer of berlin/, /cut off|NOT HEALTHY/))
  await cutOff(['remove-orderer', '--member', 'access-body'], /access-body orders no longer/, 'FABRIC_NO_MEMBER')
  await cutOff(['rotate', '--member', 'rome', '--orderer', '--days', '90'], /rome has new certificates for 90 days/)
  await cutOff(['rotate', '--member', 'rome', '--days', '90'], /rome has new certificates for 90 days/)
  await running(() => statusSays('four orderers again, rome\'s certificates end first', /4 orderers of 4 organisations and signed by 3[^]*end first:\n[^\n]*rome/, /cut off|access-body at|NOT HEALTHY/))
  await cutOff(['remove-organisation', '--member', 'berlin'], /berlin left/, 'FABRIC_NO_MEMBER')

  const backup = join(root, 'backup')
  await cutOff(['backup', '--member', 'institute', '--to', backup], /is copied to/, 'FABRIC_FOLDER_TAKEN')
  await refuses(['backup', '--member', 'institute', '--to', backup, ...inFolder], 'FABRIC_FOLDER_TAKEN', 5)
  await cutOff(['upgrade', '--member', 'rome', '--voters', 'accounts'], /The channel has version 2 of the contracts by the votes of rome, accounts|version 3/)
  await does(['take-contracts', '--member', 'institute'], /institute endorses by version [23]/)
  await cutOff(['restore', '--member', 'institute', '--from', backup], /institute stands on the copy/)
  await cutOff(['rebuild', '--member', 'institute'], /institute is built anew/)
  const snapshot = await does(['snapshot', '--member', 'rome'], /snapshots/)
  check('the same snapshot when nothing came since', await does(['snapshot', '--member', 'rome'], /snapshots/) === snapshot)
  await cutOff(['join-by-snapshot', '--member', 'institute', '--from', snapshot], /every block after it/)
  await does(['rebuild', '--member', 'institute'], /institute is built anew/)
  await running(() => statusSays('three peers and four orderers, nothing left half done', /Channel mhmd, contracts version [23][^]*2 of 3 organisations with peers[^]*4 orderers of 4/, /cut off|berlin|NOT HEALTHY/))
  // A lock that a process left which is long gone, though another has its number now.
  writeFileSync(join(folder, 'running'), `${process.pid} 1`)
  await running(async () => check('a lock of a process that is gone holds nobody up', readFileSync(join(folder, 'running'), 'utf8') !== `${process.pid} 1`))
} catch (error) {
  check(`it runs to its end (${error instanceof Error ? error.message : String(error)})`, false)
} finally {
  await sleep(200)
  rmSync(root, { recursive: true, force: true })
  finish()
}
