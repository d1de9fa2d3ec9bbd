// The statements that people and members sign for the ledger: their kinds, their builders, and how they are signed and checked.
import { fromBase64Url, toBase64Url } from '@mhmd/base'
import type { Canonical } from '@mhmd/base'
import { sha256, statementBytes, statementDigest } from '@mhmd/crypto'
import type { PublicKey, Signature, SigningKey } from '@mhmd/crypto'
import type { ConsentDecision, DeskDeclaration, KeyClosing, KeyEnrolment, KeyReplacement, KeyedSignature, MemberRecord, MemberRotation, MembershipApplication, NetworkDocument, OptOutDecision, ReleaseAssessment } from '@mhmd/schema'
import type { SignatureCheck } from './contract.ts'

/** The domain of each signature (`statementBytes`): no statement can be taken for one of another kind. */
export const statementKinds = {
  transaction: 'transaction',
  network: 'network',
  membershipApplication: 'membership-application',
  memberRotation: 'member-rotation',
  keyEnrolment: 'key-enrolment',
  keyReplacement: 'key-replacement',
  keyClosing: 'key-closing',
  consentDecision: 'consent-decision',
  optOut: 'opt-out',
  deskDeclaration: 'desk-declaration',
  releaseAssessment: 'release-assessment',
} as const
export type StatementKind = (typeof statementKinds)[keyof typeof statementKinds]

type Fields<S> = Omit<S, 'contract'>

export const membershipApplicationStatement = (network: string, member: MemberRecord): MembershipApplication => ({ network, contract: 'participants@1', member })
export const memberRotationStatement = (fields: Fields<MemberRotation>): MemberRotation => ({ ...fields, contract: 'participants@1' })
export const keyEnrolmentStatement = (fields: Omit<KeyEnrolment, 'contract' | 'version'>): KeyEnrolment => ({ ...fields, version: 1, contract: 'keys@1' })
export const keyReplacementStatement = (fields: Fields<KeyReplacement>): KeyReplacement => ({ ...fields, contract: 'keys@1' })
export const keyClosingStatement = (fields: Fields<KeyClosing>): KeyClosing => ({ ...fields, contract: 'keys@1' })
export const consentDecisionStatement = (fields: Fields<ConsentDecision>): ConsentDecision => ({ ...fields, contract: 'consents@1' })
export const optOutStatement = (fields: Fields<OptOutDecision>): OptOutDecision => ({ ...fields, contract: 'opt-outs@1' })
export const deskDeclarationStatement = (fields: Fields<DeskDeclaration>): DeskDeclaration => ({ ...fields, contract: 'consents@1' })
export const releaseAssessmentStatement = (fields: Fields<ReleaseAssessment>): ReleaseAssessment => ({ ...fields, contract: 'releases@2' })

/** The network's id. */
export const networkId = (document: NetworkDocument): string => statementDigest(statementKinds.network, document)
/** What `admit` names an application by. */
export const applicationDigest = (application: MembershipApplication): string => statementDigest(statementKinds.membershipApplication, application)
/** What an enrolment holds of the recovery key: its SHA-256. The key itself appears only when it is used. */
export const recoveryCommitment = (recoveryKey: PublicKey): string => toBase64Url(sha256(fromBase64Url(recoveryKey)))

export const signStatement = (kind: StatementKind, statement: Canonical, key: SigningKey): Signature => key.sign(statementBytes(kind, statement))
/** The signature with its key, as payloads carry it where the statement does not hold the key. */
export const keyedSignature = (kind: StatementKind, statement: Canonical, key: SigningKey): KeyedSignature => ({ key: key.publicKey, signature: signStatement(kind, statement, key) })
/** A statement as `decide`, `declare` and batches take it. */
export const signed = <S extends Canonical>(kind: StatementKind, statement: S, key: SigningKey): { statement: S; key: PublicKey; signature: Signature } => ({ statement, ...keyedSignature(kind, statement, key) })

export const checkOf = (kind: StatementKind, statement: Canonical, by: KeyedSignature): SignatureCheck => ({ publicKey: by.key, bytes: statementBytes(kind, statement), signature: by.signature })
