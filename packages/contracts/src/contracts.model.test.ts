// Model-based test: random sequences of acts on the plain engine and on the fake Fabric stub, against a model and against laws of every step.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { DecisionState } from '@mhmd/schema'
import { MemoryEngine } from '../testing/engine.ts'
import { Model } from '../testing/model.ts'
import { Run, founding } from '../testing/model-run.ts'
import { perform } from '../testing/perform.ts'
import { sequences } from '../testing/sequences.ts'
import { atDesk, consent, decide, enrolment, keyOf, person, subjectOf, suiteTime, transaction } from '../testing/world.ts'
import type { Transaction } from './contract.ts'
import { stateKeys } from './state-keys.ts'

describe('contracts under random sequences', () => {
  it('hold their laws, agree with the model, and run alike on both engines', async () => {
    const accepted = new Map<string, number>()
    await fc.assert(fc.asyncProperty(sequences, async ({ enrolled, choices }) => {
      const run = await new Run().start()
      for (const who of enrolled) await perform(run, { act: 'enrol', who, isForged: false })
      for (const choice of choices) await perform(run, choice)
      await run.finish()
      for (const tx of run.sent) if (run.effective.has(tx.operationId)) accepted.set(tx.operation, (accepted.get(tx.operation) ?? 0) + 1)
    }), { numRuns: 50 })
    // The laws would hold of sequences in which nothing ever happens: every operation must have been accepted somewhere.
    for (const operation of ['decide', 'decide-batch', 'declare', 'declare-batch', 'desk', 'enrol', 'replace', 'close', 'file', 'answer', 'record', 'suspend']) assert.ok((accepted.get(operation) ?? 0) >= 1, `${operation} was never accepted`)
  })

  it('withdrawn stays withdrawn, whatever anyone but her signs', async () => {
    const alice = person('alice')
    const others = fc.array(fc.record({ signer: fc.constantFrom('rome', 'accounts', 'mallory', 'bob at rome', 'alice at berlin'), version: fc.integer({ min: 1, max: 4 }), kind: fc.constantFrom('decide', 'desk', 'forged') }), { maxLength: 8 })
    await fc.assert(fc.asyncProperty(others, async (attempts) => {
      const engine = new MemoryEngine()
      for (const tx of [...founding, transaction({ call: 'keys@1 enrol', payload: enrolment(alice) }), decide(consent(alice)), decide(consent(alice, { operation: 'withdraw', version: 2 }))]) assert.ok((await engine.submit(tx)).ok)
      for (const { signer, version, kind } of attempts) {
        const decision = consent(alice, { version }, keyOf(signer))
        const hers = consent(alice, { version }).key
        await engine.submit(kind === 'desk' ? deskFor(version) : decide(kind === 'forged' ? { ...decision, key: hers } : decision))
      }
      const state = await engine.get(stateKeys.consent('rome', subjectOf(alice))) as unknown as DecisionState
      assert.deepEqual([state.state, state.version, state.by, state.time], ['withdrawn', 2, 'subject', suiteTime])
      assert.ok((await engine.submit(decide(consent(alice, { version: 3 })))).ok, 'she may sign anew')
    }), { numRuns: 100 })
    function deskFor(version: number): Transaction {
      return atDesk(new Model().declaration('consent', { who: alice, operation: 'set', step: version, signer: 'hers', isOver: false, reuses: false }, 'two'), { time: suiteTime })
    }
  })
})
