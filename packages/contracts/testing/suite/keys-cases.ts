// Cases of `keys@1`.
import { stateKeys } from '../../src/state-keys.ts'
import { recoveryCommitment } from '../../src/statements.ts'
import type { Transaction } from '../../src/contract.ts'
import type { Case } from '../play.ts'
import { closing, consent, day, decide, digestOf, enrolment, herKey, keyOf, optOut, declare, person, publicKeyOf, replacement, subjectOf, suiteTime, transaction } from '../world.ts'

const alice = person('alice')
const enrol = (payload: unknown, time = suiteTime): Transaction => transaction({ call: 'keys@1 enrol', payload, time })
const replace = (payload: unknown, time = suiteTime): Transaction => transaction({ call: 'keys@1 replace', payload, time })
const close = (payload: unknown, time = suiteTime): Transaction => transaction({ call: 'keys@1 close', payload, time })
const newKey = keyOf('alice’s second key')

export const keysCases: readonly Case[] = [
  ['a key is enrolled under three signatures, whoever submits', async (play) => {
    await play.founded()
    await play.accepts(enrol(enrolment(alice)))
    await play.holds(stateKeys.subject('rome', subjectOf(alice)), { key: herKey(alice).publicKey, provider: 'accounts', version: 1, state: 'active' })
    await play.holds(stateKeys.subjectKey('rome', herKey(alice).publicKey), { subject: subjectOf(alice) })
  }],
  ['each of the three signatures is needed', async (play) => {
    await play.founded()
    for (const place of ['holder', 'provider'] as const) await play.refuses('KEY_NOT_VALID', enrol(enrolment(alice, {}, { [place]: keyOf('mallory') })))
    await play.refuses('BAD_SIGNATURE', enrol(enrolment(alice, {}, { subject: keyOf('mallory') })))
  }],
  ['an enrolment for another network, run out, or by members without the roles is refused', async (play) => {
    await play.founded()
    await play.refuses('WRONG_NETWORK', enrol(enrolment(alice, { network: digestOf('another') })))
    await play.refuses('STATEMENT_EXPIRED', enrol(enrolment(alice), suiteTime + 2 * day))
    await play.refuses('ROLE_MISSING', enrol(enrolment(alice, { provider: 'berlin' })))
    await play.refuses('ROLE_MISSING', enrol(enrolment(alice, { holder: 'institute' })))
    await play.refuses('NOT_A_MEMBER', enrol(enrolment(alice, { holder: 'stranger' })))
    const { statement, signatures } = enrolment(alice) as { statement: object; signatures: object }
    await play.refuses('BAD_PAYLOAD', enrol({ statement: { ...statement, version: 2 }, signatures }))
  }],
  ['a subject is enrolled once, and a key serves one subject of a holder', async (play) => {
    await play.peopled(alice)
    await play.refuses('SUBJECT_EXISTS', enrol(enrolment(alice, { key: newKey.publicKey }, { subject: newKey })))
    const bob = person('bob')
    await play.refuses('KEY_TAKEN', enrol(enrolment(bob, { key: herKey(alice).publicKey }, { subject: herKey(alice) })))
  }],
  ['the old key names the new one, and speaks no more', async (play) => {
    await play.peopled(alice)
    await play.accepts(decide(consent(alice)))
    await play.accepts(replace(replacement(alice, newKey)))
    await play.holds(stateKeys.subject('rome', subjectOf(alice)), { key: newKey.publicKey, version: 2, state: 'active' })
    await play.holds(stateKeys.consent('rome', subjectOf(alice)), { state: 'active', version: 1 })
    await play.refuses('NOT_HER_KEY', decide(consent(alice, { operation: 'withdraw', version: 2 })))
    await play.accepts(decide(consent(alice, { operation: 'withdraw', version: 2 }, newKey)))
  }],
  ['the recovery key names a new key, and a new recovery with it', async (play) => {
    await play.peopled(alice)
    await play.accepts(replace(replacement(alice, newKey, { by: 'recovery', changes: { recovery: recoveryCommitment(publicKeyOf('new recovery')) } })))
    await play.holds(stateKeys.subject('rome', subjectOf(alice)), { key: newKey.publicKey, recovery: recoveryCommitment(publicKeyOf('new recovery')) })
    await play.refuses('NOT_HER_KEY', replace(replacement(alice, keyOf('third'), { by: 'recovery', changes: { version: 3 } })))
    await play.accepts(replace(replacement(alice, keyOf('third'), { by: 'recovery', with: keyOf('new recovery'), changes: { version: 3 } })))
  }],
  ['no one else’s key, nor either key in the other’s place, replaces hers', async (play) => {
    await play.peopled(alice, person('bob'))
    await play.refuses('NOT_HER_KEY', replace(replacement(alice, newKey, { with: keyOf('mallory') })))
    await play.refuses('NOT_HER_KEY', replace(replacement(alice, newKey, { by: 'recovery', with: herKey(alice) })))
    await play.refuses('NOT_HER_KEY', replace(replacement(alice, newKey, { with: herKey(person('bob')) })))
    await play.refuses('BAD_SIGNATURE', replace(replacement(alice, newKey, { forged: { subject: keyOf('mallory') } })))
    await play.refuses('BAD_SIGNATURE', replace(replacement(alice, newKey, { forged: { newKey: keyOf('mallory') } })))
    await play.refuses('KEY_TAKEN', replace(replacement(alice, herKey(person('bob')))))
    await play.refuses('KEY_TAKEN', replace(replacement(alice, herKey(alice))))
    for (const version of [1, 3]) await play.refuses('VERSION_CONFLICT', replace(replacement(alice, newKey, { changes: { version } })))
    await play.refuses('STATEMENT_EXPIRED', replace(replacement(alice, newKey), suiteTime + 2 * day))
    await play.refuses('WRONG_NETWORK', replace(replacement(alice, newKey, { changes: { network: digestOf('another') } })))
    await play.refuses('SUBJECT_UNKNOWN', replace(replacement(person('nobody'), newKey)))
  }],
  ['holder and provider close a subject: no decision is taken, no key replaced, no second enrolment', async (play) => {
    await play.peopled(alice)
    await play.accepts(declare(optOut(alice)))
    await play.accepts(close(closing(alice)))
    await play.holds(stateKeys.subject('rome', subjectOf(alice)), { state: 'closed', version: 2 })
    await play.holds(stateKeys.optOut('rome', subjectOf(alice)), { state: 'active' })
    await play.refuses('SUBJECT_CLOSED', decide(consent(alice)))
    await play.refuses('SUBJECT_CLOSED', replace(replacement(alice, newKey, { changes: { version: 3 } })))
    await play.refuses('SUBJECT_CLOSED', close(closing(alice, { version: 3 })))
    await play.refuses('SUBJECT_EXISTS', enrol(enrolment(alice)))
  }],
  ['closing takes both, in time, for the next version', async (play) => {
    await play.peopled(alice)
    await play.refuses('KEY_NOT_VALID', close(closing(alice, { forged: { provider: keyOf('rome') } })))
    await play.refuses('KEY_NOT_VALID', close(closing(alice, { forged: { holder: keyOf('berlin') } })))
    await play.refuses('VERSION_CONFLICT', close(closing(alice, { version: 3 })))
    await play.refuses('STATEMENT_EXPIRED', close(closing(alice), suiteTime + 2 * day))
    await play.refuses('WRONG_NETWORK', close(closing(alice, { at: digestOf('another') })))
    await play.refuses('SUBJECT_UNKNOWN', close(closing(person('nobody'))))
  }],
]
