// Four faults on a real Fabric network under load: the leader dies, a peer dies, an organisation is cut off, endorsements are forged. Every fault there is: `npm run soak -- fabric-faults`.
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import type { Canonical } from '@mhmd/base'
import { stateKeys } from '@mhmd/contracts'
import type { Transaction } from '@mhmd/contracts'
import { attacks, faults } from './faults.ts'
import { openGround } from './ground.ts'
import type { Ground } from './ground.ts'
import { invokeDirectly } from './invoke.ts'
import { groupIn, openPartition } from './partition.ts'
import type { Partition } from './partition.ts'
import { planFor } from './plan.ts'

let ground: Ground
let partition: Partition

suite('faults on Fabric', () => {
  before(async () => {
    const plan = planFor('', 300)
    partition = await openPartition(plan)
    ground = await openGround(300, { groupOf: groupIn(plan) })
  })
  after(async () => {
    await ground.close()
    await partition.close()
  })

  test('a forged decision sent by Fabric\'s own command line is refused at endorsement with the contract\'s code, while no gateway and no node runs', async () => {
    const { fabric, network } = ground
    const good = ground.decide('rome')
    const altered = (change: (payload: { statement: Record<string, unknown>; signature: string }) => void): Transaction => {
      const copy = structuredClone(good) as unknown as { payload: { statement: Record<string, unknown>; signature: string } }
      change(copy.payload)
      // Signed again by the submitting member, as whoever holds all of its keys could.
      const { contract, operation, operationId } = good
      return network.transaction('rome', { contract, operation, operationId, payload: copy.payload as unknown as Canonical })
    }
    const forgeries: Readonly<Record<string, readonly [Transaction, string]>> = {
      'a withdrawal turned into a consent': [altered(({ statement }) => { statement['operation'] = 'withdraw' }), 'CONTRACT_BAD_SIGNATURE'],
      'her signature on another content': [altered(({ statement }) => { statement['content'] = network.subject(3).padEnd(43, 'A') }), 'CONTRACT_BAD_SIGNATURE'],
      'another citizen\'s signature': [altered((payload) => { payload.signature = (network.decide(1, 1).payload as { signature: string }).signature }), 'CONTRACT_BAD_SIGNATURE'],
      'a member\'s signature that is not his': [{ ...good, submitter: 'institute' }, 'CONTRACT_BAD_SIGNATURE'],
      'a submitter that is no member': [{ ...good, submitter: 'nobody' }, 'CONTRACT_'],
    }
    for (const [what, [transaction, code]] of Object.entries(forgeries)) assert.match(await invokeDirectly(fabric, transaction), new RegExp(code), what)
    // One organisation's endorsement is not enough for what is genuine either: it is ordered, and found invalid.
    assert.match(await invokeDirectly(fabric, good, ['rome']), /ENDORSEMENT_POLICY_FAILURE/)
    assert.equal(await ground.ledgerOf('rome').get(stateKeys.consent('rome', network.subject(12))), undefined)
    assert.equal(await invokeDirectly(fabric, good), 'VALID')
    await ground.acknowledged('rome', good)
  })

  for (const name of ['forged endorsement', 'stale read set', 'certificate that has ended', 'certificate of a stranger'] as const) test(name, async () => void await attacks[name](ground))

  for (const [name, victims] of [['orderer killed', ['rome', 'accounts', 'institute', 'access-body']], ['peer killed', ['rome']], ['organisation cut off', ['rome']]] as const) {
    for (const victim of victims) test(`${name}: ${victim}`, async () => void await faults[name]({ ground, partition, victim }))
  }
})
