// Faults on a real Fabric network, each with what must hold while it lasts and after it: one chain, one state, acknowledged decisions exactly once, withdrawals in force at every peer.
import assert from 'node:assert/strict'
import { closeSync, cpSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { signTransaction, stateKeys } from '@mhmd/contracts'
import { MhmdError } from '@mhmd/base'
import { sampleKey } from '@mhmd/ledger/testing'
import type { SampleMember } from '@mhmd/ledger/testing'
import { rebuildPeer } from '../src/index.ts'
import { until } from '../src/network/processes.ts'
import { ordererOf, peerOf } from '../src/network/site.ts'
import { expired, madeUpSignature, otherOutcome, sendChanged, stranger, toldTo } from './forged.ts'
import { MEMBERS } from './ground.ts'
import type { Answers, Ground } from './ground.ts'
import type { Partition } from './partition.ts'

export interface Struck {
  readonly ground: Ground
  readonly partition: Partition
  /** The member that the fault befalls. */
  readonly victim: string
}

export interface Outcome extends Answers {
  /** From the end of the fault until a withdrawal, tried all the while, stands at every peer. */
  readonly inForceMs: number
  /** What was seen besides. */
  readonly seen: string
}

interface Course {
  /** Members through whom the load goes. */
  readonly load: readonly SampleMember[]
  begin(): Promise<unknown>
  end(): Promise<unknown>
  /** How long it lasts, besides. */
  readonly lastsMs?: number
  /** Members whose ledger must not pass for current meanwhile: their nodes close. */
  readonly blind?: readonly SampleMember[]
  /** Whether nothing can be committed meanwhile. */
  readonly stops?: boolean
  readonly seen?: () => string
}

/** Load, the fault, a withdrawal while it lasts, its end, and what must hold. */
async function course(ground: Ground, { load, begin, end, lastsMs = 2000, blind = [], stops = false, seen = () => '' }: Course): Promise<Outcome> {
  const [through = 'rome'] = load
  let withdrawal = ground.decide(through)
  if (!isWithdrawal(withdrawal)) {
    await ground.acknowledged(through, withdrawal)
    withdrawal = ground.decide(through)
  }
  let healed = 0
  let committed = 0
  const inForce = async (): Promise<number> => {
    await ground.acknowledged(through, withdrawal)
    committed = Date.now()
    await Promise.all(MEMBERS.map((member) => until(`the withdrawal at ${member}`, 150, async () => {
      await ground.ledgerOf(member).head()
      const state = await ground.ledgerOf(member).get(stateKeys.consent('rome', ground.network.subject(12)))
      assert.ok(((state as { version?: number } | undefined)?.version ?? 0) >= versionOf(withdrawal))
    })))
    // In force before the fault ended: nobody waited.
    return healed === 0 ? 0 : Date.now() - healed
  }
  let withdrawing: Promise<number> | undefined
  const answers = await ground.underLoad(load, async () => {
    await begin()
    withdrawing = inForce()
    withdrawing.catch(() => undefined)
    try {
      await Promise.all([sleep(lastsMs), ...blind.map((member) => assert.rejects(ground.ledgerOf(member).head(), { code: 'LEDGER_UNAVAILABLE' }, `${member} does not pass for current`))])
      if (stops) assert.equal(committed, 0, 'nothing can be committed')
    } finally {
      await end()
      healed = Date.now()
    }
  })
  const inForceMs = await (withdrawing ?? inForce())
  await ground.agreed()
  return { ...answers, inForceMs, seen: seen() }
}

const statementOf = ({ payload }: ReturnType<Ground['decide']>): { readonly operation: string; readonly version: number } => (payload as { statement: { operation: string; version: number } }).statement
const isWithdrawal = (transaction: ReturnType<Ground['decide']>): boolean => statementOf(transaction).operation === 'withdraw'
const versionOf = (transaction: ReturnType<Ground['decide']>): number => statementOf(transaction).version
const others = (victim: string): SampleMember[] => MEMBERS.filter((member) => member !== victim)
const kill = (ground: Ground, name: string): Promise<unknown> => ground.fabric.processes.get(name)?.kill('SIGKILL') ?? Promise.resolve()
const signal = (ground: Ground, names: readonly string[], which: NodeJS.Signals): void => { for (const name of names) process.kill(ground.fabric.processes.get(name)?.pid ?? 0, which) }
/** Two orderers, the victim's the first. */
const twoOrderers = ({ ground, victim }: Struck): string[] => [victim, ...ground.fabric.plan.orderers.filter((member) => member !== victim).slice(0, 1)].map((member) => `orderer ${member}`)
const lastWords = (file: string): string => {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').replaceAll(/\u001b\[[0-9;]*m/g, '').trim().split('\n') : []
  return (lines.findLast((line) => /no space left/i.test(line)) ?? lines.findLast((line) => /panic|PANI|FATA|ERRO|no space|corrupt|hash/i.test(line)) ?? lines.at(-1) ?? '').replaceAll(/\/[^ ]*\//g, '…/').slice(0, 220)
}

export const faults = {
  'orderer killed': ({ ground, victim }: Struck) => course(ground, { load: MEMBERS, begin: () => kill(ground, `orderer ${victim}`), end: () => ground.fabric.revive(`orderer ${victim}`) }),
  'peer killed': ({ ground, victim }: Struck) => course(ground, { load: others(victim), begin: () => kill(ground, `peer ${victim}`), end: () => ground.fabric.revive(`peer ${victim}`), blind: [victim as SampleMember] }),
  'chaincode killed': ({ ground, victim }: Struck) => course(ground, { load: others(victim), begin: () => kill(ground, `chaincode ${victim}`), end: () => ground.fabric.revive(`chaincode ${victim}`) }),
  'two of four orderers killed': (struck: Struck) => course(struck.ground, {
    load: MEMBERS, stops: true, begin: () => Promise.all(twoOrderers(struck).map((name) => kill(struck.ground, name))), end: () => Promise.all(twoOrderers(struck).map((name) => struck.ground.fabric.revive(name))),
  }),
  'two of four orderers frozen': (struck: Struck) => course(struck.ground, { load: MEMBERS, stops: true, begin: async () => signal(struck.ground, twoOrderers(struck), 'SIGSTOP'), end: async () => signal(struck.ground, twoOrderers(struck), 'SIGCONT') }),
  'organisation cut off': ({ ground, partition, victim }: Struck) => course(ground, { load: others(victim), begin: () => partition.cut([victim]), end: () => partition.heal(), blind: [victim as SampleMember], lastsMs: 5000 }),
  'network cut in two halves': ({ ground, partition, victim }: Struck) => course(ground, { load: MEMBERS, stops: true, begin: () => partition.cut([victim, 'access-body']), end: () => partition.heal(), blind: [victim as SampleMember] }),
  'two of three peers stopped': ({ ground, victim }: Struck) => course(ground, {
    load: [victim as SampleMember], stops: true, blind: [victim as SampleMember],
    begin: async () => signal(ground, others(victim).map((member) => `peer ${member}`), 'SIGSTOP'), end: async () => signal(ground, others(victim).map((member) => `peer ${member}`), 'SIGCONT'),
  }),
  'another chaincode at one organisation': ({ ground, victim }: Struck) => course(ground, {
    load: others(victim), begin: () => otherChaincode(ground, victim, [new URL('./chaincode-lying.ts', import.meta.url).pathname]), end: () => ordinaryChaincode(ground, victim),
  }),
  'chaincode with a skewed clock': ({ ground, victim }: Struck) => course(ground, {
    load: MEMBERS, begin: () => otherChaincode(ground, victim, ['--import', skew(3_600_000), new URL('../src/chaincode/main.ts', import.meta.url).pathname]), end: () => ordinaryChaincode(ground, victim),
  }),
  'blocks of a peer spoiled': ({ ground, victim }: Struck) => spoiled(ground, victim as SampleMember, 'blocks'),
  'state of a peer spoiled': ({ ground, victim }: Struck) => spoiled(ground, victim as SampleMember, 'state'),
  'disk of a peer full': ({ ground, victim }: Struck) => diskFull(ground, { name: `peer ${victim}`, folder: join(peerOf(ground.fabric.plan, victim).data, 'data'), load: others(victim) }),
  'disk of an orderer full': ({ ground, victim }: Struck) => diskFull(ground, { name: `orderer ${victim}`, folder: join(ordererOf(ground.fabric.plan, victim).data, 'ledger'), load: MEMBERS }),
} as const satisfies Record<string, (struck: Struck) => Promise<Outcome>>

async function otherChaincode(ground: Ground, member: string, command: readonly string[]): Promise<void> {
  await ground.fabric.end(`chaincode ${member}`)
  await ground.fabric.revive(`chaincode ${member}`, { command })
}

async function ordinaryChaincode(ground: Ground, member: string): Promise<void> {
  await ground.fabric.end(`chaincode ${member}`)
  await ground.fabric.revive(`chaincode ${member}`)
}

/** A module that moves a process's clock. */
const skew = (milliseconds: number): string => `data:text/javascript,const D=Date;globalThis.Date=class extends D{constructor(...a){super(...(a.length?a:[D.now()+${milliseconds}]))}static now(){return D.now()+${milliseconds}}}`

/** Bytes of a peer's files are flipped while it is down; it says what it says, its client doesn't take a spoiled block, and it is rebuilt from the ordering service. */
async function spoiled(ground: Ground, victim: SampleMember, what: 'blocks' | 'state'): Promise<Outcome> {
  const place = peerOf(ground.fabric.plan, victim)
  const folder = join(place.data, 'data/ledgersData', what === 'blocks' ? `chains/chains/${ground.fabric.plan.channel}` : 'stateLeveldb')
  let seen = ''
  const outcome = await course(ground, {
    load: others(victim), seen: () => seen,
    begin: async () => {
      await ground.fabric.end(`peer ${victim}`)
      await ground.forget(victim)
      writeFileSync(join(place.data, 'log'), '')
      for (const file of readdirSync(folder).filter((name) => /^blockfile|\.(ldb|log)$/.test(name))) flip(join(folder, file))
      const starts = await Promise.race([ground.fabric.revive(`peer ${victim}`).then(() => 'it starts', () => 'it does not start'), sleep(15_000).then(() => 'it does not start within 15 s')])
      const reads = what === 'state' ? '' : await ground.ledgerOf(victim).head().then(() => 'its node takes the blocks', (error: unknown) => MhmdError.isInstance(error) ? `its node: ${error.code}, ${error.message}` : 'its node fails')
      if (what === 'blocks') assert.doesNotMatch(reads, /takes the blocks/)
      seen = [starts, reads, lastWords(join(place.data, 'log'))].filter((each) => each !== '').join('; ')
    },
    end: async () => {
      await ground.forget(victim)
      const began = Date.now()
      await rebuildPeer(ground.fabric, victim)
      const took = Date.now() - began
      seen += `; rebuilt in ${took} ms, ${(await ground.ledgerOf(others(victim)[0] ?? 'rome').head()).height + 1} blocks`
    },
  })
  return outcome
}

/** One byte in every thousand, in the middle of the file. */
function flip(file: string): void {
  const bytes = readFileSync(file)
  for (let at = Math.floor(bytes.length / 3); at < bytes.length * 2 / 3; at += 1009) bytes[at] = (bytes[at] ?? 0) ^ 0x55
  writeFileSync(file, bytes)
}

/** A process whose files lie on a disk of 64 MB that fills up under load. */
async function diskFull(ground: Ground, { name, folder, load }: { readonly name: string; readonly folder: string; readonly load: readonly SampleMember[] }): Promise<Outcome> {
  const log = join(folder, '../log')
  const moved = `${folder}-before`
  await ground.fabric.end(name)
  cpSync(folder, moved, { recursive: true })
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', folder])
  cpSync(moved, folder, { recursive: true })
  await ground.fabric.revive(name)
  writeFileSync(log, '')
  let seen = ''
  try {
    return await course(ground, {
      load, seen: () => seen, lastsMs: 8000,
      begin: async () => fill(join(folder, 'filler')),
      end: async () => {
        seen = `${ground.fabric.processes.get(name)?.isAlive() === true ? 'it lives' : 'it ended'}; ${lastWords(log)}`
        rmSync(join(folder, 'filler'))
        await ground.fabric.end(name)
        await ground.fabric.revive(name)
      },
    })
  } finally {
    await ground.fabric.end(name)
    rmSync(moved, { recursive: true })
    cpSync(folder, moved, { recursive: true })
    execFileSync('umount', [folder])
    rmSync(folder, { recursive: true })
    mkdirSync(folder)
    cpSync(moved, folder, { recursive: true })
    rmSync(moved, { recursive: true })
    await ground.fabric.revive(name)
  }
}

function fill(file: string): void {
  const to = openSync(file, 'w')
  try {
    for (const size of [1 << 20, 4096, 1]) {
      try {
        for (;;) writeSync(to, Buffer.alloc(size))
      } catch { /* No room for one of this size. */ }
    }
  } finally {
    closeSync(to)
  }
  assert.ok(statSync(file).size > 0)
}

/** What somebody sends past the programs of this project. Gives what Fabric or the contracts said. */
export const attacks = {
  'forged endorsement': async (ground: Ground): Promise<string> => {
    const said = [await sendChanged(ground.fabric, 'rome', ground.decide('rome'), { change: madeUpSignature }), await sendChanged(ground.fabric, 'rome', ground.decide('rome'), { change: otherOutcome })]
    for (const code of said) assert.match(code, /ENDORSEMENT_POLICY_FAILURE|BAD_/)
    await unharmed(ground)
    return said.join(', ')
  },
  'stale read set': async (ground: Ground): Promise<string> => {
    const before = ground.decide('rome')
    const code = await sendChanged(ground.fabric, 'rome', before, { meanwhile: () => ground.acknowledged('accounts', ground.decide('accounts')) })
    assert.equal(code, 'MVCC_READ_CONFLICT')
    await unharmed(ground)
    return code
  },
  'certificate of a stranger': (ground: Ground) => toldStranger(ground, stranger),
  'certificate that has ended': (ground: Ground) => toldStranger(ground, expired),
  'transaction dated six minutes ago and ahead': async (ground: Ground): Promise<string> => {
    const said = []
    for (const minutes of [-6, 6]) {
      const { contract, operation, payload, operationId, network } = ground.decide('rome')
      const transaction = signTransaction({ contract, operation, payload, operationId, network, submitter: 'rome', time: Date.now() + minutes * 60_000 }, sampleKey('member rome'))
      const code = await toldTo(ground.fabric.connection('rome'), ground.fabric.plan.channel, transaction)
      assert.equal(code, 'FABRIC_TIME_OUTSIDE_WINDOW')
      said.push(code)
    }
    await unharmed(ground)
    return said.join(', ')
  },
  'client whose clock is an hour ahead': async (ground: Ground): Promise<string> => {
    const real = Date
    const ahead = 3_600_000
    let said = ''
    globalThis.Date = class extends real {
      constructor(...parts: [] | [number | string | Date]) { super(...(parts.length === 0 ? [real.now() + ahead] as const : parts) as [number]) }
      static override now(): number { return real.now() + ahead }
    } as DateConstructor
    try {
      said = await toldTo(ground.fabric.connection('rome'), ground.fabric.plan.channel, ground.decide('rome'))
    } finally {
      globalThis.Date = real
    }
    assert.notEqual(said, 'VALID')
    await unharmed(ground)
    return said.slice(0, 200)
  },
} as const satisfies Record<string, (ground: Ground) => Promise<string>>

async function toldStranger(ground: Ground, connection: typeof stranger): Promise<string> {
  const said = await toldTo(await connection(ground.fabric, 'rome'), ground.fabric.plan.channel, ground.decide('rome'))
  assert.match(said, /access denied|creator|expired|unknown authority|identity|signature/i)
  await unharmed(ground)
  return said.slice(0, 200)
}

/** The decision that was played with goes through as it should, once. */
async function unharmed(ground: Ground): Promise<void> {
  await ground.acknowledged('rome', ground.decide('rome'))
  await ground.agreed()
}
