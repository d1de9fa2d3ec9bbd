// Model-based tests over any engine: random sequences of acts in lockstep with the plain engine, against a model and against laws of every step.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { DecisionState } from '@mhmd/schema'
import fc from 'fast-check'
import type { Transaction } from '../src/contract.ts'
import { stateKeys } from '../src/state-keys.ts'
import type { Engine, MakeEngine } from './engine.ts'
import { Model } from './model.ts'
import { Run, founding } from './model-run.ts'
import { perform } from './perform.ts'
import { sequences } from './sequences.ts'
import { atDesk, consent, decide, enrolment, keyOf, person, subjectOf, suiteTime, transaction } from './world.ts'

/** Of so many sequences every operation is accepted somewhere; fewer would leave that to chance. */
const RUNS = 50

/** Declares the tests for engines that `makeEngine` gives, each with an empty state. */
export function contractModel(name: string, makeEngine: MakeEngine): void {
  describe(`contracts under random sequences, on ${name}`, () => {
    it('hold their laws, agree with the model, and run as on the plain engine', () => randomSequences(makeEngine))
    it('withdrawn stays withdrawn, whatever anyone but her signs', () => withdrawnStays(makeEngine))
  })
}

/** Gives the work an engine of its own. */
async function onEngine(makeEngine: MakeEngine, work: (engine: Engine) => Promise<void>): Promise<void> {
  const engine = await makeEngine()
  try {
    await work(engine)
  } finally {
    await engine.close?.()
  }
}

async function randomSequences(makeEngine: MakeEngine): Promise<void> {
  const accepted = new Map<string, number>()
  await fc.assert(fc.asyncProperty(sequences, ({ enrolled, choices }) => onEngine(makeEngine, async (engine) => {
    const run = await new Run(engine).start()
    for (const who of enrolled) await perform(run, { act: 'enrol', who, isForged: false })
    for (const choice of choices) await perform(run, choice)
    await run.finish()
    for (const tx of run.sent) if (run.effective.has(tx.operationId)) accepted.set(tx.operation, (accepted.get(tx.operation) ?? 0) + 1)
  })), { numRuns: RUNS })
  // The laws would hold of sequences in which nothing ever happens: every operation must have been accepted somewhere.
  for (const operation of ['decide', 'decide-batch', 'declare', 'declare-batch', 'desk', 'enrol', 'replace', 'close', 'file', 'answer', 'record', 'suspend']) assert.ok((accepted.get(operation) ?? 0) >= 1, `${operation} was never accepted`)
}

async function withdrawnStays(makeEngine: MakeEngine): Promise<void> {
  const alice = person('alice')
  const others = fc.array(fc.record({ signer: fc.constantFrom('rome', 'accounts', 'mallory', 'bob at rome', 'alice at berlin'), version: fc.integer({ min: 1, max: 4 }), kind: fc.constantFrom('decide', 'desk', 'forged') }), { maxLength: 8 })
  await fc.assert(fc.asyncProperty(others, (attempts) => onEngine(makeEngine, async (engine) => {
    for (const tx of [...founding, transaction({ call: 'keys@1 enrol', payload: enrolment(alice) }), decide(consent(alice)), decide(consent(alice, { operation: 'withdraw', version: 2 }))]) assert.ok((await engine.submit(tx)).ok)
    for (const { signer, version, kind } of attempts) {
      const decision = consent(alice, { version }, keyOf(signer))
      const hers = consent(alice, { version }).key
      await engine.submit(kind === 'desk' ? deskFor(version) : decide(kind === 'forged' ? { ...decision, key: hers } : decision))
    }
    const state = await engine.get(stateKeys.consent('rome', subjectOf(alice))) as unknown as DecisionState
    assert.deepEqual([state.state, state.version, state.by, state.time], ['withdrawn', 2, 'subject', suiteTime])
    assert.ok((await engine.submit(decide(consent(alice, { version: 3 })))).ok, 'she may sign anew')
  })), { numRuns: 2 * RUNS })
  function deskFor(version: number): Transaction {
    return atDesk(new Model().declaration('consent', { who: alice, operation: 'set', step: version, signer: 'hers', isOver: false, reuses: false }, 'two'), { time: suiteTime })
  }
}
