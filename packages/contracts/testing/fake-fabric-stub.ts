// A small asynchronous fake of Hyperledger Fabric's peer: a chaincode stub that simulates on committed state, and commits with MVCC checks.
// After the behaviour of fabric-shim's ChaincodeStub 2.5 and the validation of a Fabric 3 peer; leaves out endorsement and ordering.
import { sha256 } from '@mhmd/crypto'
import { toHex } from '@mhmd/base'

const MIN = '\u0000'
const MAX = '\u{10ffff}'

interface Versioned {
  readonly value: Uint8Array
  readonly version: number
}

/** What a simulation read and would write. Absent keys are read at version 0. */
export interface Simulation {
  readonly txId: string
  readonly reads: ReadonlyMap<string, number>
  readonly ranges: readonly { readonly from: string; readonly to: string; readonly found: readonly (readonly [key: string, version: number])[] }[]
  readonly writes: ReadonlyMap<string, Uint8Array | undefined>
  readonly event: { readonly name: string; readonly payload: Uint8Array } | undefined
}

export type ValidationCode = 'VALID' | 'MVCC_READ_CONFLICT' | 'PHANTOM_READ_CONFLICT'

/** The committed world state of one channel. */
export class FakePeer {
  private readonly world = new Map<string, Versioned>()
  private clock = 0

  /** A stub for one proposal, stamped by its client. */
  stub(proposal: { readonly timestamp: number; readonly nonce: string }): FakeStub {
    return new FakeStub(this.world, proposal)
  }

  /** Validates a block's transactions one after another, and applies those that read nothing stale. */
  commit(simulations: readonly Simulation[]): readonly ValidationCode[] {
    return simulations.map((simulation) => {
      const code = this.validate(simulation)
      this.clock++
      if (code === 'VALID') this.write(simulation)
      return code
    })
  }

  private write({ writes }: Simulation): void {
    for (const [key, value] of writes) {
      if (value === undefined) this.world.delete(key)
      else this.world.set(key, { value, version: this.clock })
    }
  }

  private validate({ reads, ranges }: Simulation): ValidationCode {
    for (const [key, version] of reads) if ((this.world.get(key)?.version ?? 0) !== version) return 'MVCC_READ_CONFLICT'
    const isSame = ranges.every(({ from, to, found }) => JSON.stringify(inRange(this.world, from, to).map(([key, { version }]) => [key, version])) === JSON.stringify(found))
    return isSame ? 'VALID' : 'PHANTOM_READ_CONFLICT'
  }
}

/** The part of `ChaincodeStub` that contracts need. Never shows a transaction its own writes. */
export class FakeStub {
  private readonly reads = new Map<string, number>()
  private readonly ranges: { from: string; to: string; found: (readonly [string, number])[] }[] = []
  private readonly writes = new Map<string, Uint8Array | undefined>()
  private event: { name: string; payload: Uint8Array } | undefined
  private readonly world: ReadonlyMap<string, Versioned>
  private readonly proposal: { readonly timestamp: number; readonly nonce: string }

  constructor(world: ReadonlyMap<string, Versioned>, proposal: { readonly timestamp: number; readonly nonce: string }) {
    this.world = world
    this.proposal = proposal
  }

  getTxID(): string {
    return toHex(sha256(Buffer.from(this.proposal.nonce)))
  }

  /** The client's clock, as Fabric has it. */
  getTxTimestamp(): { readonly seconds: number; readonly nanos: number } {
    return { seconds: Math.floor(this.proposal.timestamp / 1000), nanos: (this.proposal.timestamp % 1000) * 1_000_000 }
  }

  /** U+0000, then each part followed by U+0000. */
  createCompositeKey(objectType: string, attributes: readonly string[]): string {
    return MIN + [objectType, ...attributes].map((part) => part + MIN).join('')
  }

  splitCompositeKey(key: string): { readonly objectType: string; readonly attributes: readonly string[] } {
    const [objectType = '', ...attributes] = key.slice(1, -1).split(MIN)
    return { objectType, attributes }
  }

  /** Empty bytes for an absent key. */
  async getState(key: string): Promise<Uint8Array> {
    await later()
    const found = this.world.get(key)
    this.reads.set(key, found?.version ?? 0)
    return found?.value ?? new Uint8Array(0)
  }

  async putState(key: string, value: Uint8Array): Promise<void> {
    await later()
    if (value.length === 0) throw new Error('an empty value cannot be told from an absent one')
    this.writes.set(key, value)
  }

  async deleteState(key: string): Promise<void> {
    await later()
    this.writes.set(key, undefined)
  }

  /** Iterates over the keys that begin with the partial key, which includes the key of exactly these parts. */
  async *getStateByPartialCompositeKey(objectType: string, attributes: readonly string[]): AsyncGenerator<{ readonly key: string; readonly value: Uint8Array }> {
    const from = this.createCompositeKey(objectType, attributes)
    const found = inRange(this.world, from, from + MAX)
    this.ranges.push({ from, to: from + MAX, found: found.map(([key, { version }]) => [key, version] as const) })
    for (const [key, { value }] of found) {
      await later()
      yield { key, value }
    }
  }

  /** One event a transaction; a second replaces the first. */
  setEvent(name: string, payload: Uint8Array): void {
    this.event = { name, payload }
  }

  simulated(): Simulation {
    return { txId: this.getTxID(), reads: this.reads, ranges: this.ranges, writes: this.writes, event: this.event }
  }
}

const later = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve) })

function inRange(world: ReadonlyMap<string, Versioned>, from: string, to: string): readonly (readonly [string, Versioned])[] {
  const bytes = (key: string): Buffer => Buffer.from(key, 'utf8')
  return [...world].filter(([key]) => Buffer.compare(bytes(key), bytes(from)) >= 0 && Buffer.compare(bytes(key), bytes(to)) < 0).sort(([a], [b]) => Buffer.compare(bytes(a), bytes(b)))
}
