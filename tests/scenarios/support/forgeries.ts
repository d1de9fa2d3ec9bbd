// Every way to make a decision for somebody else, with the keys of her hospital, her account provider and the ledger's operator.
import { NO_END } from '@mhmd/accounts'
import { newId } from '@mhmd/base'
import type { Canonical } from '@mhmd/base'
import { consentDecisionStatement, deskDeclarationStatement, keyClosingStatement, keyEnrolmentStatement, keyReplacementStatement, keyedSignature, optOutStatement, recoveryCommitment, signStatement, signed, statementKinds } from '@mhmd/contracts'
import { newSigningKey } from '@mhmd/crypto'
import type { SigningKey } from '@mhmd/crypto'
import { randomBytes } from 'node:crypto'
import type { Spoils } from './spoils.ts'

/** An enrolled citizen as the ledger shows her to everybody. */
export interface Victim {
  readonly holder: string
  readonly subject: string
  readonly key: string
  /** Of her key, her consent and her opt-out. */
  readonly versions: { readonly key: number; readonly consent: number; readonly optOut: number }
}

export interface Forgery {
  readonly what: string
  readonly expected: string
  readonly attempt: () => Promise<string>
}

const randomness = { bytes: (length: number): Uint8Array => randomBytes(length) }
const id = (): string => newId(randomness)
const commitment = (): string => randomBytes(32).toString('base64url')
const HOUR = 3_600_000

export async function victimAt(spoils: Spoils, holder: string, subject: string): Promise<Victim> {
  const [state, consent, optOut] = await Promise.all((['subject', 'consent', 'opt-out'] as const).map(async (kind) =>
    (await spoils.range(kind, holder)).find((entry) => entry.key[2] === subject)?.value as { key?: string; version: number } | undefined))
  return { holder, subject, key: state?.key ?? '', versions: { key: state?.version ?? 0, consent: consent?.version ?? 0, optOut: optOut?.version ?? 0 } }
}

/** Each is submitted by the hospital itself, in its own name and over its own connection. */
export function forgeriesOf(spoils: Spoils, her: Victim): Forgery[] {
  const thief = newSigningKey().key
  const { network } = spoils
  const { holder, subject } = her
  const hospital = spoils.key(holder)
  const consentBy = (key: SigningKey, change: Partial<Parameters<typeof consentDecisionStatement>[0]> = {}) =>
    signed(statementKinds.consentDecision, consentDecisionStatement({ network, holder, subject, operation: 'set', version: her.versions.consent + 1, content: commitment(), expires: Date.now() + 24 * HOUR, operationId: id(), ...change }), key)
  const decide = (item: ReturnType<typeof consentBy>, operationId = item.statement.operationId): Promise<string> => spoils.submit(holder, { contract: 'consents@1', operation: 'decide', operationId, payload: item })
  const batch = (item: ReturnType<typeof consentBy>): Promise<string> => spoils.submit('accounts', { contract: 'consents@1', operation: 'decide-batch', operationId: id(), payload: { items: [item] } })
  const optOutBy = (key: SigningKey, operation: 'set' | 'withdraw') =>
    signed(statementKinds.optOut, optOutStatement({ network, holder, subject, operation, version: her.versions.optOut + 1, content: commitment(), expires: operation === 'set' ? NO_END : Date.now() + HOUR, operationId: id() }), key)
  const declare = (item: ReturnType<typeof optOutBy>): Promise<string> => spoils.submit(holder, { contract: 'opt-outs@1', operation: 'declare', operationId: item.statement.operationId, payload: item })
  const declareBatch = (item: ReturnType<typeof optOutBy>): Promise<string> => spoils.submit('accounts', { contract: 'opt-outs@1', operation: 'declare-batch', operationId: id(), payload: { items: [item] } })
  const desk = (kind: 'consent' | 'opt-out', operation: 'set' | 'withdraw', { staff = spoils.staff(holder), ahead = 1 } = {}): Promise<string> => {
    const operationId = id()
    const statement = deskDeclarationStatement({
      network, holder, subject, kind, operation, version: (kind === 'consent' ? her.versions.consent : her.versions.optOut) + ahead, content: commitment(), evidence: commitment(),
      staff: staff.map((key) => key.publicKey), expires: Date.now() + 24 * HOUR, operationId,
    })
    return spoils.submit(holder, { contract: 'consents@1', operation: 'desk', operationId, payload: { statement, signatures: staff.map((key) => signStatement(statementKinds.deskDeclaration, statement, key)) } })
  }
  const replace = (by: 'old-key' | 'recovery', named: string): Promise<string> => {
    const statement = keyReplacementStatement({ network, holder, subject, newKey: thief.publicKey, by, version: her.versions.key + 1, expires: Date.now() + HOUR })
    const signature = signStatement(statementKinds.keyReplacement, statement, thief)
    return spoils.submit(holder, { contract: 'keys@1', operation: 'replace', operationId: id(), payload: { statement, key: named, signature, newKeySignature: signature } })
  }
  const forged = consentBy(thief)
  return [
    { what: 'a consent under the hospital\'s own key', expected: 'CONTRACT_NOT_HER_KEY', attempt: () => decide(consentBy(hospital)) },
    { what: 'a consent under the provider\'s key', expected: 'CONTRACT_NOT_HER_KEY', attempt: () => decide(consentBy(spoils.key('accounts'))) },
    { what: 'a consent under a fresh key', expected: 'CONTRACT_NOT_HER_KEY', attempt: () => decide(consentBy(thief)) },
    { what: 'her key named over another\'s signature', expected: 'CONTRACT_BAD_SIGNATURE', attempt: () => decide({ ...forged, key: her.key }) },
    { what: 'the same in a batch of the provider', expected: 'CONTRACT_BAD_SIGNATURE', attempt: () => batch({ ...consentBy(thief), key: her.key }) },
    { what: 'a consent under the hospital\'s key in a batch', expected: 'CONTRACT_NOT_HER_KEY', attempt: () => batch(consentBy(hospital)) },
    { what: 'a consent a thousand versions ahead under the hospital\'s key', expected: 'CONTRACT_NOT_HER_KEY', attempt: () => decide(consentBy(hospital, { version: her.versions.consent + 1000 })) },
    { what: 'a consent under the key of an accomplice, enrolled at the same hospital', expected: 'CONTRACT_NOT_HER_KEY', attempt: async () => decide(consentBy(await accompliceOf(spoils, holder))) },
    { what: 'a withdrawal under the hospital\'s key', expected: 'CONTRACT_NOT_HER_KEY', attempt: () => decide(consentBy(hospital, { operation: 'withdraw', expires: NO_END })) },
    { what: 'a consent for another network, under a fresh key', expected: 'CONTRACT_WRONG_NETWORK', attempt: () => decide(consentBy(thief, { network: commitment() })) },
    { what: 'an opt-out in a batch of the provider, her key named', expected: 'CONTRACT_BAD_SIGNATURE', attempt: () => declareBatch({ ...optOutBy(thief, 'set'), key: her.key }) },
    { what: 'an end of her opt-out under the hospital\'s key', expected: 'CONTRACT_NOT_HER_KEY', attempt: () => declare(optOutBy(hospital, 'withdraw')) },
    { what: 'a desk consent over hers, two real staff keys', expected: 'CONTRACT_SUBJECT_DECIDED', attempt: () => desk('consent', 'set') },
    { what: 'a desk consent a thousand versions ahead', expected: 'CONTRACT_SUBJECT_DECIDED', attempt: () => desk('consent', 'set', { ahead: 1000 }) },
    { what: 'a desk withdrawal of hers, two real staff keys', expected: 'CONTRACT_SUBJECT_DECIDED', attempt: () => desk('consent', 'withdraw') },
    { what: 'a desk declaration of one member of staff, twice', expected: 'CONTRACT_DUPLICATE', attempt: () => desk('consent', 'set', { staff: [spoils.staff(holder)[0], spoils.staff(holder)[0]] }) },
    { what: 'a desk declaration with a key that is not staff', expected: 'CONTRACT_NOT_STAFF', attempt: () => desk('consent', 'set', { staff: [spoils.staff(holder)[0], thief] }) },
    { what: 'another key in her place, by the old key', expected: 'CONTRACT_NOT_HER_KEY', attempt: () => replace('old-key', thief.publicKey) },
    { what: 'another key in her place, her old key named', expected: 'CONTRACT_BAD_SIGNATURE', attempt: () => replace('old-key', her.key) },
    { what: 'another key in her place, by a recovery key made up', expected: 'CONTRACT_NOT_HER_KEY', attempt: () => replace('recovery', thief.publicKey) },
    { what: 'another key enrolled for her, hospital and provider signing', expected: 'CONTRACT_SUBJECT_EXISTS', attempt: () => enrolInstead(spoils, her, thief) },
  ]
}

/** A key that hospital and provider enrolled for a person they made up: they may, and it speaks for that person alone. */
async function accompliceOf(spoils: Spoils, holder: string): Promise<SigningKey> {
  const key = newSigningKey().key
  const enrolled = await enrolInstead(spoils, { holder, subject: id() }, key)
  if (enrolled !== 'VALID') throw new Error(`the accomplice was refused: ${enrolled}`)
  return key
}

/**
 * What stands in docs/limits.md: hospital and provider together can enrol whom nobody enrolled before, and after closing a key
 * (which its owner sees, and which ends her consents) call the same patient by a new pseudonym.
 */
export function statedLimits(spoils: Spoils, holder: string): Forgery[] {
  const [thief, subject] = [newSigningKey().key, id()]
  const statement = consentDecisionStatement({ network: spoils.network, holder, subject, operation: 'set', version: 1, content: commitment(), expires: Date.now() + HOUR, operationId: id() })
  return [
    { what: 'a pseudonym that nobody had before, enrolled under a key of theirs', expected: 'VALID', attempt: () => enrolInstead(spoils, { holder, subject }, thief) },
    { what: 'a consent for that pseudonym', expected: 'VALID', attempt: () => spoils.submit(holder, { contract: 'consents@1', operation: 'decide', operationId: statement.operationId, payload: signed(statementKinds.consentDecision, statement, thief) }) },
  ]
}

/** Hospital and provider close her key, which they may: it ends her consents. Then they try to go on as her. */
export async function closeAndReturn(spoils: Spoils, her: Victim): Promise<Forgery[]> {
  const thief = newSigningKey().key
  const { holder, subject } = her
  const closing = keyClosingStatement({ network: spoils.network, holder, subject, version: her.versions.key + 1, expires: Date.now() + HOUR })
  const statement = consentDecisionStatement({ network: spoils.network, holder, subject, operation: 'set', version: her.versions.consent + 1, content: commitment(), expires: Date.now() + HOUR, operationId: id() })
  return [
    { what: 'her key closed by hospital and provider, as they may', expected: 'VALID', attempt: () => spoils.submit(holder, { contract: 'keys@1', operation: 'close', operationId: id(), payload: { statement: closing, signatures: { holder: keyedSignature(statementKinds.keyClosing, closing, spoils.key(holder)), provider: keyedSignature(statementKinds.keyClosing, closing, spoils.key('accounts')) } } }) },
    { what: 'another key enrolled on the closed subject', expected: 'CONTRACT_SUBJECT_EXISTS', attempt: () => enrolInstead(spoils, her, thief) },
    { what: 'a consent on the closed subject', expected: 'CONTRACT_SUBJECT_CLOSED', attempt: () => spoils.submit(holder, { contract: 'consents@1', operation: 'decide', operationId: statement.operationId, payload: signed(statementKinds.consentDecision, statement, thief) }) },
  ]
}

function enrolInstead(spoils: Spoils, { holder, subject }: Pick<Victim, 'holder' | 'subject'>, thief: SigningKey): Promise<string> {
  const statement = keyEnrolmentStatement({ network: spoils.network, holder, provider: 'accounts', subject, key: thief.publicKey, recovery: recoveryCommitment(thief.publicKey), expires: Date.now() + HOUR })
  const signatures = {
    holder: keyedSignature(statementKinds.keyEnrolment, statement, spoils.key(holder)), provider: keyedSignature(statementKinds.keyEnrolment, statement, spoils.key('accounts')),
    subject: signStatement(statementKinds.keyEnrolment, statement, thief),
  }
  return spoils.submit('accounts', { contract: 'keys@1', operation: 'enrol', operationId: id(), payload: { statement, signatures } })
}

/** What she signed once, taken out of the blocks and used again after she took it back. */
export async function replaysOf(spoils: Spoils, her: Victim): Promise<Forgery[]> {
  interface Item { readonly statement: { readonly holder: string; readonly subject: string; readonly operation: string; readonly operationId: string }; readonly key: string; readonly signature: string }
  const items = (await spoils.blocks()).flatMap((block) => block.committed).filter(({ transaction }) => transaction.operation === 'decide-batch')
    .flatMap(({ transaction }) => (transaction.payload as unknown as { items: Item[] }).items)
  const hers = items.find(({ statement }) => statement.holder === her.holder && statement.subject === her.subject && statement.operation === 'set')
  if (hers === undefined) throw new Error('her consent is not in the blocks')
  const decide = (item: Item, operationId: string): Promise<string> => spoils.submit(her.holder, { contract: 'consents@1', operation: 'decide', operationId, payload: item as unknown as Canonical })
  const operationId = id()
  const changed = (change: object): Promise<string> => {
    const fresh = id()
    return decide({ ...hers, statement: { ...hers.statement, ...change, operationId: fresh } }, fresh)
  }
  return [
    { what: 'the consent she withdrew, as it was', expected: 'VALID (nothing changed)', attempt: async () => `${await decide(hers, hers.statement.operationId)} (nothing changed)` },
    { what: 'the consent she withdrew, under another operation', expected: 'CONTRACT_OTHER_OPERATION', attempt: () => decide(hers, id()) },
    { what: 'the consent she withdrew, in a batch', expected: 'CONTRACT_OPERATION_DONE', attempt: () => spoils.submit('accounts', { contract: 'consents@1', operation: 'decide-batch', operationId: id(), payload: { items: [hers] } as unknown as Canonical }) },
    { what: 'the consent she withdrew, for another subject', expected: 'CONTRACT_BAD_SIGNATURE', attempt: () => changed({ subject: id() }) },
    { what: 'the consent she withdrew, for another hospital', expected: 'CONTRACT_BAD_SIGNATURE', attempt: () => changed({ holder: her.holder === 'rome' ? 'berlin' : 'rome' }) },
    { what: 'the consent she withdrew, as the version after her withdrawal', expected: 'CONTRACT_BAD_SIGNATURE', attempt: () => changed({ version: her.versions.consent + 1 }) },
    { what: 'the same in a batch', expected: 'CONTRACT_BAD_SIGNATURE', attempt: () => spoils.submit('accounts', { contract: 'consents@1', operation: 'decide-batch', operationId: id(), payload: { items: [{ ...hers, statement: { ...hers.statement, operationId: id(), version: her.versions.consent + 1 } }] } }) },
    { what: 'the consent she withdrew, given another operation id', expected: 'CONTRACT_BAD_SIGNATURE', attempt: () => decide({ ...hers, statement: { ...hers.statement, operationId } }, operationId) },
  ]
}
