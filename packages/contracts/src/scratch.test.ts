// Traces and the scratch ledger tell what the vectors tell; a conflict names its keys; what is signed anew is what was signed.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { consent, decide, enrolment, genesis, keyOf, person, publicKeyOf, registerStaff, transaction } from '../testing/world.ts'
import type { VectorFile } from '../testing/vectors.ts'
import { sampleKeys } from './sample-keys.ts'
import { ScratchLedger, signedAnew } from './scratch.ts'
import type { Transaction } from './contract.ts'

const groups = ['decisions', 'desk', 'every-transaction', 'keys', 'participants', 'procedure', 'sharing']
const read = (name: string): VectorFile => JSON.parse(readFileSync(new URL(`../../../vectors/contracts/${name}.json`, import.meta.url), 'utf8')) as VectorFile
const alice = person('alice')

function peopled(): ScratchLedger {
  const scratch = new ScratchLedger()
  for (const tx of [genesis(), registerStaff('rome'), transaction({ call: 'keys@1 enrol', payload: enrolment(alice) })]) assert.equal(scratch.commit(scratch.propose(tx)).code, 'VALID')
  return scratch
}

describe('ScratchLedger', () => {
  for (const group of groups) it(`comes to the codes and effects of the vectors: ${group}`, () => {
    for (const { title, steps } of read(group).cases) {
      const scratch = new ScratchLedger()
      for (const step of steps) {
        const { transaction: tx, code, writes } = step === 'genesis' ? { transaction: genesis(), code: 'VALID', writes: undefined } : step
        const proposal = scratch.propose(tx as unknown as Transaction)
        assert.equal(scratch.commit(proposal).code, code, title)
        if (writes !== undefined) assert.deepEqual(proposal.trace.changes.map(({ key, after }) => [key, after]), writes, title)
      }
    }
  })

  it('tells what was read, in which round, and what was there before', () => {
    const scratch = peopled()
    const first = scratch.propose(decide(consent(alice)))
    assert.ok(first.trace.reads.some(({ key, value }) => key[0] === 'member' && value !== undefined))
    assert.ok(first.trace.changes.every(({ before }) => before === null))
    scratch.commit(first)
    const second = scratch.propose(decide(consent(alice, { version: 2, operation: 'withdraw' })))
    assert.deepEqual(second.trace.changes.find(({ key }) => key[0] === 'consent')?.before, first.trace.changes.find(({ key }) => key[0] === 'consent')?.after)
  })

  it('names the key on which two proposals of one state collide, and takes the first alone', () => {
    const scratch = peopled()
    const [one, other] = [decide(consent(alice)), decide(consent(alice))].map((tx) => scratch.propose(tx))
    assert.ok(one !== undefined && other !== undefined)
    assert.deepEqual([one.trace.code, other.trace.code], ['VALID', 'VALID'])
    assert.equal(scratch.commit(one).code, 'VALID')
    const before = scratch.entries()
    const { code, conflicts } = scratch.commit(other)
    assert.equal(code, 'WRITE_CONFLICT')
    assert.deepEqual(conflicts.map(([table]) => table), ['consent'])
    assert.deepEqual(scratch.entries(), before)
    assert.equal(scratch.propose(other.transaction).trace.code, 'CONTRACT_VERSION_CONFLICT')
  })

  it('sees what has appeared in a range that was read', () => {
    const scratch = peopled()
    const votes = ['berlin', 'institute'].map((by) => scratch.propose(transaction({ call: 'participants@1 suspend', payload: { member: 'rome', version: 1 }, by })))
    const [first, second] = votes
    assert.ok(first !== undefined && second?.trace.ranges.length === 1)
    assert.equal(scratch.commit(first).code, 'VALID')
    const { code, conflicts } = scratch.commit(second)
    assert.equal(code, 'WRITE_CONFLICT')
    assert.ok(conflicts.some((key) => second.trace.ranges[0]?.prefix.every((part, at) => key[at] === part)))
    assert.equal(scratch.commit(scratch.propose(second.transaction)).code, 'VALID', 'proposed again, it takes effect')
  })
})

describe('signedAnew', () => {
  it('gives every transaction of the vectors back that its keys can sign', () => {
    let same = 0
    for (const { steps } of groups.flatMap((group) => read(group).cases)) for (const step of steps) {
      if (step === 'genesis' || step.code !== 'VALID') continue
      assert.deepEqual(signedAnew(step.transaction as unknown as Transaction, sampleKeys), step.transaction)
      same++
    }
    assert.ok(same > 100, `${same} accepted transactions`)
  })

  it('makes an edited decision count where it has her key, and leaves the old signature where it has not', () => {
    const scratch = peopled()
    const tx = structuredClone(decide(consent(alice))) as unknown as { payload: { statement: { content: string } }; operationId: string }
    tx.payload.statement.content = publicKeyOf('other terms')
    const edited = tx as unknown as Transaction
    assert.equal(scratch.propose(edited).trace.code, 'CONTRACT_BAD_SIGNATURE')
    assert.equal(scratch.propose(signedAnew(structuredClone(edited), sampleKeys)).trace.code, 'VALID')
    const withoutHers = signedAnew(structuredClone(edited), (key) => (key === publicKeyOf('ledger') ? keyOf('ledger') : undefined))
    const { trace } = scratch.propose(withoutHers)
    assert.deepEqual([trace.code, trace.signatures.map(({ holds }) => holds)], ['CONTRACT_BAD_SIGNATURE', [true, false]])
  })
})
