// The contracts inside the fake chaincode: races for the same keys are seen because everything written was read; bad bytes and times are refused.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { FakeFabricEngine } from '../testing/fabric-wrapper.ts'
import { FakePeer } from '../testing/fake-fabric-stub.ts'
import { applicationOf, consent, decide, enrolment, genesis, memberRecord, person, proposal, registerStaff, suiteTime, transaction } from '../testing/world.ts'
import { stateKeys } from './state-keys.ts'
import type { Transaction } from './contract.ts'

async function founded(...more: readonly Transaction[]): Promise<FakeFabricEngine> {
  const engine = new FakeFabricEngine()
  for (const tx of [genesis(), ...more]) assert.ok((await engine.submit(tx)).ok)
  return engine
}
const race = async (engine: FakeFabricEngine, txs: readonly Transaction[]): Promise<readonly string[]> =>
  engine.commit((await Promise.all(txs.map((tx) => engine.simulate(tx)))).map(({ simulation }) => simulation))

describe('racing transactions', () => {
  const alice = person('alice')
  const enrol = transaction({ call: 'keys@1 enrol', payload: enrolment(alice) })

  it('on one decision: the first is valid, the others conflict', async () => {
    const engine = await founded(enrol)
    const codes = await race(engine, [consent(alice), consent(alice, { operation: 'withdraw' }), consent(alice)].map((item) => decide(item)))
    assert.deepEqual(codes, ['VALID', 'MVCC_READ_CONFLICT', 'MVCC_READ_CONFLICT'])
  })

  it('with one operation id: it takes effect once', async () => {
    const engine = await founded(enrol, transaction({ call: 'keys@1 enrol', payload: enrolment(person('bob')) }))
    const first = consent(alice)
    const codes = await race(engine, [decide(first), decide(consent(person('bob'), { operationId: first.statement.operationId }))])
    assert.deepEqual(codes, ['VALID', 'MVCC_READ_CONFLICT'])
  })

  it('of two admitting members: the second sees the first’s vote as a phantom, and admits when it votes again', async () => {
    const newcomer = memberRecord('newcomer')
    const engine = await founded(proposal(newcomer))
    const admissions = ['rome', 'berlin'].map((by) => transaction({ call: 'participants@1 admit', by, payload: { member: 'newcomer', application: applicationOf(newcomer) } }))
    assert.deepEqual(await race(engine, admissions), ['VALID', 'PHANTOM_READ_CONFLICT'])
    assert.equal(await engine.get(stateKeys.member('newcomer')), undefined)
    assert.ok((await engine.submit(admissions[1] as Transaction)).ok)
    assert.notEqual(await engine.get(stateKeys.member('newcomer')), undefined)
  })

  it('on different people: all are valid', async () => {
    const people = ['alice', 'bob', 'carla'].map((name) => person(name))
    const engine = await founded(...people.map((who) => transaction({ call: 'keys@1 enrol', payload: enrolment(who) })))
    assert.deepEqual(await race(engine, people.map((who) => decide(consent(who)))), ['VALID', 'VALID', 'VALID'])
  })
})

describe('the chaincode', () => {
  it('refuses bytes that are no transaction, and a time far from the proposal’s', async () => {
    const engine = await founded()
    for (const bytes of ['', '{', 'null', '[1]', '"x"', '\ufeff{}']) {
      const { response, simulation } = await engine.simulateBytes(Buffer.from(bytes), suiteTime)
      assert.deepEqual([response, simulation.writes.size], [{ status: 400, payload: '{"code":"CONTRACT_BAD_TRANSACTION"}' }, 0])
    }
    assert.equal((await engine.simulateBytes(Buffer.from([0xff, 0xfe]), suiteTime)).response.status, 400)
    const tx = registerStaff('rome')
    for (const [skew, status] of [[-300_001, 400], [300_001, 400], [-300_000, 200], [300_000, 200]] as const) assert.equal((await engine.simulate(tx, tx.time + skew)).response.status, status)
  })
})

describe('the fake stub', () => {
  it('never shows a transaction its own writes, and gives empty bytes for what is absent', async () => {
    const peer = new FakePeer()
    const stub = peer.stub({ timestamp: 1_900_000_000_123, nonce: 'one' })
    const key = stub.createCompositeKey('kind', ['a'])
    await stub.putState(key, Buffer.from('value'))
    assert.equal((await stub.getState(key)).length, 0)
    assert.deepEqual(stub.getTxTimestamp(), { seconds: 1_900_000_000, nanos: 123_000_000 })
    assert.deepEqual(peer.commit([stub.simulated()]), ['VALID'])
    const next = peer.stub({ timestamp: 1, nonce: 'two' })
    assert.equal(Buffer.from(await next.getState(key)).toString(), 'value')
    await next.deleteState(key)
    assert.deepEqual(peer.commit([next.simulated()]), ['VALID'])
    assert.equal((await peer.stub({ timestamp: 1, nonce: 'three' }).getState(key)).length, 0)
    await assert.rejects(peer.stub({ timestamp: 1, nonce: 'four' }).putState(key, new Uint8Array(0)))
  })
})
