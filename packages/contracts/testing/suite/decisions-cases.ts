// Cases of `consents@1` and `opt-outs@1`: alone, in a batch, at a desk.
import assert from 'node:assert/strict'
import type { SignedConsentDecision, SignedOptOut } from '@mhmd/schema'
import { stateKeys } from '../../src/state-keys.ts'
import type { ContractEvent, Transaction } from '../../src/contract.ts'
import type { Case, Play } from '../play.ts'
import { atDesk, closing, consent, day, decide, declare, deskDeclaration, digestOf, freshId, herKey, keyOf, optOut, person, registerStaff, staffOf, subjectOf, suiteTime, transaction } from '../world.ts'

const alice = person('alice')
const bob = person('bob')
const consentKey = stateKeys.consent('rome', subjectOf(alice))
const optOutKey = stateKeys.optOut('rome', subjectOf(alice))
const batch = (items: readonly SignedConsentDecision[], operationId = freshId()): Transaction => transaction({ call: 'consents@1 decide-batch', payload: { items }, operationId })
const optOutBatch = (items: readonly SignedOptOut[]): Transaction => transaction({ call: 'opt-outs@1 declare-batch', payload: { items } })

/** The codes of a batch's items, in order. */
function codesOf(play: Play, events: readonly ContractEvent[]): readonly string[] {
  const codes = events.filter((event) => event.name === 'item').map((event) => (event.payload as { code: string }).code)
  for (const code of codes) if (code !== 'VALID') play.meets(code)
  return codes
}

export const decisionsCases: readonly Case[] = [
  ['her key sets, withdraws and sets anew, version by version', async (play) => {
    await play.peopled(alice)
    await play.accepts(decide(consent(alice)))
    await play.holds(consentKey, { version: 1, state: 'active', by: 'subject', content: digestOf('terms') })
    await play.accepts(decide(consent(alice, { operation: 'withdraw', version: 2 })))
    await play.holds(consentKey, { version: 2, state: 'withdrawn', by: 'subject' })
    await play.accepts(decide(consent(alice, { version: 3 })))
    await play.holds(consentKey, { version: 3, state: 'active' })
  }],
  ['only her key at that holder speaks for her', async (play) => {
    const atBerlin = person('alice', 'berlin')
    await play.peopled(alice, bob, atBerlin)
    for (const key of [herKey(bob), herKey(atBerlin), keyOf('rome'), keyOf('accounts'), keyOf('recovery of alice at rome')]) await play.refuses('NOT_HER_KEY', decide(consent(alice, {}, key)))
    await play.refuses('BAD_SIGNATURE', decide({ ...consent(alice, {}, keyOf('rome')), key: herKey(alice).publicKey }))
    await play.refuses('SUBJECT_UNKNOWN', decide(consent(person('nobody'))))
    await play.holds(consentKey, undefined)
  }],
  ['a signed decision cannot be changed, carried over to another network, nor taken for an opt-out', async (play) => {
    await play.peopled(alice)
    const good = consent(alice)
    await play.refuses('BAD_SIGNATURE', decide({ ...good, statement: { ...good.statement, content: digestOf('other terms') } }))
    await play.refuses('WRONG_NETWORK', decide(consent(alice, { network: digestOf('another') })))
    await play.refuses('BAD_PAYLOAD', transaction({ call: 'opt-outs@1 declare', payload: good, operationId: good.statement.operationId }))
    await play.refuses('BAD_SIGNATURE', declare({ ...good, statement: { ...good.statement, contract: 'opt-outs@1' } }))
    await play.refuses('OTHER_OPERATION', decide(good, { operationId: freshId() }))
    await play.accepts(decide(good))
    await play.refuses('OPERATION_DONE', decide(good, { by: 'rome' }))
  }],
  ['versions grow by exactly one', async (play) => {
    await play.peopled(alice)
    await play.refuses('VERSION_CONFLICT', decide(consent(alice, { version: 2 })))
    await play.accepts(decide(consent(alice)))
    for (const version of [1, 3]) await play.refuses('VERSION_CONFLICT', decide(consent(alice, { version })))
  }],
  ['a consent whose time is over is refused; a withdrawal is never too late, and needs nothing before it', async (play) => {
    await play.peopled(alice)
    await play.refuses('STATEMENT_EXPIRED', decide(consent(alice, { expires: suiteTime - 1 })))
    await play.accepts(decide(consent(alice, { operation: 'withdraw', expires: suiteTime - 1 })))
    await play.holds(consentKey, { version: 1, state: 'withdrawn' })
  }],
  ['opting out and back in follow the same rules', async (play) => {
    await play.peopled(alice)
    await play.accepts(declare(optOut(alice)))
    await play.holds(optOutKey, { version: 1, state: 'active', by: 'subject' })
    await play.holds(consentKey, undefined)
    await play.refuses('STATEMENT_EXPIRED', declare(optOut(alice, { operation: 'withdraw', version: 2, expires: suiteTime - 1 })))
    await play.refuses('NOT_HER_KEY', declare(optOut(alice, { operation: 'withdraw', version: 2 }, keyOf('rome'))))
    await play.accepts(declare(optOut(alice, { operation: 'withdraw', version: 2 })))
    await play.holds(optOutKey, { version: 2, state: 'withdrawn' })
  }],
  ['a stranger submits nothing, though she signed', async (play) => {
    await play.peopled(alice)
    await play.refuses('NOT_A_MEMBER', decide(consent(alice), { by: 'stranger' }))
  }],
  ['in a batch each item stands alone', async (play) => {
    const people = ['carla', 'dario', 'elena'].map((name) => person(name))
    await play.peopled(alice, bob, ...people)
    const [carla = alice, dario = alice, elena = alice] = people
    const forged = { ...consent(bob, {}, keyOf('mallory')), key: herKey(bob).publicKey }
    const items = [consent(alice), forged, consent(carla, { version: 5 }), consent(dario, { network: digestOf('another') }), consent(elena, {}, keyOf('mallory')), consent(person('nobody'))]
    const codes = codesOf(play, await play.accepts(batch(items)))
    assert.deepEqual(codes, ['VALID', 'CONTRACT_BAD_SIGNATURE', 'CONTRACT_VERSION_CONFLICT', 'CONTRACT_WRONG_NETWORK', 'CONTRACT_NOT_HER_KEY', 'CONTRACT_SUBJECT_UNKNOWN'])
    await play.holds(consentKey, { version: 1, state: 'active' })
    for (const who of [bob, ...people]) await play.holds(stateKeys.consent('rome', subjectOf(who)), undefined)
    await play.holds(stateKeys.operation(items[0]?.statement.operationId ?? ''), { operation: 'decide-batch' })
    await play.holds(stateKeys.operation(forged.statement.operationId), undefined)
  }],
  ['a second item about the same subject is refused; it may come in the next batch', async (play) => {
    await play.peopled(alice, bob)
    const second = consent(alice, { operation: 'withdraw', version: 2 })
    assert.deepEqual(codesOf(play, await play.accepts(batch([consent(alice), second, consent(bob)]))), ['VALID', 'CONTRACT_BATCH_SAME_KEY', 'VALID'])
    assert.deepEqual(codesOf(play, await play.accepts(batch([second]))), ['VALID'])
    await play.holds(consentKey, { version: 2, state: 'withdrawn' })
  }],
  ['an item’s operation id takes effect once, in batches and alone', async (play) => {
    await play.peopled(alice, bob)
    const item = consent(alice)
    const same = consent(bob, { operationId: item.statement.operationId })
    assert.deepEqual(codesOf(play, await play.accepts(batch([item, same]))), ['VALID', 'CONTRACT_OPERATION_DONE'])
    assert.deepEqual(codesOf(play, await play.accepts(batch([item]))), ['CONTRACT_OPERATION_DONE'])
    await play.refuses('OPERATION_DONE', decide(item))
    const own = consent(bob)
    assert.deepEqual(codesOf(play, await play.accepts(batch([own], own.statement.operationId))), ['CONTRACT_OPERATION_DONE'])
    await play.holds(stateKeys.consent('rome', subjectOf(bob)), undefined)
  }],
  ['a batch whose submitter did not sign it is refused whole', async (play) => {
    await play.peopled(alice)
    const tx = batch([consent(alice)])
    await play.refuses('BAD_SIGNATURE', { ...tx, time: tx.time + 1 })
    await play.refuses('BAD_PAYLOAD', batch([]))
  }],
  ['opt-outs come in batches too', async (play) => {
    await play.peopled(alice, bob)
    assert.deepEqual(codesOf(play, await play.accepts(optOutBatch([optOut(alice), optOut(bob, { version: 2 })]))), ['VALID', 'CONTRACT_VERSION_CONFLICT'])
    await play.holds(optOutKey, { version: 1, state: 'active', by: 'subject' })
  }],
]

export const deskCases: readonly Case[] = [
  ['a desk declares for someone without a key, under two staff keys', async (play) => {
    await play.founded()
    await play.accepts(registerStaff('rome'))
    await play.accepts(atDesk(deskDeclaration(alice)))
    await play.holds(consentKey, { version: 1, state: 'active', by: 'desk' })
    await play.accepts(atDesk(deskDeclaration(alice, { operation: 'withdraw', version: 2, expires: suiteTime - 1 })))
    await play.holds(consentKey, { version: 2, state: 'withdrawn', by: 'desk' })
    await play.accepts(atDesk(deskDeclaration(alice, { kind: 'opt-out' })))
    await play.holds(optOutKey, { version: 1, state: 'active', by: 'desk' })
    await play.accepts(atDesk(deskDeclaration(alice, { kind: 'opt-out', operation: 'withdraw', version: 2 })))
    await play.holds(optOutKey, { version: 2, state: 'withdrawn', by: 'desk' })
  }],
  ['it takes two different active staff keys of that holder, which submits it itself', async (play) => {
    await play.founded()
    await play.accepts(registerStaff('rome'))
    await play.accepts(registerStaff('berlin'))
    const [first, second] = staffOf('rome')
    await play.refuses('DUPLICATE', atDesk(deskDeclaration(alice, {}, [first, first])))
    await play.refuses('NOT_STAFF', atDesk(deskDeclaration(alice, {}, [first, keyOf('mallory')])))
    await play.refuses('NOT_STAFF', atDesk(deskDeclaration(alice, {}, [first, staffOf('berlin')[0]])))
    await play.refuses('NOT_YOURS', atDesk(deskDeclaration(alice), { by: 'berlin' }))
    const good = deskDeclaration(alice)
    await play.refuses('BAD_SIGNATURE', atDesk({ ...good, signatures: [...good.signatures].reverse() }))
    await play.refuses('BAD_SIGNATURE', atDesk({ ...good, statement: { ...good.statement, evidence: digestOf('other evidence') } }))
    await play.refuses('OTHER_OPERATION', atDesk(good, { operationId: freshId() }))
    await play.refuses('WRONG_NETWORK', atDesk(deskDeclaration(alice, { network: digestOf('another') })))
    await play.accepts(registerStaff('rome', [second], 'revoked'))
    await play.refuses('NOT_STAFF', atDesk(good))
  }],
  ['a member that holds no data has no desk', async (play) => {
    await play.founded()
    await play.accepts(registerStaff('institute'))
    await play.refuses('ROLE_MISSING', atDesk(deskDeclaration(person('alice', 'institute'))))
  }],
  ['a desk never changes what she decided, and she changes what a desk declared', async (play) => {
    await play.peopled(alice)
    await play.accepts(atDesk(deskDeclaration(alice)))
    await play.accepts(decide(consent(alice, { operation: 'withdraw', version: 2 })))
    await play.holds(consentKey, { version: 2, state: 'withdrawn', by: 'subject' })
    await play.refuses('SUBJECT_DECIDED', atDesk(deskDeclaration(alice, { version: 3 })))
    await play.refuses('SUBJECT_DECIDED', atDesk(deskDeclaration(alice, { version: 3, operation: 'withdraw' })))
    await play.accepts(decide(consent(alice, { version: 3 })))
    await play.holds(consentKey, { version: 3, state: 'active', by: 'subject' })
  }],
  ['a desk opt-out protects where none of hers stands; hers cannot be touched', async (play) => {
    await play.peopled(alice)
    await play.accepts(declare(optOut(alice, { expires: suiteTime + day })))
    await play.refuses('SUBJECT_DECIDED', atDesk(deskDeclaration(alice, { kind: 'opt-out', version: 2 })))
    await play.refuses('SUBJECT_DECIDED', atDesk(deskDeclaration(alice, { kind: 'opt-out', operation: 'withdraw', version: 2 })))
    await play.accepts(atDesk(deskDeclaration(alice, { kind: 'opt-out', version: 2 }), { time: suiteTime + 2 * day }))
    await play.accepts(declare(optOut(alice, { operation: 'withdraw', version: 3 })))
    await play.refuses('SUBJECT_DECIDED', atDesk(deskDeclaration(alice, { kind: 'opt-out', operation: 'withdraw', version: 4 })))
    await play.accepts(atDesk(deskDeclaration(alice, { kind: 'opt-out', version: 4 })))
    await play.holds(optOutKey, { version: 4, state: 'active', by: 'desk' })
  }],
  ['a desk withdraws only what stands, and declares only what is next and not over', async (play) => {
    await play.peopled(alice)
    for (const kind of ['consent', 'opt-out'] as const) {
      await play.refuses('NOTHING_TO_WITHDRAW', atDesk(deskDeclaration(alice, { kind, operation: 'withdraw' })))
      await play.refuses('VERSION_CONFLICT', atDesk(deskDeclaration(alice, { kind, version: 2 })))
      await play.refuses('STATEMENT_EXPIRED', atDesk(deskDeclaration(alice, { kind, expires: suiteTime - 1 })))
    }
  }],
  ['for a closed subject a desk takes an opt-out and no consent', async (play) => {
    await play.peopled(alice)
    await play.accepts(transaction({ call: 'keys@1 close', payload: closing(alice) }))
    await play.refuses('SUBJECT_CLOSED', atDesk(deskDeclaration(alice)))
    await play.accepts(atDesk(deskDeclaration(alice, { kind: 'opt-out' })))
  }],
]
