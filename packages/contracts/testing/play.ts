// An engine under test, with the two sentences every case of the suite is made of: this is accepted, that is refused with this code.
import assert from 'node:assert/strict'
import type { Canonical, Key } from '@mhmd/base'
import type { ContractEvent, Transaction } from '../src/contract.ts'
import { refusalTable } from '../src/refusals.ts'
import type { RefusalName } from '../src/refusals.ts'
import type { Engine, PrivateValue } from './engine.ts'
import { enrolment, genesis, registerStaff, transaction } from './world.ts'
import type { Person } from './world.ts'

export class Play {
  /** Codes of refusals met, for the proof that every one is reached. */
  readonly met: Set<string>
  readonly engine: Engine

  constructor(engine: Engine, met: Set<string>) {
    this.engine = engine
    this.met = met
  }

  /** Submits, insists on acceptance, returns the events. */
  async accepts(tx: Transaction, privateValue?: PrivateValue): Promise<readonly ContractEvent[]> {
    const submitted = await this.engine.submit(tx, privateValue)
    if (!submitted.ok) assert.fail(`refused with ${submitted.refusal.code}: ${tx.contract} ${tx.operation}`)
    return submitted.events
  }

  /** Submits, insists on this refusal, and that it is documented. */
  async refuses(name: RefusalName, tx: Transaction, privateValue?: PrivateValue): Promise<void> {
    const submitted = await this.engine.submit(tx, privateValue)
    assert.equal(submitted.ok ? 'accepted' : submitted.refusal.code, `CONTRACT_${name}`)
    this.meets(`CONTRACT_${name}`)
  }

  meets(code: string): void {
    assert.ok(Object.hasOwn(refusalTable, code), `${code} is documented`)
    this.met.add(code)
  }

  /** Insists that these members of a state value are so; `undefined` for an absent value. */
  async holds(key: Key, expected: Readonly<Record<string, Canonical>> | undefined): Promise<void> {
    const value = await this.engine.get(key)
    if (expected === undefined) {
      assert.equal(value, undefined)
      return
    }
    for (const [member, wanted] of Object.entries(expected)) assert.deepEqual((value as Record<string, Canonical> | undefined)?.[member], wanted, `${member} of ${key.join(' / ')}`)
  }

  async founded(): Promise<this> {
    await this.accepts(genesis())
    return this
  }

  /** Enrols people and registers the staff of their holders. */
  async peopled(...people: readonly Person[]): Promise<this> {
    await this.founded()
    for (const holder of new Set(people.map((who) => who.holder))) await this.accepts(registerStaff(holder))
    for (const who of people) await this.accepts(transaction({ call: 'keys@1 enrol', payload: enrolment(who) }))
    return this
  }
}

/** One named case, on an engine of its own. */
export type Case = readonly [title: string, run: (play: Play) => Promise<void>]
