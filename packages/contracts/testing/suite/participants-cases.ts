// Cases of the common wrapper and of `participants@1`.
import { stateKeys } from '../../src/state-keys.ts'
import { memberRotationStatement, signStatement, statementKinds } from '../../src/statements.ts'
import type { MemberRecord, MemberRotation } from '@mhmd/schema'
import type { Transaction } from '../../src/contract.ts'
import type { Case } from '../play.ts'
import { applicationOf, day, digestOf, freshId, genesis, keyOf, memberRecord, network, networkDocument, proposal, publicKeyOf, registerStaff, suiteTime, transaction } from '../world.ts'

const harmless = (more: Partial<Parameters<typeof transaction>[0]> = {}): Transaction => transaction({ call: 'participants@1 staff', by: 'rome', payload: { keys: [{ key: publicKeyOf('clerk'), state: 'active' }] }, ...more })

const admit = (member: MemberRecord, by: string): Transaction => transaction({ call: 'participants@1 admit', by, payload: { member: member.id, application: applicationOf(member) } })
const vote = (operation: 'suspend' | 'reinstate', member: string, { by, version }: { by: string; version: number }): Transaction =>
  transaction({ call: `participants@1 ${operation}`, by, payload: { member, version } })
function rotate(member: string, changes: MemberRotation['changes'], more: { by?: string; version?: number; newKey?: string; network?: string } = {}): Transaction {
  const statement = memberRotationStatement({ network: more.network ?? network, member, version: more.version ?? 2, changes })
  const proof = more.newKey === undefined ? {} : { newKeySignature: signStatement(statementKinds.memberRotation, statement, keyOf(more.newKey)) }
  return transaction({ call: 'participants@1 rotate', by: more.by ?? member, payload: { statement, ...proof } })
}

export const wrapperCases: readonly Case[] = [
  ['a transaction that is not well-formed is refused', async (play) => {
    await play.founded()
    const good = harmless()
    const { submitter: _, ...without } = good
    for (const bad of [{ ...good, time: 1.5 }, { ...good, extra: 1 }, { ...good, operationId: '../../etc/passwd' }, { ...good, time: 1e18 }, without]) await play.refuses('BAD_TRANSACTION', bad as Transaction)
  }],
  ['an unknown contract, version or operation is refused', async (play) => {
    await play.founded()
    await play.refuses('UNKNOWN', harmless({ call: 'weather@1 staff' }))
    await play.refuses('UNKNOWN', harmless({ call: 'participants@2 staff' }))
    await play.refuses('OPERATION_UNKNOWN', harmless({ call: 'participants@1 leave' }))
    await play.refuses('OPERATION_UNKNOWN', harmless({ call: 'participants@1 constructor' }))
  }],
  ['a payload of another shape is refused', async (play) => {
    await play.founded()
    for (const payload of [null, [], 'text', { keys: [] }, { keys: [{ key: 'short', state: 'active' }] }, { keys: [{ key: publicKeyOf('clerk'), state: 'active' }], note: 'free text' }]) await play.refuses('BAD_PAYLOAD', harmless({ payload }))
  }],
  ['nothing happens before genesis', (play) => play.refuses('NO_NETWORK', harmless())],
  ['a transaction for another network is refused', async (play) => {
    await play.founded()
    await play.refuses('WRONG_NETWORK', harmless({ network: digestOf('another network') }))
  }],
  ['an operation id takes effect once, also for another submitter or operation', async (play) => {
    await play.founded()
    const operationId = freshId()
    await play.accepts(harmless({ operationId }))
    await play.holds(stateKeys.operation(operationId), { contract: 'participants@1', operation: 'staff' })
    await play.refuses('OPERATION_DONE', harmless({ operationId }))
    await play.refuses('OPERATION_DONE', harmless({ operationId, by: 'berlin' }))
  }],
  ['a refused operation id is still free', async (play) => {
    await play.founded()
    const operationId = freshId()
    await play.refuses('BAD_SIGNATURE', { ...harmless({ operationId }), signature: harmless().signature })
    await play.accepts(harmless({ operationId }))
  }],
  ['a signature must be the submitter’s, over exactly this', async (play) => {
    await play.founded()
    const tx = harmless()
    await play.refuses('BAD_SIGNATURE', { ...tx, time: tx.time + 1 })
    await play.refuses('BAD_SIGNATURE', { ...tx, key: publicKeyOf('berlin') })
    await play.refuses('KEY_NOT_VALID', harmless({ key: keyOf('berlin') }))
  }],
  ['strangers, suspended members and run-out keys are refused', async (play) => {
    await play.founded()
    await play.refuses('NOT_A_MEMBER', harmless({ by: 'stranger' }))
    await play.refuses('KEY_NOT_VALID', harmless({ time: suiteTime + 366 * day }))
    await play.refuses('KEY_NOT_VALID', harmless({ time: suiteTime - 366 * day }))
    await play.accepts(vote('suspend', 'rome', { by: 'berlin', version: 1 }))
    await play.accepts(vote('suspend', 'rome', { by: 'accounts', version: 1 }))
    await play.refuses('MEMBER_SUSPENDED', harmless())
  }],
]

export const participantsCases: readonly Case[] = [
  ['genesis names the founders, once', async (play) => {
    await play.accepts(genesis())
    await play.holds(stateKeys.network(), { id: network, quorum: 2 })
    await play.holds(stateKeys.member('rome'), { state: 'active', version: 1, signingKey: publicKeyOf('rome') })
    await play.holds(stateKeys.memberKey(publicKeyOf('rome')), { member: 'rome' })
    await play.refuses('NETWORK_EXISTS', transaction({ call: 'participants@1 genesis', payload: { document: networkDocument() } }))
  }],
  ['genesis is refused for another digest, by a stranger, and for founders that do not fit', async (play) => {
    await play.refuses('WRONG_NETWORK', transaction({ call: 'participants@1 genesis', payload: { document: networkDocument() }, network: digestOf('another') }))
    await play.refuses('NOT_A_MEMBER', genesis(networkDocument(), 'stranger'))
    await play.refuses('KEY_NOT_VALID', transaction({ call: 'participants@1 genesis', payload: { document: networkDocument() }, by: 'rome', key: keyOf('berlin') }))
    await play.refuses('DUPLICATE', genesis(networkDocument({ founders: [memberRecord('ledger'), memberRecord('rome'), memberRecord('rome')] })))
    await play.refuses('DUPLICATE', genesis(networkDocument({ founders: [memberRecord('ledger'), memberRecord('rome', { tlsKeys: [digestOf('tls/ledger')] })] })))
    await play.refuses('BAD_QUORUM', genesis(networkDocument({ admissionQuorum: 6 })))
    await play.refuses('BAD_VALIDITY', genesis(networkDocument({ founders: [memberRecord('ledger'), memberRecord('rome', { version: 2 })] })))
    await play.refuses('BAD_VALIDITY', genesis(networkDocument({ founders: [memberRecord('ledger'), memberRecord('rome', { validUntil: 5 })] })))
    await play.holds(stateKeys.network(), undefined)
    await play.accepts(genesis())
  }],
  ['two members admit an applicant, who may then act', async (play) => {
    await play.founded()
    const newcomer = memberRecord('newcomer')
    await play.accepts(proposal(newcomer))
    await play.accepts(admit(newcomer, 'rome'))
    await play.holds(stateKeys.member('newcomer'), undefined)
    await play.refuses('NOT_A_MEMBER', harmless({ by: 'newcomer' }))
    await play.refuses('ALREADY_VOTED', admit(newcomer, 'rome'))
    await play.accepts(admit(newcomer, 'berlin'))
    await play.holds(stateKeys.member('newcomer'), { state: 'active', version: 1 })
    await play.accepts(harmless({ by: 'newcomer' }))
    await play.refuses('MEMBER_EXISTS', admit(newcomer, 'accounts'))
    await play.refuses('MEMBER_EXISTS', proposal(newcomer))
  }],
  ['an application must be signed by the applicant, fit, and bring keys of its own', async (play) => {
    await play.founded()
    await play.refuses('BAD_SIGNATURE', proposal(memberRecord('newcomer'), { signer: 'rome' }))
    await play.refuses('BAD_VALIDITY', proposal(memberRecord('newcomer', { state: 'suspended' })))
    await play.refuses('KEY_TAKEN', proposal(memberRecord('newcomer', { tlsKeys: [digestOf('tls/rome')] })))
    await play.refuses('KEY_TAKEN', proposal(memberRecord('newcomer', { signingKey: publicKeyOf('rome') }), { signer: 'rome' }))
    await play.refuses('APPLICATION_UNKNOWN', admit(memberRecord('newcomer'), 'rome'))
  }],
  ['votes for an application that was replaced, or by a member since suspended, do not count', async (play) => {
    await play.founded()
    const first = memberRecord('newcomer')
    const second = memberRecord('newcomer', { name: 'Another name' })
    await play.accepts(proposal(first))
    await play.accepts(admit(first, 'rome'))
    await play.accepts(proposal(second))
    await play.refuses('APPLICATION_UNKNOWN', admit(first, 'berlin'))
    await play.accepts(admit(second, 'berlin'))
    await play.holds(stateKeys.member('newcomer'), undefined)
    await play.accepts(vote('suspend', 'berlin', { by: 'rome', version: 1 }))
    await play.accepts(vote('suspend', 'berlin', { by: 'ledger', version: 1 }))
    await play.accepts(admit(second, 'accounts'))
    await play.holds(stateKeys.member('newcomer'), undefined)
    await play.accepts(admit(second, 'rome'))
    await play.holds(stateKeys.member('newcomer'), { name: 'Another name' })
  }],
  ['two applicants cannot be admitted with one key', async (play) => {
    await play.founded()
    const one = memberRecord('newcomer')
    const other = memberRecord('latecomer', { tlsKeys: one.tlsKeys })
    for (const each of [one, other]) await play.accepts(proposal(each))
    for (const by of ['rome', 'berlin']) await play.accepts(admit(one, by))
    await play.accepts(admit(other, 'rome'))
    await play.refuses('KEY_TAKEN', admit(other, 'berlin'))
  }],
  ['a member rotates its keys and addresses', async (play) => {
    await play.founded()
    await play.accepts(rotate('rome', { endpoint: 'https://127.0.0.1:7777', tlsKeys: [digestOf('tls/new')] }))
    await play.holds(stateKeys.member('rome'), { version: 2, endpoint: 'https://127.0.0.1:7777', signingKey: publicKeyOf('rome') })
    await play.accepts(rotate('rome', { signingKey: publicKeyOf('rome again') }, { version: 3, newKey: 'rome again' }))
    await play.refuses('KEY_NOT_VALID', harmless())
    await play.accepts(harmless({ key: keyOf('rome again') }))
  }],
  ['a rotation that is not the member’s, not next, unproven or taken is refused', async (play) => {
    await play.founded()
    await play.refuses('NOT_YOURS', rotate('rome', { endpoint: 'https://127.0.0.1:1' }, { by: 'berlin' }))
    await play.refuses('WRONG_NETWORK', rotate('rome', { endpoint: 'https://127.0.0.1:1' }, { network: digestOf('another') }))
    for (const version of [1, 3]) await play.refuses('VERSION_CONFLICT', rotate('rome', { endpoint: 'https://127.0.0.1:1' }, { version }))
    await play.refuses('KEY_PROOF_MISSING', rotate('rome', { signingKey: publicKeyOf('rome again') }))
    await play.refuses('BAD_SIGNATURE', rotate('rome', { signingKey: publicKeyOf('rome again') }, { newKey: 'rome' }))
    await play.refuses('KEY_TAKEN', rotate('rome', { tlsKeys: [digestOf('tls/berlin')] }))
    await play.refuses('BAD_VALIDITY', rotate('rome', { validUntil: 1 }))
    await play.refuses('BAD_PAYLOAD', rotate('rome', {}))
  }],
  ['a key that was rotated away stays the member’s', async (play) => {
    await play.founded()
    await play.accepts(rotate('rome', { tlsKeys: [digestOf('tls/new')] }))
    await play.refuses('KEY_TAKEN', rotate('berlin', { tlsKeys: [digestOf('tls/rome')] }))
    await play.accepts(rotate('rome', { tlsKeys: [digestOf('tls/rome')] }, { version: 3 }))
  }],
  ['two members suspend a third, and reinstate it', async (play) => {
    await play.founded()
    await play.refuses('OWN_CASE', vote('suspend', 'rome', { by: 'rome', version: 1 }))
    await play.refuses('NOT_A_MEMBER', vote('suspend', 'stranger', { by: 'rome', version: 1 }))
    await play.refuses('NOT_SUSPENDED', vote('reinstate', 'rome', { by: 'berlin', version: 1 }))
    await play.refuses('VERSION_CONFLICT', vote('suspend', 'rome', { by: 'berlin', version: 2 }))
    await play.accepts(vote('suspend', 'rome', { by: 'berlin', version: 1 }))
    await play.refuses('ALREADY_VOTED', vote('suspend', 'rome', { by: 'berlin', version: 1 }))
    await play.holds(stateKeys.member('rome'), { state: 'active' })
    await play.accepts(vote('suspend', 'rome', { by: 'accounts', version: 1 }))
    await play.holds(stateKeys.member('rome'), { state: 'suspended', version: 2 })
    await play.refuses('MEMBER_SUSPENDED', vote('suspend', 'rome', { by: 'ledger', version: 2 }))
    for (const by of ['berlin', 'accounts']) await play.accepts(vote('reinstate', 'rome', { by, version: 2 }))
    await play.holds(stateKeys.member('rome'), { state: 'active', version: 3 })
    await play.accepts(vote('suspend', 'rome', { by: 'berlin', version: 3 }))
    await play.holds(stateKeys.member('rome'), { state: 'active', version: 3 })
  }],
  ['a member registers and revokes its staff, each key once a call', async (play) => {
    await play.founded()
    await play.accepts(registerStaff('rome', [keyOf('clerk')]))
    await play.holds(stateKeys.staff('rome', publicKeyOf('clerk')), { state: 'active' })
    await play.accepts(registerStaff('rome', [keyOf('clerk')], 'revoked'))
    await play.holds(stateKeys.staff('rome', publicKeyOf('clerk')), { state: 'revoked' })
    await play.refuses('DUPLICATE', registerStaff('rome', [keyOf('clerk'), keyOf('clerk')]))
  }],
]
