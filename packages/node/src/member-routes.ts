// What every member's staff can do: see the node's state, admit and list members, register colleagues.
import { X509Certificate } from 'node:crypto'
import { newId } from '@mhmd/base'
import type { Clock, Randomness } from '@mhmd/base'
import { applicationDigest, membershipApplicationStatement, stateKeys } from '@mhmd/contracts'
import type { Follower } from '@mhmd/ledger'
import { MemberRecord, SignatureText, documentType } from '@mhmd/schema'
import type { AdmissionState, ApplicationState } from '@mhmd/schema'
import type { Store } from '@mhmd/store'
import Type from 'typebox'
import type { Checkpoints } from './checkpoints.ts'
import type { NodeConfig } from './config.ts'
import { nodeErrors } from './errors.ts'
import { invitationRoutes } from './invitations.ts'
import { accepted } from './ledger-outbox.ts'
import type { LedgerOutbox } from './ledger-outbox.ts'
import type { NodePart } from './node-part.ts'
import { AtHeight, Count, Digest, Exactly, MemberId, OrNull, PublicKeyText, Roles, When } from './people-answers.ts'
import { pagesOf } from './people-origins.ts'
import { ledgerRefusals } from './people-refusals.ts'
import { route } from './people.ts'
import type { Staff, StaffMember } from './staff.ts'
import { standingRoutes } from './standing-routes.ts'
import type { Trust } from './trust.ts'

const closed = { additionalProperties: false } as const
const applicationDocument = documentType('signed-application', Type.Object({ member: MemberRecord, signature: SignatureText }, closed))
const staffDocument = documentType('staff-member', Type.Object({ key: PublicKeyText, roles: Roles }, closed))

const ApplicationShown = Exactly({ id: MemberId, name: MemberRecord.properties.name, country: MemberRecord.properties.country, roles: MemberRecord.properties.roles, application: Digest, sponsor: MemberId, at: When, admittedBy: Type.Array(MemberId) })

const StatusShown = Exactly({
  member: MemberId, network: Digest, height: AtHeight, logSize: Count, confirmedMillisecondsAgo: OrNull(Type.Integer()), forked: Type.Boolean(), behind: Type.Boolean(), disputes: Count, pendingLedgerEffects: Count, members: Count,
})

export interface MemberParts {
  readonly store: Store
  readonly staff: Staff
  readonly ledger: LedgerOutbox
  readonly follower: Follower
  readonly trust: Trust
  readonly isBehind: () => boolean
  readonly disputes: Checkpoints['disputes']
  readonly clock: Clock
  readonly randomness: Randomness
  readonly network: string
  readonly config: NodeConfig
}

export function memberRoutes(parts: MemberParts): NodePart {
  const { staff, ledger, follower, trust } = parts
  const submit = async (contract: string, operation: string, payload: Parameters<LedgerOutbox['submit']>[0]['payload']): Promise<number> => {
    const receipt = accepted(await ledger.submit({ contract, operation, operationId: newId(parts.randomness), payload }))
    await follower.waitFor(receipt.height, 10_000)
    return receipt.height
  }
  /** Desk declarations are checked against the ledger, so a desk key stands there too. */
  async function register(member: StaffMember): Promise<number> {
    const height = member.roles.includes('desk') ? await submit('participants@1', 'staff', { keys: [{ key: member.key, state: 'active' }] }) : follower.height()
    await staff.add(member)
    return height
  }
  /** Organisations that were proposed and are no members, with the members that voted for them. */
  async function applications(): Promise<object[]> {
    const proposed = (await follower.latestBelow(['admission-application'])).map(({ value }) => value as ApplicationState).filter(({ member }) => trust.member(member.id) === undefined)
    return Promise.all(proposed.map(async ({ member: { id, name, country, roles }, application, sponsor, time }) => {
      const votes = await follower.latestBelow(['admission', id])
      return { id, name, country, roles, application, sponsor, at: time, admittedBy: votes.filter(({ value }) => (value as AdmissionState).application === application).map(({ key }) => String(key[2])) }
    }))
  }
  return {
    routes: [
      route({
        // Public within the network: anybody's device needs it before it has an account.
        method: 'GET', path: '/people/1/directory', roles: ['anyone'], refusals: [],
        summary: 'The network\'s members, suspended ones as such, with the addresses and keys that a person\'s device needs.',
        answer: Exactly({ network: Digest, self: MemberId, members: Type.Array(Type.Pick(MemberRecord, ['id', 'name', 'country', 'roles', 'state', 'peopleEndpoint', 'signingKey', 'messageKey'])) }),
        handle: async () => ({
          network: parts.network, self: parts.config.id,
          // The suspended ones too: she withdraws there all the same.
          members: trust.everyMember().map(({ id, name, country, roles, state, peopleEndpoint, signingKey, messageKey }) => ({ id, name, country, roles, state, peopleEndpoint, signingKey, messageKey })),
        }),
      }),
      route({
        method: 'GET', path: '/staff/1/status', roles: ['staff'], refusals: [],
        summary: 'How this node stands: the height it knows, when that was confirmed, what still waits for the ledger.',
        answer: StatusShown,
        handle: async () => {
          const confirmedAt = follower.confirmedAt()
          return {
            member: parts.config.id, network: parts.network, height: follower.height(), logSize: follower.log.size(),
            confirmedMillisecondsAgo: confirmedAt === undefined ? null : parts.clock.now() - confirmedAt,
            forked: follower.isForked(), behind: parts.isBehind(), disputes: (await parts.disputes()).length, pendingLedgerEffects: await ledger.pending(), members: trust.members().length,
          }
        },
      }),
      route({
        method: 'GET', path: '/staff/1/members', roles: ['staff'], refusals: [],
        summary: 'The active members as the ledger has them, until when each one\'s certification authority is valid, and who applies with whose votes.',
        answer: Exactly({ height: AtHeight, members: Type.Array(Exactly({ ...MemberRecord.properties, authorityExpires: When })), applications: Type.Array(ApplicationShown) }),
        handle: async () => ({ height: follower.height(), members: trust.members().map((member) => ({ ...member, authorityExpires: new X509Certificate(member.caRoot).validToDate.getTime() })), applications: await applications() }),
      }),
      route({
        method: 'POST', path: '/staff/1/members/admissions', body: applicationDocument, roles: ['admin'], needsSignature: true, refusals: [...ledgerRefusals, 'NODE_STATE'],
        summary: 'Proposes an organisation for membership, or votes for its admission where it is proposed.',
        answer: Exactly({ member: MemberId, height: AtHeight, active: Type.Boolean() }),
        handle: async ({ body }) => {
          const { member, signature } = body
          const digest = applicationDigest(membershipApplicationStatement(parts.network, member))
          const proposed = await follower.latest(stateKeys.application(member.id)) as { application: string } | undefined
          if (proposed === undefined) await submit('participants@1', 'propose', { member, signature })
          else if (proposed.application !== digest) throw nodeErrors.STATE({ what: 'application', state: 'another one than was proposed first' })
          const height = await submit('participants@1', 'admit', { member: member.id, application: digest })
          return { member: member.id, height, active: trust.member(member.id) !== undefined }
        },
      }),
      route({
        method: 'GET', path: '/staff/1/staff', roles: ['admin'], refusals: [],
        summary: 'The keys of those who work here, and their roles.',
        answer: Exactly({ staff: Type.Array(staffDocument.schema) }),
        handle: async () => ({ staff: await staff.list() }),
      }),
      route({
        method: 'POST', path: '/staff/1/staff', body: staffDocument, roles: ['admin'], needsSignature: true, refusals: ledgerRefusals,
        summary: 'Registers a colleague\'s key with its roles, in the place of those it had.',
        answer: Exactly({ key: PublicKeyText, roles: Roles, height: AtHeight }),
        handle: async ({ body }) => {
          return { key: body.key, roles: body.roles, height: await register(body) }
        },
      }),
      route({
        method: 'DELETE', path: '/staff/1/staff/:key', roles: ['admin'], needsSignature: true, params: { key: PublicKeyText }, refusals: [...ledgerRefusals, 'NODE_STATE'],
        summary: 'Takes a colleague\'s key off the list: her sessions and signatures open nothing here from now on.',
        answer: Exactly({ key: PublicKeyText, height: AtHeight }),
        handle: async ({ key: by, params: { key = '' } }) => {
          const member = (await staff.list()).find((one) => one.key === key)
          if (member === undefined) throw nodeErrors.NOT_FOUND({ what: 'member of staff' })
          // So that somebody is always left who may register others.
          if (key === by) throw nodeErrors.STATE({ what: 'key', state: 'your own; another administrator takes it off' })
          await staff.remove(key)
          return { key, height: member.roles.includes('desk') ? await submit('participants@1', 'staff', { keys: [{ key, state: 'revoked' }] }) : follower.height() }
        },
      }),
      ...standingRoutes({ follower, submit }),
      ...invitationRoutes({ ...parts, register, pages: pagesOf(parts.config) }),
    ],
  }
}
