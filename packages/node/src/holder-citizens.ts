// A holder's people interface for citizens: link her record with her key, take her decisions directly, tell her what is held and who used it.
import type { Clock } from '@mhmd/base'
import { keyedSignature, statementKinds } from '@mhmd/contracts'
import { statementBytes, verifySignature } from '@mhmd/crypto'
import type { SigningKey } from '@mhmd/crypto'
import { decide } from '@mhmd/consent'
import type { Follower } from '@mhmd/ledger'
import { KeyEnrolment, KeyedSignature, SignatureText, documentType, useRequestDocument } from '@mhmd/schema'
import Type from 'typebox'
import { nodeErrors } from './errors.ts'
import type { HolderRequests } from './holder-requests.ts'
import type { LinkCodes } from './link-codes.ts'
import { notices } from './notices.ts'
import { AtHeight, Digest, Exactly, Id, MemberId, Notices, OrNull, RecallShown, RequesterShown, StateVersion, Title, VerdictShown, When } from './people-answers.ts'
import { citizenRefusals } from './people-refusals.ts'
import { route } from './people.ts'
import type { PeopleRoute } from './people.ts'
import { decisionAtHolder } from './signed-records.ts'
import type { DecisionAtHolder } from './signed-records.ts'
import type { Standing } from './standing.ts'
import type { Intake } from './withdrawal-intake.ts'

const closed = { additionalProperties: false } as const
const Code = Type.String({ pattern: '^[0-9a-hjkmnp-tv-zA-HJKMNP-TV-Z-]{16,24}$' })
const beginDocument = documentType('enrolment-begin', Type.Object({ code: Code }, closed))
const enrolDocument = documentType('enrolment', Type.Object({ code: Code, statement: KeyEnrolment, subjectSignature: SignatureText }, closed))

const MeShown = Exactly({
  holder: MemberId, subject: Id, height: AtHeight, versions: Exactly({ consent: StateVersion, 'opt-out': StateVersion }), next: Exactly({ consent: StateVersion, 'opt-out': StateVersion }), keyVersion: StateVersion, notices: Notices,
  /** What is known of her choices here, each by its basis; see `Basis` of packages/consent. */
  choices: Type.Array(Type.Object({ basis: Type.Enum(['consent', 'opt-out', 'key', 'permit', 'own-access', 'care', 'holder-duty']) })),
  doors: Type.String({ pattern: '^(open|closed: [A-Z_]+)$' }),
  /** Each open request whole, so that her device can ask the engine about terms she has not signed yet. */
  preview: Type.Array(Exactly({ request: Id, title: Title, requester: RequesterShown, document: useRequestDocument.schema, verdict: VerdictShown })),
})
const UseShown = Exactly({
  release: Id, at: When, height: AtHeight, request: Exactly({ id: Id, title: Title, purpose: Type.String(), requester: RequesterShown }), basis: Type.String(), form: Type.String(), recall: OrNull(RecallShown),
})

export interface CitizenParts {
  readonly holder: string
  readonly network: string
  readonly signing: SigningKey
  readonly follower: Follower
  readonly linkCodes: LinkCodes
  readonly standing: Standing
  readonly intake: Intake
  readonly requests: Pick<HolderRequests, 'usesOf' | 'openRequests'>
  readonly clock: Clock
}

export function citizenRoutes(parts: CitizenParts): PeopleRoute[] {
  const { follower, holder, clock, intake } = parts

  return [
    route({
      method: 'POST', path: '/people/1/enrolments/begin', body: beginDocument, roles: ['anyone'], refusals: ['NODE_LINK_CODE'],
      summary: 'Begins an enrolment with the code that the desk gave: which pseudonym it is for, and what to read first.',
      answer: Exactly({ subject: Id, holder: MemberId, network: Digest, notices: Notices }),
      handle: async ({ key, body }) => ({ subject: await parts.linkCodes.claim(body.code, key), holder, network: parts.network, notices }),
    }),
    route({
      method: 'POST', path: '/people/1/enrolments', body: enrolDocument, roles: ['anyone'], refusals: ['NODE_LINK_CODE', 'NODE_RECORD_MISMATCH'],
      summary: 'Co-signs the enrolment of the key that signs, for the person whom the code is for.',
      answer: Exactly({ statement: KeyEnrolment, holder: KeyedSignature }),
      handle: async ({ key, body }) => {
        const { statement, subjectSignature } = body
        const subject = await parts.linkCodes.claim(body.code, key)
        const fits = statement.subject === subject && statement.holder === holder && statement.network === parts.network && statement.key === key
          && verifySignature(key, statementBytes(statementKinds.keyEnrolment, statement), subjectSignature)
        if (!fits) throw nodeErrors.RECORD_MISMATCH({ why: 'the enrolment is for another person, holder, network or key' })
        return { statement, holder: keyedSignature(statementKinds.keyEnrolment, statement, parts.signing) }
      },
    }),
    route({
      method: 'POST', path: '/people/1/decisions', body: decisionAtHolder, roles: ['citizen'], refusals: [...citizenRefusals, 'NODE_RECORD_MISMATCH'],
      summary: 'Takes her signed decision; what closes is enforced at once.',
      answer: Exactly({ version: StateVersion, receivedAt: When, enforced: Type.Enum(['now', 'once the ledger shows it']) }),
      handle: ({ key, body }) => intake.take(key, body as DecisionAtHolder),
    }),
    route({
      method: 'GET', path: '/people/1/me', roles: ['citizen'], refusals: citizenRefusals,
      summary: 'Her choices as this holder knows them, and what each open request would get of hers.',
      answer: MeShown,
      handle: async ({ key }) => {
        const { subject, state } = await intake.subjectOf(key)
        const bases = await parts.standing.of(subject)
        const now = clock.now()
        const closed = parts.standing.closedBy()
        return {
          holder, subject, height: follower.height(), versions: await intake.versionsOf(subject), next: await intake.nextOf(subject), keyVersion: state.version, notices,
          choices: bases,
          doors: closed === undefined ? 'open' : `closed: ${closed.code}`,
          preview: closed !== undefined ? [] : (await parts.requests.openRequests()).map((request) => ({ request: request.id, title: request.title, requester: request.requester, document: request, verdict: decide(request, bases, now) })),
        }
      },
    }),
    route({
      method: 'GET', path: '/people/1/uses', roles: ['citizen'], refusals: citizenRefusals,
      summary: 'Who used her record here, for what and on which basis, newest first.',
      answer: Exactly({ holder: MemberId, uses: Type.Array(UseShown) }),
      handle: async ({ key }) => {
        const { subject } = await intake.subjectOf(key)
        return { holder, uses: await parts.requests.usesOf(subject) }
      },
    }),
  ]
}
