// What engines may rely on: total functions, declared reads and writes, proofs one by one, names of attempts.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { encodeKey } from '@mhmd/base'
import type { Canonical } from '@mhmd/base'
import { verifySignature } from '@mhmd/crypto'
import { MemoryEngine } from '../testing/engine.ts'
import { atDesk, consent, decide, deskDeclaration, digestOf, enrolment, freshId, genesis, herKey, keyOf, network, person, publicKeyOf, registerStaff, suiteTime, transaction } from '../testing/world.ts'
import type { Reads, StateView, Transaction } from './contract.ts'
import { contractErrors } from './errors.ts'
import { applyTransaction, proofsOf, readsNextOf, readsOf } from './execute.ts'
import { privateHashes } from './private.ts'
import { contractsTable } from './registry.ts'
import { stateKeys } from './state-keys.ts'
import { signTransaction, transactionId } from './transaction.ts'
import { declaredBy, encodedReads, narrowed, viewOf } from './view.ts'

const empty: StateView = { get: () => undefined, range: () => [] }
const alice = person('alice')

async function founded(): Promise<MemoryEngine> {
  const engine = new MemoryEngine()
  for (const tx of [genesis(), registerStaff('rome'), transaction({ call: 'keys@1 enrol', payload: enrolment(alice) })]) assert.ok((await engine.submit(tx)).ok)
  return engine
}
const viewOn = (engine: MemoryEngine): StateView => ({ get: (key) => engine.state.get(encodeKey(key)), range: () => [] })

describe('applyTransaction', () => {
  it('answers anything at all with an outcome, never with an exception', () => {
    const good = decide(consent(alice))
    const anything = fc.oneof(
      fc.anything(),
      fc.record({ contract: fc.constantFrom(...Object.keys(contractsTable), '__proto__@1', 'toString@1'), operation: fc.constantFrom('decide', 'genesis', '__proto__', 'constructor'), payload: fc.jsonValue() }).map((changes) => ({ ...good, ...changes })),
      fc.tuple(fc.constantFrom(...Object.keys(good)), fc.anything()).map(([member, value]) => ({ ...good, [member]: value })),
      fc.tuple(fc.constantFrom(...Object.keys(consent(alice).statement)), fc.anything()).map(([member, value]) => ({ ...good, payload: { ...consent(alice), statement: { ...consent(alice).statement, [member]: value } } })),
    )
    fc.assert(fc.property(anything, fc.boolean(), (tx, proofsValid) => {
      const outcome = applyTransaction(tx as Transaction, empty, { proofsValid })
      assert.equal(outcome.ok, false)
      for (const reads of [readsOf(tx as Transaction), readsNextOf(tx as Transaction, empty)]) for (const key of reads.keys ?? []) encodeKey(key)
      proofsOf(tx as Transaction)
    }), { numRuns: 1000 })
  })

  it('judges and names a transaction that its giver froze as any other', async () => {
    const view = viewOn(await founded())
    const tx = decide(consent(alice))
    const closed = Object.freeze({ ...tx })
    assert.deepEqual(applyTransaction(closed, view, { proofsValid: true }), applyTransaction(tx, view, { proofsValid: true }))
    assert.deepEqual(proofsOf(closed), proofsOf(tx))
    assert.equal(transactionId(closed), transactionId(tx))
  })

  it('survives nesting as deep as a body may bring it', () => {
    const deep = JSON.parse('['.repeat(200_000) + ']'.repeat(200_000)) as Canonical
    const outcome = applyTransaction({ ...decide(consent(alice)), payload: deep }, empty, { proofsValid: true })
    assert.ok(!outcome.ok && /^CONTRACT_BAD_(TRANSACTION|PAYLOAD)$/.test(outcome.refusal.code))
  })

  it('takes proofs as one verdict or one by one, and trusts none that is missing', async () => {
    const engine = await founded()
    const tx = decide(consent(alice))
    assert.equal(proofsOf(tx).length, 2)
    const codeWith = (proofsValid: boolean | readonly boolean[]): string => {
      const outcome = applyTransaction(tx, viewOn(engine), { proofsValid })
      return outcome.ok ? 'VALID' : outcome.refusal.code
    }
    for (const proofsValid of [true, [true, true]]) assert.equal(codeWith(proofsValid), 'VALID')
    for (const proofsValid of [false, [], [true], [true, false], [false, true], [true, true, true]]) assert.equal(codeWith(proofsValid), 'CONTRACT_BAD_SIGNATURE')
  })

  it('lets a batch refuse single items only when told of single proofs', async () => {
    const engine = await founded()
    const tx = transaction({ call: 'consents@1 decide-batch', payload: { items: [consent(alice)] } })
    const codesWith = (proofsValid: boolean | readonly boolean[]): unknown => {
      const outcome = applyTransaction(tx, viewOn(engine), { proofsValid })
      return outcome.ok ? outcome.value.events.map((event) => (event.payload as { code: string }).code) : outcome.refusal.code
    }
    assert.deepEqual(codesWith(true), ['VALID'])
    assert.deepEqual(codesWith([true, false]), ['CONTRACT_BAD_SIGNATURE'])
    for (const proofsValid of [false, [false, true], [true]]) assert.equal(codesWith(proofsValid), 'CONTRACT_BAD_SIGNATURE')
  })

  it('checks the desk’s and the enrolment’s signatures in their order', () => {
    const declaration = atDesk(deskDeclaration(alice))
    assert.deepEqual(proofsOf(declaration).map((proof) => proof.publicKey), [publicKeyOf('rome'), publicKeyOf('first clerk of rome'), publicKeyOf('second clerk of rome')])
    const enrol = transaction({ call: 'keys@1 enrol', payload: enrolment(alice) })
    assert.deepEqual(proofsOf(enrol).map((proof) => proof.publicKey), [publicKeyOf('ledger'), publicKeyOf('rome'), publicKeyOf('accounts'), herKey(alice).publicKey])
    for (const proof of [...proofsOf(declaration), ...proofsOf(enrol)]) assert.ok(verifySignature(proof.publicKey, proof.bytes, proof.signature))
  })
})

describe('a transaction that was seen', () => {
  it('cannot be changed after its signatures were checked', () => {
    const item = consent(alice)
    const tx = decide(item)
    assert.equal(proofsOf(tx).length, 2)
    assert.throws(() => { (tx as { time: number }).time = 5 }, TypeError)
    assert.throws(() => { (item.statement as { version: number }).version = 9 }, TypeError)
  })

  it('is named anew as long as it can be changed', () => {
    const tx = { ...registerStaff('rome') }
    const before = transactionId(tx)
    tx.time += 1
    assert.notEqual(transactionId(tx), before)
  })
})

describe('a contract that looks or writes beyond what it declared', () => {
  const declared = declaredBy([encodedReads({ keys: [['a', 'b']] }), encodedReads({ prefixes: [['c']] })])
  const view = narrowed(empty, declared, () => contractErrors.UNDECLARED_READ({ contract: 'x@1', operation: 'y' }))

  it('is stopped', () => {
    assert.equal(view.get(['a', 'b']), undefined)
    assert.deepEqual(view.range(['c']), [])
    assert.throws(() => view.get(['a']), { code: 'CONTRACT_UNDECLARED_READ' })
    assert.throws(() => view.get(['c', 'd']), { code: 'CONTRACT_UNDECLARED_READ' })
    assert.throws(() => view.range(['a']), { code: 'CONTRACT_UNDECLARED_READ' })
  })

  it('is stopped inside applyTransaction too', async () => {
    const engine = await founded()
    const staff = contractsTable['participants@1']?.operations['staff']
    assert.ok(staff)
    const undeclared = (changes: Partial<typeof staff>): (() => unknown) => {
      const operations = contractsTable['participants@1']?.operations as Record<string, unknown>
      return () => {
        operations['staff'] = { ...staff, ...changes }
        try {
          return applyTransaction(registerStaff('rome'), viewOn(engine), { proofsValid: true })
        } finally {
          operations['staff'] = staff
        }
      }
    }
    const reads = (): Reads => ({})
    assert.throws(undeclared({ reads }), { code: 'CONTRACT_UNDECLARED_WRITE' })
    assert.throws(undeclared({ apply: (_tx, state) => ({ ok: true, value: { writes: [], events: [{ name: 'seen', payload: state.get(['member', 'berlin']) ?? null }] } }) }), { code: 'CONTRACT_UNDECLARED_READ' })
    assert.throws(undeclared({ readsNext: (_tx, state) => ({ keys: [['member', String(state.get(['member', 'berlin']))]] }) }), { code: 'CONTRACT_UNDECLARED_READ' })
  })
})

describe('viewOf', () => {
  it('shows what was fetched, and of a range only what lies strictly below', () => {
    const entries = [{ key: ['a'], value: 1 }, { key: ['a', 'b'], value: 2 }] as const
    const view = viewOf({ values: new Map<string, Canonical>([[encodeKey(['k']), 7]]), ranges: new Map([[encodeKey(['a']), entries]]) })
    assert.equal(view.get(['k']), 7)
    assert.equal(view.at?.(encodeKey(['k'])), 7)
    assert.deepEqual(view.range(['a']).map((entry) => entry.value), [2])
    assert.deepEqual(view.range(['z']), [])
  })
})

describe('transactions', () => {
  it('are named by everything but their signature', () => {
    const fields = { network, contract: 'private@1', operation: 'purge', operationId: freshId(), submitter: 'rome', time: suiteTime, payload: { keyHash: digestOf('key') } }
    const tx = signTransaction(fields, keyOf('rome'))
    assert.equal(tx.key, publicKeyOf('rome'))
    assert.equal(transactionId({ ...tx, signature: signTransaction({ ...fields, time: 5 }, keyOf('rome')).signature }), transactionId(tx))
    assert.notEqual(transactionId({ ...tx, time: tx.time + 1 }), transactionId(tx))
    assert.notEqual(transactionId({ ...tx, key: publicKeyOf('berlin') }), transactionId(tx))
  })

  it('always read the network, their operation and their submitter', () => {
    const tx = registerStaff('rome')
    assert.deepEqual(readsOf(tx).keys?.slice(0, 3), [stateKeys.network(), stateKeys.operation(tx.operationId), stateKeys.member('rome')])
  })
})

describe('privateHashes', () => {
  it('refuses a value without room for randomness, and hides the key', () => {
    assert.throws(() => privateHashes(['note'], Buffer.alloc(15)), { code: 'CONTRACT_PRIVATE_VALUE_SHORT' })
    const [one, other] = [1, 2].map((fill) => privateHashes(['note'], Buffer.alloc(16, fill)))
    assert.notEqual(one?.keyHash, other?.keyHash)
    // printf 'note\0%s' 0123456789abcdef | openssl dgst -sha256 -binary | basenc --base64url | tr -d =
    assert.deepEqual(privateHashes(['note'], Buffer.from('0123456789abcdef')), { keyHash: '38GceBp3gfgs4FUvBLku-UrG54a-P0G0POPW7-VTi3c', valueHash: 'n59REfeyengfHx3d5evC3St5a_xzZcnCi1SOVkF2kp8' })
  })
})
