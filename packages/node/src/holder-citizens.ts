// A holder's people interface for citizens: link her record with her key, take her decisions directly, tell her what is held and who used it.
import type { Clock, Randomness } from '@mhmd/base'
import { keyedSignature, stateKeys, statementKinds } from '@mhmd/contracts'
import { statementBytes, verifySignature } from '@mhmd/crypto'
import type { SigningKey } from '@mhmd/crypto'
import { decide } from '@mhmd/consent'
import type { Follower } from '@mhmd/ledger'
import { KeyEnrolment, SignatureText, documentType } from '@mhmd/schema'
import type { DecisionState, SubjectKeyState, SubjectState } from '@mhmd/schema'
import type { Store } from '@mhmd/store'
import Type from 'typebox'
import { nodeErrors } from './errors.ts'
import type { HolderRequests } from './holder-requests.ts'
import type { LinkCodes } from './link-codes.ts'
import { isKnownNotice, notices } from './notices.ts'
import { route } from './people.ts'
import type { PeopleRoute } from './people.ts'
import { checkDecision, decisionAtHolder } from './signed-records.ts'
import type { DecisionAtHolder, SignedRecords } from './signed-records.ts'
import { closes } from './standing.ts'
import type { Standing } from './standing.ts'

const closed = { additionalProperties: false } as const
const Code = Type.String({ pattern: '^[0-9a-hjkmnp-tv-zA-HJKMNP-TV-Z-]{16,24}$' })
const beginDocument = documentType('enrolment-begin', Type.Object({ code: Code }, closed))
const enrolDocument = documentType('enrolment', Type.Object({ code: Code, statement: KeyEnrolment, subjectSignature: SignatureText }, closed))

export interface CitizenParts {
  readonly store: Store
  readonly holder: string
  readonly network: string
  readonly signing: SigningKey
  readonly follower: Follower
  readonly linkCodes: LinkCodes
  readonly records: SignedRecords
  readonly standing: Standing
  readonly requests: Pick<HolderRequests, 'usesOf' | 'openRequests'>
  readonly clock: Clock
  readonly randomness: Randomness
}

export function citizenRoutes(parts: CitizenParts): PeopleRoute[] {
  const { store, follower, holder, clock } = parts

  /** The subject whose present key this is. Throws NODE_KEY_UNKNOWN. */
  async function subjectOf(key: string): Promise<{ subject: string; state: SubjectState }> {
    const index = await follower.latest(stateKeys.subjectKey(holder, key)) as SubjectKeyState | undefined
    const state = index === undefined ? undefined : await follower.latest(stateKeys.subject(holder, index.subject)) as SubjectState | undefined
    if (index === undefined || state?.key !== key || state.state !== 'active') throw nodeErrors.KEY_UNKNOWN()
    return { subject: index.subject, state }
  }

  async function versionsOf(subject: string): Promise<{ consent: number; 'opt-out': number }> {
    const consent = await follower.latest(stateKeys.consent(holder, subject)) as DecisionState | undefined
    const optOut = await follower.latest(stateKeys.optOut(holder, subject)) as DecisionState | undefined
    return { consent: consent?.version ?? 0, 'opt-out': optOut?.version ?? 0 }
  }

  return [
    route({
      method: 'POST', path: '/people/1/enrolments/begin', body: beginDocument,
      handle: async ({ key, body }) => ({ subject: await parts.linkCodes.claim(body.code, key), holder, network: parts.network, notices }),
    }),
    route({
      method: 'POST', path: '/people/1/enrolments', body: enrolDocument,
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
      method: 'POST', path: '/people/1/decisions', body: decisionAtHolder,
      handle: async ({ key, body }) => {
        const sent = body as DecisionAtHolder
        const { subject, state } = await subjectOf(key)
        checkDecision(sent, { network: parts.network, holder, subjectKey: state.key, subject })
        if (!isKnownNotice(sent.opening.content.notice)) throw nodeErrors.RECORD_MISMATCH({ why: 'it names a notice that was never shown here' })
        const { version } = sent.statement
        const now = clock.now()
        const onLedger = (await versionsOf(subject))[sent.kind]
        await store.write(async (tx) => {
          const newest = await parts.records.newest(tx, sent.kind, subject)
          const expected = Math.max(newest?.statement.version ?? 0, onLedger) + 1
          // The same decision may come again: it is taken once.
          if (newest?.statement.operationId === sent.statement.operationId) return
          if (version !== expected) throw nodeErrors.RECORD_MISMATCH({ why: `version ${expected} is next` })
          await parts.records.put(tx, { kind: sent.kind, statement: sent.statement, by: 'subject', opening: sent.opening, received: now })
        })
        if (closes(sent)) parts.standing.close(subject)
        return { version, receivedAt: now, enforced: closes(sent) ? 'now' : 'once the ledger shows it' }
      },
    }),
    route({
      method: 'GET', path: '/people/1/me',
      handle: async ({ key }) => {
        const { subject } = await subjectOf(key)
        const bases = await parts.standing.of(subject)
        const now = clock.now()
        return {
          holder, subject, height: follower.height(), versions: await versionsOf(subject), notices,
          choices: bases,
          preview: (await parts.requests.openRequests()).map((request) => ({ request: request.id, title: request.title, requester: request.requester, verdict: decide(request, bases, now) })),
        }
      },
    }),
    route({
      method: 'GET', path: '/people/1/uses',
      handle: async ({ key }) => {
        const { subject } = await subjectOf(key)
        return { holder, uses: await parts.requests.usesOf(subject) }
      },
    }),
  ]
}
