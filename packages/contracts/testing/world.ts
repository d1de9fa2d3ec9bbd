// A synthetic network for tests and vectors: members, staff, citizens and their keys, all from seeds that anyone can derive again.
// Seed of NAME: SHA-256 of the UTF-8 text `mhmd contract vectors/NAME`. Nobody and nothing in it is real.
import { base32, toBase64Url } from '@mhmd/base'
import type { Canonical } from '@mhmd/base'
import { signingKeyFromSeed } from '@mhmd/crypto'
import type { SigningKey } from '@mhmd/crypto'
import type { ConsentDecision, DeskDeclaration, KeyEnrolment, KeyReplacement, MemberRecord, NetworkDocument, OptOutDecision, SignedConsentDecision, SignedDeskDeclaration, SignedOptOut } from '@mhmd/schema'
import { sampleSeed } from '../src/sample-keys.ts'
import { signTransaction } from '../src/transaction.ts'
import { applicationDigest, consentDecisionStatement, deskDeclarationStatement, keyClosingStatement, keyEnrolmentStatement, keyReplacementStatement, keyedSignature, membershipApplicationStatement, networkId, optOutStatement, recoveryCommitment, signStatement, signed, statementKinds } from '../src/statements.ts'
import type { Transaction } from '../src/contract.ts'

/** The moment at which the suite takes place: 2030-03-17. */
export const suiteTime = 1_900_000_000_000
export const day = 86_400_000

const keysMade = new Map<string, SigningKey>()

/** The signing key of a name. */
export function keyOf(name: string): SigningKey {
  const key = keysMade.get(name) ?? signingKeyFromSeed(sampleSeed(name))
  keysMade.set(name, key)
  return key
}
export const publicKeyOf = (name: string): string => keyOf(name).publicKey
/** An id (26 characters) that stands for a name. */
export const idOf = (name: string): string => base32(sampleSeed(`id/${name}`).subarray(0, 16))
/** A digest or commitment that stands for a name. */
export const digestOf = (name: string): string => toBase64Url(sampleSeed(`digest/${name}`))

const roles = { rome: ['data-holder'], berlin: ['data-holder'], institute: ['data-user'], accounts: ['account-provider'], ledger: ['ledger-operator'], newcomer: ['data-holder', 'data-user'] } as const satisfies Record<string, MemberRecord['roles']>

/** The record of a member, with changes. Its certificate has the form of one and is none. */
export function memberRecord(id: string, changes: Partial<MemberRecord> = {}): MemberRecord {
  const known = Object.hasOwn(roles, id) ? roles[id as keyof typeof roles] : (['auditor'] as const)
  return {
    id, name: `Synthetic member ${id}`, country: 'IT', roles: [...known],
    signingKey: publicKeyOf(id), messageKey: digestOf(`message/${id}`), tlsKeys: [digestOf(`tls/${id}`)],
    caRoot: `-----BEGIN CERTIFICATE-----\n${digestOf(`ca/${id}`).replaceAll('-', '+').replaceAll('_', '/')}=\n-----END CERTIFICATE-----\n`,
    endpoint: 'https://127.0.0.1:7000', peopleEndpoint: 'http://127.0.0.1:7001', serverName: `${id}.localhost`,
    validFrom: suiteTime - 365 * day, validUntil: suiteTime + 365 * day, state: 'active', version: 1, ...changes,
  }
}

export const founders = ['rome', 'berlin', 'institute', 'accounts', 'ledger'] as const
/** Who may submit for anyone: a member that is a party to nothing. */
export const anyMember = 'ledger'

export const networkDocument = (changes: Partial<NetworkDocument> = {}): NetworkDocument => ({
  format: 'mhmd-network/1', name: 'Synthetic network', createdAt: suiteTime - 10 * day, founders: founders.map((id) => memberRecord(id)),
  checkpointKeys: [publicKeyOf('ledger checkpoints')], admissionQuorum: 2, nonce: digestOf('nonce'), ...changes,
})

export const network = networkId(networkDocument())

let acts = 0
/** An operation id not used before in this process. */
export const freshId = (): string => idOf(`operation ${acts++}`)

export interface Submission {
  readonly call: `${string}@${number} ${string}`
  readonly payload: unknown
  readonly by?: string
  readonly key?: SigningKey
  readonly operationId?: string
  readonly time?: number
  readonly network?: string
}

/** A signed transaction; `call` is `contract@version operation`. */
export function transaction({ call, payload, by = anyMember, key = keyOf(by), operationId = freshId(), time = suiteTime, network: at = network }: Submission): Transaction {
  const [contract = '', operation = ''] = call.split(' ')
  return signTransaction({ network: at, contract, operation, operationId, submitter: by, time, payload: payload as Canonical }, key)
}

export const genesis = (document = networkDocument(), by = 'ledger'): Transaction => transaction({ call: 'participants@1 genesis', payload: { document }, by, network: networkId(document), operationId: idOf('genesis') })

/** An application brought by a member, and the digest it is admitted by. */
export const proposal = (member: MemberRecord, { by = 'rome', signer = member.id }: { by?: string; signer?: string } = {}): Transaction =>
  transaction({ call: 'participants@1 propose', by, payload: { member, signature: signStatement(statementKinds.membershipApplication, membershipApplicationStatement(network, member), keyOf(signer)) } })
export const applicationOf = (member: MemberRecord): string => applicationDigest(membershipApplicationStatement(network, member))

/** A citizen's place at a holder: `alice at rome` names her pairwise key. */
export interface Person {
  readonly name: string
  readonly holder: string
}
export const person = (name: string, holder = 'rome'): Person => ({ name, holder })
export const subjectOf = ({ name, holder }: Person): string => idOf(`subject ${name} at ${holder}`)
export const herKey = ({ name, holder }: Person): SigningKey => keyOf(`${name} at ${holder}`)
const recoveryKey = ({ name, holder }: Person): SigningKey => keyOf(`recovery of ${name} at ${holder}`)
const about = (who: Person): { network: string; holder: string; subject: string } => ({ network, holder: who.holder, subject: subjectOf(who) })

/** Signatures by other keys than the right ones, by whose place they take. */
export type Forgery = Readonly<Partial<Record<'holder' | 'provider' | 'subject' | 'newKey', SigningKey>>>

export function enrolment(who: Person, changes: Partial<KeyEnrolment> = {}, forged: Forgery = {}): Canonical {
  const statement = keyEnrolmentStatement({ ...about(who), provider: 'accounts', key: herKey(who).publicKey, recovery: recoveryCommitment(recoveryKey(who).publicKey), expires: suiteTime + day, ...changes })
  const kind = statementKinds.keyEnrolment
  return { statement, signatures: { holder: keyedSignature(kind, statement, forged.holder ?? keyOf(statement.holder)), provider: keyedSignature(kind, statement, forged.provider ?? keyOf(statement.provider)), subject: signStatement(kind, statement, forged.subject ?? herKey(who)) } }
}

export function replacement(who: Person, newKey: SigningKey, { by = 'old-key', with: signer, changes = {}, forged = {} }: { by?: KeyReplacement['by']; with?: SigningKey; changes?: Partial<KeyReplacement>; forged?: Forgery } = {}): Canonical {
  const key = signer ?? (by === 'recovery' ? recoveryKey(who) : herKey(who))
  const statement = keyReplacementStatement({ ...about(who), newKey: newKey.publicKey, by, version: 2, expires: suiteTime + day, ...changes })
  return { statement, key: key.publicKey, signature: signStatement(statementKinds.keyReplacement, statement, forged.subject ?? key), newKeySignature: signStatement(statementKinds.keyReplacement, statement, forged.newKey ?? newKey) }
}

export function closing(who: Person, { version = 2, expires = suiteTime + day, forged = {}, at = network }: { version?: number; expires?: number; forged?: Forgery; at?: string } = {}): Canonical {
  const statement = keyClosingStatement({ ...about(who), network: at, version, expires })
  return { statement, signatures: { holder: keyedSignature(statementKinds.keyClosing, statement, forged.holder ?? keyOf(who.holder)), provider: keyedSignature(statementKinds.keyClosing, statement, forged.provider ?? keyOf('accounts')) } }
}

type Fields = Partial<Omit<ConsentDecision, 'contract'>>
const act = (who: Person, fields: Fields): Omit<ConsentDecision, 'contract'> => ({ ...about(who), operation: 'set', version: 1, content: digestOf('terms'), expires: suiteTime + 100 * day, operationId: freshId(), ...fields })

export const consent = (who: Person, fields: Fields = {}, key = herKey(who)): SignedConsentDecision => signed(statementKinds.consentDecision, consentDecisionStatement(act(who, fields)), key)
export const optOut = (who: Person, fields: Partial<Omit<OptOutDecision, 'contract'>> = {}, key = herKey(who)): SignedOptOut => signed(statementKinds.optOut, optOutStatement(act(who, fields)), key)

export const staffOf = (holder: string): readonly [SigningKey, SigningKey] => [keyOf(`first clerk of ${holder}`), keyOf(`second clerk of ${holder}`)]
export function deskDeclaration(who: Person, fields: Fields & Partial<Pick<DeskDeclaration, 'kind'>> = {}, staff: readonly SigningKey[] = staffOf(who.holder)): SignedDeskDeclaration {
  const { kind = 'consent', ...rest } = fields
  const statement = deskDeclarationStatement({ ...act(who, rest), kind, evidence: digestOf('evidence'), staff: staff.map((key) => key.publicKey) })
  return { statement, signatures: staff.map((key) => signStatement(statementKinds.deskDeclaration, statement, key)) }
}

/** Submits a signed decision under its own operation id. */
export const decide = (item: SignedConsentDecision, more: Partial<Submission> = {}): Transaction => transaction({ call: 'consents@1 decide', payload: item, operationId: item.statement.operationId, ...more })
export const declare = (item: SignedOptOut, more: Partial<Submission> = {}): Transaction => transaction({ call: 'opt-outs@1 declare', payload: item, operationId: item.statement.operationId, ...more })
export const atDesk = (declaration: SignedDeskDeclaration, more: Partial<Submission> = {}): Transaction => transaction({ call: 'consents@1 desk', payload: declaration, operationId: declaration.statement.operationId, by: declaration.statement.holder, ...more })
export const registerStaff = (holder: string, keys: readonly SigningKey[] = staffOf(holder), state: 'active' | 'revoked' = 'active'): Transaction =>
  transaction({ call: 'participants@1 staff', by: holder, payload: { keys: keys.map((key) => ({ key: key.publicKey, state })) } })
