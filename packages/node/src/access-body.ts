// What the role of access body adds to a node: its officers see applications, call them incomplete, issue permits, refuse, revoke; everybody named is told (Regulation (EU) 2025/327, Art. 57(1)(a), 63, 68, 69).
import { newId, pause } from '@mhmd/base'
import type { Canonical, Clock, Randomness } from '@mhmd/base'
import { stateKeys } from '@mhmd/contracts'
import { newSalt } from '@mhmd/crypto'
import type { Follower } from '@mhmd/ledger'
import type { Outbox } from '@mhmd/messages'
import { useRequestDocument } from '@mhmd/schema'
import type { PermitState, UseRequest, UseRequestState } from '@mhmd/schema'
import type { Store, WriteTransaction } from '@mhmd/store'
import { nodeErrors } from './errors.ts'
import { accepted } from './ledger-outbox.ts'
import type { LedgerOutbox } from './ledger-outbox.ts'
import type { NodePart } from './node-part.ts'
import { pageAnswer, pageOf, searchQuery } from './paging.ts'
import type { InOrder } from './paging.ts'
import { Exactly, Id, Recorded, When } from './people-answers.ts'
import { ledgerRefusals } from './people-refusals.ts'
import { route } from './people.ts'
import { LONGEST_DELIVERY_DAYS, incompleteDocument, issueDocument, missingHeard, permitCommitment, permitsHeard, refuseDocument } from './permits.ts'
import type { HeardPermit, PermitDocument, WrittenPermit } from './permits.ts'
import type { PermitsKnown } from './permits-known.ts'
import { PermitShown, wordsOfPermit } from './permits-shown.ts'
import type { PermitView } from './permits-shown.ts'
import { requestOnLedger, requestReceived } from './request-intake.ts'
import { requestsIn } from './requests.ts'
import { jsonTable } from './table.ts'

export interface AccessBodyParts {
  readonly store: Store
  readonly ledger: LedgerOutbox
  readonly outbox: Outbox
  readonly follower: Follower
  readonly permits: Pick<PermitsKnown, 'inOrder' | 'one'>
  readonly nameOf: (member: string) => string
  readonly self: string
  readonly clock: Clock
  readonly randomness: Randomness
}

const ApplicationShown = Exactly({ document: useRequestDocument.schema, received: When, permit: PermitShown })
interface Application {
  readonly document: UseRequest
  readonly received: number
  readonly permit: PermitView
}

type Issue = ReturnType<typeof issueDocument.parse>
type Decided = Pick<PermitState, 'state'>['state']

const DAY_MILLISECONDS = 86_400_000
const LOOK_MILLISECONDS = 250
/** Documents by request and permit, written before the ledger is asked; only the one whose id stands there was issued. */
const written = jsonTable<WrittenPermit>('permits-written')
/** An officer's words, by request and what she decided. */
const explanations = jsonTable<{ readonly text: string }>('permit-explanations')
/** The version of each decision that everybody named was told of last. */
const told = jsonTable<{ readonly version: number }>('permits-told')
/** The version of each application of whose gaps its applicant was told last. */
const toldMissing = jsonTable<{ readonly version: number }>('applications-told')

export function createAccessBody(parts: AccessBodyParts): Required<Pick<NodePart, 'routes' | 'loops'>> {
  const { store, ledger, follower, clock, randomness, self } = parts
  let isDue = true
  follower.onBlock(({ committed }) => { isDue ||= committed.some(({ writes }) => writes.some(({ key: [kind] }) => kind === 'permit' || kind === 'use-request')) })

  /** An application that this body decides on, as the officer read it. */
  async function application(id: string, version: number | undefined): Promise<{ document: UseRequest; asked: UseRequestState }> {
    const request = await requestReceived(store, id)
    const asked = await requestOnLedger(follower, request)
    if (asked.authority !== self) throw nodeErrors.NOT_FOUND({ what: 'application' })
    if (version !== undefined && version !== asked.version) throw nodeErrors.STATE({ what: 'application', state: 'another one than was looked at: it was moved or amended meanwhile' })
    return { document: request.document, asked }
  }

  async function issue(id: string, body: Issue): Promise<{ height: number; operation: string; permit: string }> {
    const { document: request, asked } = await application(id, body.version)
    const document = permitFor(request, asked, body)
    const salt = newSalt(randomness)
    await store.write(async (tx) => {
      await written.put(tx, [id, document.permit], { document, salt })
      await explain(tx, { id, decided: 'issued', text: body.explanation })
    })
    if (asked.state !== 'complete') {
      accepted(await ledger.submit({ contract: 'requests@2', operation: 'examine', operationId: newId(randomness), payload: { request: id, content: asked.content, state: 'complete', reason: 'APPLICATION_COMPLETE', version: asked.version + 1 } }))
    }
    const { permit, kind, from, until } = document
    const receipt = accepted(await ledger.submit({ contract: 'permits@1', operation: 'issue', operationId: newId(randomness), payload: { permit, request: id, kind, content: permitCommitment(document, salt), from, until, reason: body.reason ?? 'CRITERIA_MET' } }))
    return { height: receipt.height, operation: receipt.operationId, permit }
  }

  function permitFor(request: UseRequest, asked: UseRequestState, { kind, days, deliverWithinDays, conditions }: Issue): PermitDocument {
    const { id, purpose, categories, fhirTypes, form } = request
    if (form === 'identified') throw nodeErrors.STATE({ what: 'application', state: 'one for records as they are, which no permit gives' })
    const from = clock.now()
    const until = days === undefined ? asked.until : Math.min(asked.until, from + days * DAY_MILLISECONDS)
    return {
      format: 'mhmd-permit/1', permit: newId(randomness), request: id, authority: self, user: asked.requester, holders: [...asked.holders],
      // Art. 69: an answer that is a figure takes an approved request; rows take a data permit.
      kind: kind ?? (form === 'computation' ? 'data-request' : 'data-permit'),
      purpose, categories: [...categories], fhirTypes: [...fhirTypes], form, conditions: conditions ?? [...request.safeguards], from, until, deliverBy: Math.min(until, from + (deliverWithinDays ?? LONGEST_DELIVERY_DAYS) * DAY_MILLISECONDS),
    }
  }

  async function end(id: string, decided: 'refused' | 'revoked', { reason, explanation, version }: ReturnType<typeof refuseDocument.parse>): Promise<{ height: number; operation: string }> {
    await application(id, version)
    await store.write((tx) => explain(tx, { id, decided, text: explanation }))
    const receipt = accepted(await ledger.submit({ contract: 'permits@1', operation: decided === 'refused' ? 'refuse' : 'revoke', operationId: newId(randomness), payload: { request: id, reason } }))
    return { height: receipt.height, operation: receipt.operationId }
  }

  async function callIncomplete(id: string, { reason, missing, version }: ReturnType<typeof incompleteDocument.parse>): Promise<{ height: number; operation: string }> {
    const { asked } = await application(id, version)
    const next = asked.version + 1
    await store.write((tx) => missingHeard.put(tx, [id, self, String(next)], { missing }))
    const receipt = accepted(await ledger.submit({ contract: 'requests@2', operation: 'examine', operationId: newId(randomness), payload: { request: id, content: asked.content, state: 'incomplete', reason: reason ?? 'APPLICATION_INCOMPLETE', version: next } }))
    return { height: receipt.height, operation: receipt.operationId }
  }

  const explain = (tx: WriteTransaction, { id, decided, text }: { id: string; decided: Decided; text: string | undefined }): Promise<void> => text === undefined ? explanations.delete(tx, id, decided) : explanations.put(tx, [id, decided], { text })

  /** What the ledger shows as decided is told once, whatever was killed in between. */
  async function tellAll(): Promise<void> {
    isDue = false
    for (const { key, value } of await follower.latestBelow(['permit'])) {
      const decided = value as unknown as PermitState
      if (decided.by === self) await tell(key[1] ?? '', decided)
    }
    for (const { key, value } of await follower.latestBelow(['use-request'])) {
      const asked = value as unknown as UseRequestState
      if (asked.authority === self && asked.state === 'incomplete') await tellMissing(key[1] ?? '', asked)
    }
  }

  const tellMissing = (request: string, { requester: to, version }: UseRequestState): Promise<void> => store.write(async (tx) => {
    const words = await missingHeard.get(tx, request, self, String(version))
    if (words === undefined || ((await toldMissing.get(tx, request))?.version ?? 0) >= version) return
    await toldMissing.put(tx, [request], { version })
    await parts.outbox.post(tx, { to, kind: 'application-incomplete/1', body: { request, version, missing: words.missing } })
  })

  async function tell(request: string, decided: PermitState): Promise<void> {
    const asked = await follower.latest(stateKeys.useRequest(request)) as UseRequestState | undefined
    await store.write(async (tx) => {
      if (asked === undefined || ((await told.get(tx, request))?.version ?? 0) >= decided.version) return
      const permit = decided.permit === undefined ? undefined : await written.get(tx, request, decided.permit.id)
      const words = await explanations.get(tx, request, decided.state)
      const heard: HeardPermit = { version: decided.version, ...(words === undefined ? {} : { explanation: words.text }), ...(permit === undefined ? {} : { permit }) }
      await told.put(tx, [request], { version: decided.version })
      await permitsHeard.put(tx, [request, self], heard)
      for (const to of new Set([asked.requester, ...asked.holders])) if (to !== self) await parts.outbox.post(tx, { to, kind: 'permit-decided/1', body: { request, ...heard } as unknown as Canonical })
    })
  }

  /** Those that this body decides on, once their documents are here. */
  const inOrder = (all: InOrder<PermitView>): InOrder<Application> => async function* (range) {
    for await (const { key, value: permit } of all(range)) {
      const received = permit.authority === self ? await store.read((tx) => requestsIn.get(tx, permit.request)) : undefined
      if (received !== undefined) yield { key, value: { document: received.document, received: received.received, permit } }
    }
  }

  const answer = Exactly({ ...Recorded.properties, operation: Id })
  const refusals = [...ledgerRefusals, 'NODE_STATE']
  return {
    loops: [async (signal) => {
      while (!signal.aborted) {
        if (isDue) await tellAll()
        await pause(LOOK_MILLISECONDS, signal)
      }
    }],
    routes: [
      route({
        method: 'GET', path: '/staff/1/applications', roles: ['officer', 'auditor'], query: searchQuery(), refusals: [],
        summary: 'Applications for permits that this access body decides on, each with its document and what was decided; first those that wait, then the newest.',
        answer: pageAnswer('applications', ApplicationShown),
        handle: async ({ query }) => {
          const { rows, next } = await pageOf(query, { rows: inOrder(await parts.permits.inOrder()), textOf: ({ permit, document }) => `${wordsOfPermit(permit, parts.nameOf)} ${document.title}` })
          return { applications: rows, next }
        },
      }),
      route({
        method: 'GET', path: '/staff/1/applications/:id', roles: ['officer', 'auditor'], refusals: [],
        summary: 'One application that this access body decides on, with its document and what was decided.',
        answer: ApplicationShown,
        handle: async ({ params }) => {
          const { permit } = await parts.permits.one(params['id'] ?? '')
          if (permit.authority !== self) throw nodeErrors.NOT_FOUND({ what: 'application' })
          const { document, received } = await requestReceived(store, permit.request)
          return { document, received, permit }
        },
      }),
      route({
        method: 'POST', path: '/staff/1/applications/:id/permit', body: issueDocument, roles: ['officer'], refusals,
        summary: 'Finds an application complete and issues a permit for it, on the ledger and to everybody it names.',
        answer: Exactly({ ...answer.properties, permit: Id }),
        handle: ({ params, body }) => issue(params['id'] ?? '', body),
      }),
      route({
        method: 'POST', path: '/staff/1/applications/:id/incompleteness', body: incompleteDocument, roles: ['officer'], refusals, answer,
        summary: 'Calls an application incomplete, on the ledger, and tells its applicant what is missing; she may amend it.',
        handle: ({ params, body }) => callIncomplete(params['id'] ?? '', body),
      }),
      route({
        method: 'POST', path: '/staff/1/applications/:id/refusal', body: refuseDocument, roles: ['officer'], refusals, answer,
        summary: 'Refuses an application, with a reason, on the ledger and to everybody it names.',
        handle: ({ params, body }) => end(params['id'] ?? '', 'refused', body),
      }),
      route({
        method: 'POST', path: '/staff/1/applications/:id/revocation', body: refuseDocument, roles: ['officer'], refusals, answer,
        summary: 'Revokes the permit issued for an application: nothing leaves under it any more.',
        handle: ({ params, body }) => end(params['id'] ?? '', 'revoked', body),
      }),
    ],
  }
}
