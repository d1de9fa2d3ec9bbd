// A holder's side of requests: receive, let a steward decide, answer askings with a protected count, and remember who was considered for what.
import { recallStatementDocument } from '@mhmd/accounts'
import { MhmdError, newId, toBase64Url } from '@mhmd/base'
import type { Canonical, Clock, Randomness } from '@mhmd/base'
import { resolveCohort, subjectsOf } from '@mhmd/consent'
import type { Basis, Decision, SubjectBases } from '@mhmd/consent'
import type { Follower } from '@mhmd/ledger'
import type { Handler, Outbox } from '@mhmd/messages'
import { openManifest, releaseCount, releaseErrors } from '@mhmd/release'
import type { CountPolicy } from '@mhmd/release'
import { useRequestDocument } from '@mhmd/schema'
import type { UseRequest } from '@mhmd/schema'
import type { Store } from '@mhmd/store'
import Type from 'typebox'
import { nodeErrors } from './errors.ts'
import type { Job, JobStep, Jobs } from './jobs.ts'
import { accepted } from './ledger-outbox.ts'
import type { LedgerOutbox } from './ledger-outbox.ts'
import type { NodePart } from './node-part.ts'
import { pageAnswer, searchQuery } from './paging.ts'
import { AtHeight, Count, Digest, Exactly, HolderAnswerShown, Id, MemberId, OrNull, RecallShown, When } from './people-answers.ts'
import { ledgerRefusals } from './people-refusals.ts'
import { route } from './people.ts'
import type { PermitsKnown } from './permits-known.ts'
import { ApplicationState } from './permits-shown.ts'
import { requestOnLedger, requestReceived } from './request-intake.ts'
import { answerDocument, requestMessages, requestsIn } from './requests.ts'
import type { RequestIn } from './requests.ts'
import type { ReleaseRow, ReleasesKept } from './releases-kept.ts'
import type { Standing } from './standing.ts'
import type { RecallOf, RecallView } from './statements.ts'
import type { HolderVault } from './holder-vault.ts'

export interface HolderRequests extends Required<Pick<NodePart, 'routes' | 'handlers' | 'runners'>> {
  /** Which releases considered a person under any of her pseudonyms, newest first. */
  usesOf(subjects: readonly string[]): Promise<Use[]>
  /** A request that stands on the ledger as it was sent, and that this holder accepted or must deliver. Throws NODE_NOT_FOUND, NODE_STATE, NODE_PERMIT_NOT_IN_FORCE. */
  accepted(id: string): Promise<RequestIn>
  /** The same, where a table of it may leave. Throws RELEASE_SECURE_ENVIRONMENT_ONLY too. */
  acceptedTable(id: string): Promise<RequestIn>
  /** Who of these may be used for the request now, as the ledger stands at the present height. */
  resolve(request: RequestIn, options: { readonly subjects: AsyncIterable<string>; readonly milliseconds: number }): Promise<Decision>
  /** Bases of one person, with the permit that this request rests on, if it does. */
  withPermit(request: UseRequest, bases: readonly Basis[]): Promise<readonly Basis[]>
  /** Requests that this holder accepted or has before it. */
  openRequests(): Promise<(UseRequest & { readonly requester: UseRequest['requester'] })[]>
}

const TableShown = Exactly({
  form: Type.Enum(['anonymised', 'pseudonymised']), agreement: Id, record: Id, dataset: Id, digest: Digest, size: Count, received: Type.Optional(When), stopped: Type.Optional(When), deleted: Type.Optional(Exactly({ at: When, document: recallStatementDocument.schema })),
  figures: Exactly({
    rows: Count, suppressedRows: Count, people: Count, classes: Count, smallestClass: Count, memberships: Count, uniques: Count,
    distinctValues: Type.Record(Type.String(), Count), labels: Type.Record(Type.String(), Count), toldApart: Type.Record(Type.String(), Count),
  }),
})

/** A release as its holder's stewards see it; who was considered stays sealed. */
const ReleaseShown = Exactly({
  id: Id, at: When, ask: Id, request: Id, to: MemberId, height: AtHeight, exact: Count, considered: Count, recall: OrNull(RecallShown), table: Type.Optional(TableShown),
  tallies: Exactly({ answers: Type.Record(Type.String(), Count), reasons: Type.Record(Type.String(), Count) }),
})

/** `permit`: how its application stands, where an access body decides; null until the ledger shows it, and for all others. */
const RequestShown = Exactly({ document: useRequestDocument.schema, received: When, answer: OrNull(HolderAnswerShown), permit: OrNull(ApplicationState) })

/** One use of a person's record, as she is told of it. */
export interface Use {
  readonly release: string
  readonly at: number
  readonly height: number
  readonly request: { readonly id: string; readonly title: string; readonly purpose: string; readonly requester: UseRequest['requester'] }
  readonly basis: string
  readonly form: string
  /** Where it was called back: when its recipient was told, and whether it answered that it removed it. */
  readonly recall: RecallState | null
  /** Where its recipient deleted the table by itself: when, by its receipt. */
  readonly deleted: number | null
}

export type RecallState = Pick<RecallView, 'sent' | 'answered' | 'late'>

export interface HolderRequestParts {
  readonly store: Store
  readonly ledger: LedgerOutbox
  readonly outbox: Outbox
  readonly follower: Follower
  readonly jobs: Jobs
  readonly vault: HolderVault
  readonly standing: Standing
  readonly permits: PermitsKnown
  readonly releases: ReleasesKept
  readonly recallOf: RecallOf
  readonly policy: CountPolicy
  readonly countSecret: Uint8Array
  readonly nodeKey: Uint8Array
  readonly member: string
  /** A member's name, to be looked for. */
  readonly nameOf: (member: string) => string
  readonly clock: Clock
  readonly randomness: Randomness
}

const KEEPER = 'request-answer'
const DEADLINE_MILLISECONDS = 5 * 60_000
/** After so many starts in a row the job waits for its next turn. */
const STARTS = 20
const overtaken = new Set(['CONSENT_DECISION_SUPERSEDED', 'NODE_CHANGED_MEANWHILE', 'VAULT_UNKNOWN_SUBJECT'])
const isOvertaken = (error: unknown): boolean => MhmdError.isInstance(error) && overtaken.has(error.code)

export function createHolderRequests(parts: HolderRequestParts): HolderRequests {
  const { store, clock, follower, releases } = parts
  const stateOf = async (release: { readonly id: string; readonly recall?: string }): Promise<RecallState | null> => {
    const view = await parts.recallOf(release)
    return view === undefined ? null : { sent: view.sent, answered: view.answered, late: view.late }
  }

  const found = (id: string): Promise<RequestIn> => requestReceived(store, id)
  const requestShown = async ({ document, received, answer }: RequestIn): Promise<object> => ({ document, received, answer: answer ?? null, permit: document.basis === 'permit' ? await parts.permits.standsAs(document.id) : null })
  const releaseShown = async ({ considered, manifest: _, salt: __, ...row }: ReleaseRow): Promise<object> => ({ ...row, considered: considered.length, recall: await stateOf(row) })

  parts.ledger.keeper(KEEPER, async (tx, value) => {
    const { id, answer: { state, reason, ...more } } = value as { id: string; answer: NonNullable<RequestIn['answer']> }
    const request = await requestsIn.get(tx, id)
    if (request === undefined) return
    await requestsIn.put(tx, [id], { ...request, answer: { state, reason, ...more } })
    await parts.outbox.post(tx, { to: request.document.requester.member, kind: 'use-answer/1', body: { request: id, state, reason } })
  })

  async function answer(id: string, { state, reason }: { state: 'accepted' | 'refused'; reason?: string | undefined }): Promise<{ height: number; operation: string; replaced?: string }> {
    parts.standing.requireSight()
    const request = await found(id)
    const { content } = await requestOnLedger(follower, request)
    const version = (request.answer?.version ?? 0) + 1
    const code = reason ?? (state === 'accepted' ? 'WITHIN_TERMS' : 'NOT_AGREED')
    const receipt = accepted(await parts.ledger.submit({
      contract: 'requests@2', operation: 'answer', operationId: newId(parts.randomness), payload: { request: id, content, state, reason: code, version },
      keeps: { by: KEEPER, value: { id, answer: { state, reason: code, at: clock.now(), version } } },
    }))
    return { height: receipt.height, operation: receipt.operationId, ...(request.answer === undefined ? {} : { replaced: request.answer.state }) }
  }

  /** Door two, as a job: resolve at the present height, compute, check that every decision still stands, and let it leave with its record on the ledger. */
  async function runCount(job: Job, step: JobStep): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await countOnce(job, step)
      } catch (error) {
        // Somebody withdrew or was erased meanwhile: it starts over without her, at once.
        if (!isOvertaken(error) || attempt === STARTS || step.signal.aborted) throw error
      }
    }
  }

  async function acceptedRequest(id: string): Promise<RequestIn> {
    const request = await found(id)
    const ledgerState = await requestOnLedger(follower, request)
    if (ledgerState.authority !== undefined) {
      // Nobody asks this holder: what it was not named in, no contract has looked at.
      if (!ledgerState.holders.includes(parts.member)) throw nodeErrors.NOT_FOUND({ what: 'request' })
      await parts.permits.requireInForce(id)
    } else if (request.answer?.state !== 'accepted' || ledgerState.state === 'closed') throw nodeErrors.STATE({ what: 'request', state: 'not accepted, or closed' })
    return request
  }

  const withPermit = async (request: UseRequest, bases: readonly Basis[], height = follower.height()): Promise<readonly Basis[]> => {
    const permit = request.basis === 'permit' ? await parts.permits.basisAt(request, height) : undefined
    return permit === undefined ? bases : [...bases, permit]
  }

  async function resolve({ document }: RequestIn, { subjects, milliseconds }: { readonly subjects: AsyncIterable<string>; readonly milliseconds: number }): Promise<Decision> {
    // Both before anything is read: what comes in between ends the decision.
    const [stands, isUnchanged] = [parts.standing.watch(), parts.permits.watch(document.id)]
    const [height, now] = [follower.height(), clock.now()]
    const common = await withPermit(document, [], height)
    return resolveCohort(document, withBases(parts.standing.at(height, subjects), common), { time: now, height, deadline: now + milliseconds, stillStands: (subject) => (document.basis !== 'permit' || isUnchanged()) && stands(subject) })
  }

  async function countOnce(job: Job, step: JobStep): Promise<void> {
    const { request: id, ask } = job.input as { request: string; ask: string }
    parts.standing.requireSight()
    const request = await acceptedRequest(id)
    const decision = await resolve(request, { subjects: parts.vault.subjects(), milliseconds: DEADLINE_MILLISECONDS })
    const { height } = decision
    const considered = [...subjectsOf(decision, clock.now())]
    const outcome = await releaseCount({ request: request.document, decision, holder: parts.member, vault: parts.vault, store, secret: parts.countSecret, policy: parts.policy, clock, randomness: parts.randomness })
    const to = request.document.requester.member
    await step.finish(async (tx) => {
      // The last look before it leaves: whoever withdrew since makes the job start over without her.
      if ([...subjectsOf(decision, clock.now())].length !== considered.length) throw nodeErrors.CHANGED_MEANWHILE()
      const shared = { at: clock.now(), ask, request: id, to, height, tallies: decision.tallies, considered }
      if (outcome.released) {
        const { release } = outcome.manifest
        await releases.put(tx, { ...shared, id: release, exact: openManifest(outcome.sealedManifest, release, parts.countSecret).exact, manifest: toBase64Url(outcome.sealedManifest), salt: outcome.salt })
        await parts.ledger.enqueue(tx, { contract: 'releases@2', operation: 'record', operationId: newId(parts.randomness), payload: { release, request: id, form: request.document.form, height, content: outcome.commitment } })
        await parts.outbox.post(tx, { to, kind: 'release/1', body: { request: id, ask, answer: { released: true, count: outcome.answer }, manifest: outcome.manifest as unknown as Canonical } })
      } else {
        await parts.outbox.post(tx, { to, kind: 'release/1', body: { request: id, ask, answer: { released: false, code: outcome.refusal.code }, manifest: { height } } })
      }
    })
  }

  const handlers: Record<string, Handler> = {
    'ask/1': async (envelope, tx) => {
      const { request: id, ask } = requestMessages['ask/1'].parse(envelope.body)
      const request = await requestsIn.get(tx, id)
      if (request?.document.requester.member !== envelope.from) throw nodeErrors.NOT_FOUND({ what: 'request' })
      // Under a permit there is no answer: the job asks whether one is in force.
      if (request.document.basis !== 'permit' && request.answer?.state !== 'accepted') throw nodeErrors.STATE({ what: 'request', state: 'not accepted' })
      if (request.document.form !== 'computation') throw nodeErrors.STATE({ what: 'request', state: 'one for a table, which the holder releases under an agreement' })
      return { job: await parts.jobs.add(tx, 'count', { request: id, ask }) }
    },
  }

  return {
    handlers,
    runners: { count: runCount },
    accepted: acceptedRequest,
    acceptedTable: async (id) => {
      const request = await acceptedRequest(id)
      if (await parts.permits.isBoundToEnvironment(request.document)) throw releaseErrors.SECURE_ENVIRONMENT_ONLY()
      return request
    },
    resolve,
    withPermit: (request, bases) => withPermit(request, bases),
    usesOf: async (subjects) => {
      const mine = (await store.read((tx) => releases.list(tx))).filter(({ considered }) => subjects.some((subject) => considered.includes(subject))).sort((a, b) => b.at - a.at)
      return Promise.all(mine.map(async (row): Promise<Use> => {
        const { document } = await found(row.request)
        return { release: row.id, at: row.at, height: row.height, request: { id: document.id, title: document.title, purpose: document.purpose, requester: document.requester }, basis: document.basis, form: document.form, recall: await stateOf(row), deleted: row.table?.deleted?.at ?? null }
      }))
    },
    openRequests: async () => {
      const rows = await store.read((tx) => requestsIn.list(tx))
      return rows.map((row) => row.value).filter((request) => request.answer?.state !== 'refused' && request.document.until > clock.now()).map((request) => request.document)
    },
    routes: [
      route({
        method: 'GET', path: '/staff/1/inbox', roles: ['steward'], query: searchQuery(), refusals: [],
        summary: 'Requests that others addressed to this holder, and what it answered; first those that wait, then the newest.',
        answer: pageAnswer('requests', RequestShown),
        handle: async ({ query }) => {
          const { rows, next } = await store.read((tx) => requestsIn.page(tx, query, ({ document: { id, title, purpose, form, basis, requester: { member } }, answer: answered }) => [id, title, purpose, form, basis, member, parts.nameOf(member), answered?.state ?? 'open'].join(' ')))
          return { requests: await Promise.all(rows.map(requestShown)), next }
        },
      }),
      route({
        method: 'GET', path: '/staff/1/inbox/:id', roles: ['steward'], refusals: [],
        summary: 'One request that was addressed to this holder.',
        answer: RequestShown,
        handle: async ({ params }) => requestShown(await found(params['id'] ?? '')),
      }),
      route({
        method: 'POST', path: '/staff/1/inbox/:id/answer', body: answerDocument, roles: ['steward'], refusals: [...ledgerRefusals, 'NODE_STATE', 'NODE_BLIND'],
        summary: 'Accepts or refuses a request, on the ledger and to whoever asked; a later answer replaces the one before, and says so.',
        answer: Exactly({ height: AtHeight, operation: Id, replaced: Type.Optional(Type.Enum(['accepted', 'refused'])) }),
        handle: ({ params, body }) => answer(params['id'] ?? '', body),
      }),
      route({
        method: 'GET', path: '/staff/1/releases', roles: ['steward'], query: searchQuery(), refusals: [],
        summary: 'What left this holder: to whom, at which height, how many were considered, and whether it was called back; newest first.',
        answer: pageAnswer('releases', ReleaseShown),
        handle: async ({ query }) => {
          const { rows, next } = await store.read((tx) => releases.page(tx, query, ({ id, to, request, table }) => [id, request, to, parts.nameOf(to), table?.form ?? 'computation', table?.dataset].join(' ')))
          return { releases: await Promise.all(rows.map(releaseShown)), next }
        },
      }),
      route({
        method: 'GET', path: '/staff/1/releases/:id', roles: ['steward'], refusals: [],
        summary: 'One release.',
        answer: ReleaseShown,
        handle: async ({ params }) => {
          const row = await store.read((tx) => releases.get(tx, params['id'] ?? ''))
          if (row === undefined) throw nodeErrors.NOT_FOUND({ what: 'release' })
          return releaseShown(row)
        },
      }),
    ],
  }
}

/** Everybody's own bases and those that all have in common. */
async function* withBases(subjects: AsyncIterable<SubjectBases>, common: readonly Basis[]): AsyncGenerator<SubjectBases> {
  for await (const { subject, bases } of subjects) yield { subject, bases: [...bases, ...common] }
}
