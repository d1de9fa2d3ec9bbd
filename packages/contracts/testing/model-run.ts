// A random sequence on the plain engine and another one in lockstep: every step keeps the laws, and the end agrees with the model.
import assert from 'node:assert/strict'
import { decodeKey, encodeKey } from '@mhmd/base'
import type { Key } from '@mhmd/base'
import type { DecisionState } from '@mhmd/schema'
import type { Transaction } from '../src/contract.ts'
import { refusalTable } from '../src/refusals.ts'
import { stateKeys } from '../src/state-keys.ts'
import { MemoryEngine } from './engine.ts'
import type { Engine, Submitted } from './engine.ts'
import { FakeFabricEngine } from './fabric-wrapper.ts'
import { holdLaws } from './laws.ts'
import { Model, nameOf } from './model.ts'
import type { Kind } from './model.ts'
import { people } from './sequences.ts'
import { consent, decide, declare, genesis, optOut, registerStaff, subjectOf } from './world.ts'
import type { Person } from './world.ts'

export const founding = [genesis(), registerStaff('rome'), registerStaff('berlin')]

/** A sequence in progress, on both engines at once. */
export class Run {
  readonly memory = new MemoryEngine()
  readonly other: Engine
  readonly model = new Model()
  readonly sent: Transaction[] = []
  readonly effective = new Set<string>()

  constructor(other: Engine = new FakeFabricEngine()) {
    this.other = other
  }

  async start(): Promise<this> {
    for (const tx of founding) await this.submit(tx)
    return this
  }

  /** Submits to both engines and holds every law of a step. */
  async submit(tx: Transaction): Promise<Submitted> {
    const before = this.memory.fork()
    const submitted = await this.memory.submit(tx)
    const onOther = await this.other.submit(JSON.parse(JSON.stringify(tx)) as Transaction)
    assert.deepEqual(JSON.parse(JSON.stringify(onOther)), JSON.parse(JSON.stringify(submitted)), 'both engines answer alike')
    this.sent.push(tx)
    if (!submitted.ok) {
      assert.ok(Object.hasOwn(refusalTable, submitted.refusal.code), `${submitted.refusal.code} is documented`)
      assert.equal(this.memory.state.size, before.state.size)
    }
    for (const write of this.memory.last?.ok ? this.memory.last.value.writes : []) {
      holdLaws(write, before.state, tx)
      if (write.key[0] === 'operation') this.takesEffectOnce(write.key[1] ?? '')
    }
    return submitted
  }

  private takesEffectOnce(operationId: string): void {
    assert.ok(!this.effective.has(operationId), 'an operation id takes effect once')
    this.effective.add(operationId)
  }

  async finish(): Promise<void> {
    for (const [encoded, value] of this.memory.state) assert.deepEqual(await this.other.get(decodeKey(encoded)), value, 'both engines hold the same state')
    for (const who of people) for (const kind of ['consent', 'opt-out'] as const) this.modelAgrees(kind, who)
    for (const who of people) for (const kind of ['consent', 'opt-out'] as const) await this.sheRevokes(kind, who)
    for (const tx of this.sent) await this.nothingTwice(tx)
  }

  private modelAgrees(kind: Kind, who: Person): void {
    const state = this.memory.state.get(encodeKey(stateKey(kind, who))) as DecisionState | undefined
    const expected = this.model.stands(kind, who)
    assert.deepEqual(state && { version: state.version, isActive: state.state === 'active', by: state.by, expires: state.expires }, expected, `${kind} of ${nameOf(who)}`)
  }

  /** Whatever a desk declared, her own key takes it back. */
  private async sheRevokes(kind: Kind, who: Person): Promise<void> {
    const [state, key] = [this.model.stands(kind, who), this.model.presentKey(who)]
    if (state?.by !== 'desk' || !key || this.model.subject(who)?.isClosed) return
    const fields = { operation: 'withdraw', version: state.version + 1, operationId: this.model.nextId(), expires: this.model.time + 1 } as const
    const tx = kind === 'consent' ? decide(consent(who, fields, key), { time: this.model.time }) : declare(optOut(who, fields, key), { time: this.model.time })
    assert.ok((await this.memory.fork().submit(tx)).ok, 'a desk declaration is revocable by her')
  }

  /** Sending anything again changes nothing but what was refused before. */
  private async nothingTwice(tx: Transaction): Promise<void> {
    if (!this.effective.has(tx.operationId)) return
    const again = this.memory.fork()
    const submitted = await again.submit(tx)
    assert.equal(submitted.ok ? 'accepted' : submitted.refusal.code, tx.operation === 'genesis' ? 'CONTRACT_NETWORK_EXISTS' : 'CONTRACT_OPERATION_DONE')
  }
}

const stateKey = (kind: Kind, who: Person): Key => (kind === 'consent' ? stateKeys.consent : stateKeys.optOut)(who.holder, subjectOf(who))
