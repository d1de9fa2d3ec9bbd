// Members of a network, its founding document, and the payloads and states of the contract `participants@1`.
import Type from 'typebox'
import { Country, Digest, Endpoint, Exactly, HostName, MemberId, OrganisationName, PemCertificate, PeopleEndpoint, PublicKeyText, SignatureText, Time, Version } from './fields.ts'

export const MemberRole = Type.Union([Type.Literal('ledger-operator'), Type.Literal('data-holder'), Type.Literal('data-user'), Type.Literal('account-provider'), Type.Literal('access-body'), Type.Literal('auditor')])
export type MemberRole = Type.Static<typeof MemberRole>

/** What a member may change about itself. */
const changeable = {
  signingKey: PublicKeyText,
  /** Its own certification authority's root. */
  caRoot: PemCertificate,
  /** SHA-256 of the SubjectPublicKeyInfo of each TLS certificate it may present. */
  tlsKeys: Type.Array(Digest, { minItems: 1, maxItems: 8, uniqueItems: true }),
  /** X25519, for sealing messages to it (RFC 9180). */
  messageKey: PublicKeyText,
  endpoint: Endpoint,
  peopleEndpoint: PeopleEndpoint,
  serverName: HostName,
  validFrom: Time,
  validUntil: Time,
}

/** An organisation: also its state at `('member', id)`. */
export const MemberRecord = Exactly({
  id: MemberId,
  name: OrganisationName,
  country: Country,
  roles: Type.Array(MemberRole, { minItems: 1, maxItems: 6, uniqueItems: true }),
  ...changeable,
  state: Type.Union([Type.Literal('active'), Type.Literal('suspended')]),
  version: Version,
})
export type MemberRecord = Type.Static<typeof MemberRecord>

const Quorum = Type.Integer({ minimum: 1, maximum: 50, title: 'Quorum', description: 'How many members have to vote for an admission or a suspension.' })

/** `network.json`: pinned by everyone at joining; its digest is the network's id. */
export const NetworkDocument = Exactly({
  format: Type.Literal('mhmd-network/1'),
  name: OrganisationName,
  createdAt: Time,
  founders: Type.Array(MemberRecord, { minItems: 1, maxItems: 50 }),
  checkpointKeys: Type.Array(PublicKeyText, { minItems: 1, maxItems: 20, uniqueItems: true }),
  admissionQuorum: Quorum,
  nonce: Type.String({ pattern: '^[A-Za-z0-9_-]{22,64}$', title: 'Nonce', description: 'Random text, so that no two networks have one id.' }),
})
export type NetworkDocument = Type.Static<typeof NetworkDocument>

export const GenesisPayload = Exactly({ document: NetworkDocument })

/** Signed by the applicant's own key (`membership-application`); some member submits it. */
export const MembershipApplication = Exactly({ network: Digest, contract: Type.Literal('participants@1'), member: MemberRecord })
export type MembershipApplication = Type.Static<typeof MembershipApplication>
export const ProposePayload = Exactly({ member: MemberRecord, signature: SignatureText })

/** `application` is the digest of the statement `membership-application` as it was proposed. */
export const AdmitPayload = Exactly({ member: MemberId, application: Digest })

/** Signed by the new signing key (`member-rotation`), where there is one. */
export const MemberRotation = Exactly({ network: Digest, contract: Type.Literal('participants@1'), member: MemberId, version: Version, changes: Type.Partial(Exactly(changeable), { additionalProperties: false, minProperties: 1 }) })
export type MemberRotation = Type.Static<typeof MemberRotation>
export const RotatePayload = Exactly({ statement: MemberRotation, newKeySignature: Type.Optional(SignatureText) })

/** `version` is that of the member's record which the vote is about. */
export const StandingPayload = Exactly({ member: MemberId, version: Version })

const StaffState = Type.Union([Type.Literal('active'), Type.Literal('revoked')])
export const StaffPayload = Exactly({ keys: Type.Array(Exactly({ key: PublicKeyText, state: StaffState }), { minItems: 1, maxItems: 100 }) })

/** States by the first part of their key. */
export const participantsStates = {
  network: Exactly({ id: Digest, quorum: Quorum }),
  member: MemberRecord,
  'member-key': Exactly({ member: MemberId }),
  'admission-application': Exactly({ member: MemberRecord, application: Digest, sponsor: MemberId, time: Time }),
  admission: Exactly({ application: Digest, time: Time }),
  suspension: Exactly({ version: Version, time: Time }),
  reinstatement: Exactly({ version: Version, time: Time }),
  staff: Exactly({ state: StaffState, time: Time }),
}
export type NetworkState = Type.Static<typeof participantsStates.network>
export type MemberKeyState = Type.Static<(typeof participantsStates)['member-key']>
export type ApplicationState = Type.Static<(typeof participantsStates)['admission-application']>
export type AdmissionState = Type.Static<typeof participantsStates.admission>
export type StandingVoteState = Type.Static<typeof participantsStates.suspension>
export type StaffKeyState = Type.Static<typeof participantsStates.staff>

