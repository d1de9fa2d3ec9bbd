// A holder's people interface for citizens: link her record with her key, take her decisions directly, tell her what is held and who used it.
import type { Clock } from '@mhmd/base'
import { keyedSignature, statementKinds } from '@mhmd/contracts'
import { statementBytes, verifySignature } from '@mhmd/crypto'
import type { SigningKey } from '@mhmd/crypto'
import { decide } from '@mhmd/consent'
import type { Basis } from '@mhmd/consent'
import type { Follower } from '@mhmd/ledger'
import { KeyEnrolment, KeyedSignature, SignatureText, documentType, useRequestDocument } from '@mhmd/schema'
import Type from 'typebox'
import { nodeErrors } from './errors.ts'
import type { HolderRequests } from './holder-requests.ts'
import type { LinkCodes } from './link-codes.ts'
import { mergedNotices, notices } from './notices.ts'
import type { Merges } from './patient-merges.ts'
import type { PermitsKnown } from './permits-known.ts'
import { AtHeight, Count, Digest, Exactly, Id, MemberId, Notices, OrNull, RecallShown, RequesterShown, StateVersion, Title, VerdictShown, When } from './people-answers.ts'
import { citizenRefusals } from './people-refusals.ts'
import { route } from './people.ts'
import type { PeopleRoute } from './people.ts'
import { decisionAtHolder } from './signed-records.ts'
import type { DecisionAtHolder } from './signed-records.ts'
import type { Standing } from './standing.ts'
import type { Erased } from './withdrawal-erasure.ts'
import type { Intake } from './withdrawal-intake.ts'

const closed = { additionalProperties: false } as const
const Code = Type.String({ pattern: '^[0-9a-hjkmnp-tv-zA-HJKMNP-TV-Z-]{16,24}$' })
const beginDocument = documentType('enrolment-begin', Type.Object({ code: Code }, closed))
const enrolDocument = documentType('enrolment', Type.Object({ code: Code, statement: KeyEnrolment, subjectSignature: SignatureText }, closed))

const MeShown = Exactly({
  holder: MemberId, subject: Id, height: AtHeight, versions: Exactly({ consent: StateVersion, 'opt-out': StateVersion }), next: Exactly({ consent: StateVersion, 'opt-out': StateVersion }), keyVersion: StateVersion, notices: Notices,
  /** Where her records were found under several patient numbers and put together: how many, and since when. */
  merged: OrNull(Exactly({ numbers: Count, at: When })),
  /** Where what was kept of her here is erased, or is to be: since when. No choice counts there any more, and nobody asks or may use anything. */
  erased: OrNull(Exactly({ asked: When, done: OrNull(When) })),
  /** What is known of her choices here, each by its basis; see `Basis` of packages/consent. */
  choices: Type.Array(Type.Object({ basis: Type.Enum(['consent', 'opt-out', 'key', 'permit', 'own-access', 'care', 'holder-duty']) })),
  doors: Type.String({ pattern: '^(open|closed: [A-Z_]+)$' }),
  /** Each open request whole, so that her device can ask the engine about terms she has not signed yet. */
  preview: Type.Array(Exactly({ request: Id, title: Title, requester: RequesterShown, document: useRequestDocument.schema, verdict: VerdictShown })),
  /** Permits that used or may use her record, newest first. Her opt-out is for permits approved after it (Regulation (EU) 2025/327, Art. 71(3)): it `keeps-out` of this one, is `for-later-ones`, or there is `none`. */
  permits: Type.Array(Exactly({
    request: Id, title: OrNull(Title), purpose: Type.String(), form: Type.String(), requester: MemberId, authority: MemberId, kind: Type.String(),
    state: Type.String(), approved: When, from: When, until: When, uses: Count, mayUse: Type.Boolean(), optOut: Type.Enum(['none', 'keeps-out', 'for-later-ones']),
  })),
})
const UseShown = Exactly({
  release: Id, at: When, height: AtHeight, request: Exactly({ id: Id, title: Title, purpose: Type.String(), requester: RequesterShown }), basis: Type.String(), form: Type.String(), recall: OrNull(RecallShown),
  /** When its recipient deleted the table, by its signed receipt. */
  deleted: OrNull(When),
})

export interface CitizenParts {
  readonly holder: string
  readonly network: string
  readonly signing: SigningKey
  readonly follower: Follower
  readonly linkCodes: LinkCodes
  readonly standing: Standing
  readonly intake: Intake
  readonly merges: Pick<Merges, 'personOf' | 'membersOf'>
  readonly requests: Pick<HolderRequests, 'usesOf' | 'openRequests' | 'withPermit'>
  readonly permits: Pick<PermitsKnown, 'all'>
  readonly erasedOf: (subject: string) => Promise<Erased | null>
  readonly clock: Clock
}

export function citizenRoutes(parts: CitizenParts): PeopleRoute[] {
  const { follower, holder, clock, intake } = parts

  /** Those that were issued: whether each may use her now, how often it did, and what her opt-out is to it. */
  async function permitsOf(subject: string, bases: readonly Basis[]): Promise<object[]> {
    const issued = (await parts.permits.all()).flatMap(({ permit, ...row }) => (permit === null ? [] : [{ ...row, permit }]))
    if (issued.length === 0) return []
    const [uses, open] = [await parts.requests.usesOf(parts.merges.membersOf(subject)), new Map((await parts.requests.openRequests()).map((request) => [request.id, request]))]
    const rows = await Promise.all(issued.map(async ({ permit: { kind, approved, from, until }, request, title, purpose, form, requester, authority, state }) => {
      const document = open.get(request)
      const mayUse = document !== undefined && parts.standing.closedBy() === undefined && decide(document, await parts.requests.withPermit(document, bases), clock.now()).answer === 'permit'
      return { request, title, purpose, form, requester, authority, kind, state, approved, from, until, uses: uses.filter((use) => use.request.id === request).length, mayUse, optOut: optOutOn(approved, bases) }
    }))
    return rows.sort((a, b) => b.approved - a.approved)
  }

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
      method: 'POST', path: '/people/1/decisions', body: decisionAtHolder, roles: ['citizen'], refusals: [...citizenRefusals, 'NODE_RECORD_MISMATCH', 'VAULT_UNKNOWN_SUBJECT'],
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
        const erased = await parts.erasedOf(subject)
        const bases = erased === null ? await parts.standing.of(subject) : []
        const person = parts.merges.personOf(subject)
        const now = clock.now()
        const closed = parts.standing.closedBy()
        return {
          holder, subject, height: follower.height(), versions: await intake.versionsOf(subject), next: await intake.nextOf(subject), keyVersion: state.version, notices: person === undefined ? notices : mergedNotices,
          merged: person === undefined ? null : { numbers: person.members.length, at: person.at },
          erased,
          choices: bases,
          doors: closed === undefined ? 'open' : `closed: ${closed.code}`,
          preview: closed !== undefined || erased !== null ? [] : await Promise.all((await parts.requests.openRequests()).map(async (request) => ({ request: request.id, title: request.title, requester: request.requester, document: request, verdict: decide(request, await parts.requests.withPermit(request, bases), now) }))),
          permits: erased === null ? await permitsOf(subject, bases) : [],
        }
      },
    }),
    route({
      method: 'GET', path: '/people/1/uses', roles: ['citizen'], refusals: citizenRefusals,
      summary: 'Who used her record here, for what and on which basis, newest first.',
      answer: Exactly({ holder: MemberId, uses: Type.Array(UseShown) }),
      handle: async ({ key }) => {
        const { subject } = await intake.subjectOf(key)
        return { holder, uses: await parts.requests.usesOf(parts.merges.membersOf(subject)) }
      },
    }),
  ]
}

/** What her opt-out is to a permit of that moment; the same moment is hers. */
function optOutOn(approved: number, bases: readonly Basis[]): 'none' | 'keeps-out' | 'for-later-ones' {
  const optOut = bases.find((basis) => basis.basis === 'opt-out')
  if (optOut === undefined || optOut.state !== 'active') return 'none'
  return optOut.since <= approved ? 'keeps-out' : 'for-later-ones'
}
