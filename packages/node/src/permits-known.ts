// What a node knows of permits: the ledger's states of those that concern it, the documents behind them, and whether one is in force.
import { ordinal } from '@mhmd/base'
import type { Clock, Key } from '@mhmd/base'
import type { PermitBasis } from '@mhmd/consent'
import { stateKeys } from '@mhmd/contracts'
import type { Follower } from '@mhmd/ledger'
import type { PermitState, UseReleaseState, UseRequest, UseRequestState } from '@mhmd/schema'
import type { Store } from '@mhmd/store'
import { nodeErrors } from './errors.ts'
import type { NodePart } from './node-part.ts'
import { newestFirst } from './paging.ts'
import type { InOrder } from './paging.ts'
import { missingHeard, opensPermit, permitMessages, permitsHeard } from './permits.ts'
import type { HeardPermit, PermitDocument } from './permits.ts'
import { stateOf } from './permits-shown.ts'
import type { PermitView, Step } from './permits-shown.ts'
import { requestsIn, requestsOut } from './requests.ts'
import type { Trust } from './trust.ts'

interface Application {
  readonly request: string
  readonly asked: UseRequestState & { readonly authority: string }
}

export interface PermitsKnown extends Required<Pick<NodePart, 'handlers'>> {
  /** The permit of a request as a basis of everybody, as the ledger stood at a height; undefined where there is none. */
  basisAt(request: UseRequest, height: number): Promise<PermitBasis | undefined>
  /** Throws NODE_PERMIT_NOT_IN_FORCE, unless a permit for this request is in force now. */
  requireInForce(request: string): Promise<void>
  /** Whether what leaves for this request may rest in a secure processing environment alone: rows under pseudonyms, and what the permit's conditions bind to one (Art. 73). */
  isBoundToEnvironment(request: UseRequest): Promise<boolean>
  /** What to ask later: whether permit and request are still as they are now. */
  watch(request: string): () => boolean
  /** Every request on the basis of a permit that names this member, oldest first. */
  all(): Promise<PermitView[]>
  /** The same as a list: first what waits for its access body, then what its applicant has to amend, then the rest, each by its last change, newest first (decision 0043). */
  inOrder(): Promise<InOrder<PermitView>>
  /** One that names this member, and each state it was in. Throws NODE_NOT_FOUND. */
  one(request: string): Promise<{ readonly permit: PermitView; readonly course: readonly Step[] }>
  /** How one stands now; null while the ledger shows none. */
  standsAs(request: string): Promise<PermitView['state'] | null>
}

export interface PermitsParts {
  readonly store: Store
  readonly follower: Follower
  readonly trust: Pick<Trust, 'member'>
  readonly self: string
  readonly clock: Clock
}

/** Whose change ends what was decided under a permit. */
const watched: ReadonlySet<string> = new Set(['permit', 'use-request'])

export function createPermitsKnown(parts: PermitsParts): PermitsKnown {
  const { store, follower, clock } = parts
  const changes = new Map<string, number>()
  follower.onBlock((block) => {
    for (const { key: [kind, request] } of block.committed.flatMap(({ writes }) => writes)) if (watched.has(kind) && request !== undefined) changes.set(request, (changes.get(request) ?? 0) + 1)
  })

  /** What the request's authority sent of it, if it opens what stands on the ledger. */
  async function heardOf(request: string, authority: string, decided: PermitState | undefined): Promise<HeardPermit | undefined> {
    const heard = await store.read((tx) => permitsHeard.get(tx, request, authority))
    if (heard?.permit === undefined || decided?.permit === undefined) return heard
    return opensPermit(decided.permit.content, heard.permit) ? heard : { ...heard, permit: undefined }
  }

  /** When it was issued, whatever became of it later. */
  async function approvedAt(request: string, decided: PermitState): Promise<number> {
    if (decided.state === 'issued') return decided.time
    const steps = await follower.history(stateKeys.permit(request))
    return (steps.map(({ value }) => value as unknown as PermitState).find(({ state }) => state === 'issued') ?? decided).time
  }

  async function basisAt(request: UseRequest, height: number): Promise<PermitBasis | undefined> {
    const asked = await follower.stateAt(stateKeys.useRequest(request.id), height) as UseRequestState | undefined
    const decided = await follower.stateAt(stateKeys.permit(request.id), height) as PermitState | undefined
    if (asked?.authority === undefined || decided?.permit === undefined) return undefined
    const { id, kind, from, until } = decided.permit
    const heard = await heardOf(request.id, asked.authority, decided)
    return {
      basis: 'permit', kind, id, authority: asked.authority, user: asked.requester, from, until, approved: await approvedAt(request.id, decided), state: decided.state === 'issued' ? 'active' : 'revoked',
      ...coveredBy(heard?.permit?.document, request),
    }
  }

  const decidedOn = async (request: string): Promise<PermitState | undefined> => await follower.latest(stateKeys.permit(request)) as PermitState | undefined

  async function requireInForce(request: string): Promise<void> {
    const asked = await follower.latest(stateKeys.useRequest(request)) as UseRequestState | undefined
    const decided = await decidedOn(request)
    const state = asked === undefined ? 'not on the ledger' : stateOf(asked, decided, clock.now())
    if (state !== 'issued') throw nodeErrors.PERMIT_NOT_IN_FORCE({ state })
    if ((decided?.permit?.from ?? 0) > clock.now()) throw nodeErrors.PERMIT_NOT_IN_FORCE({ state: 'not begun' })
  }

  async function isBoundToEnvironment({ id, form }: UseRequest): Promise<boolean> {
    const asked = await follower.latest(stateKeys.useRequest(id)) as UseRequestState | undefined
    if (asked?.authority === undefined) return false
    const heard = await heardOf(id, asked.authority, await decidedOn(id))
    return form === 'pseudonymised' || heard?.permit?.document.conditions.includes('secure-processing-environment') === true
  }

  const titleOf = (request: string): Promise<string | undefined> => store.read(async (tx) => (await requestsIn.get(tx, request) ?? await requestsOut.get(tx, request))?.document.title)

  async function viewOf({ request, asked }: Application): Promise<PermitView> {
    const decided = await decidedOn(request)
    const heard = await heardOf(request, asked.authority, decided)
    const { purpose, form, requester, authority, holders } = asked
    const { time: at, reason } = decided ?? asked
    const permit = await issuedOf(request, decided, heard?.permit?.document)
    const state = stateOf(asked, decided, clock.now())
    const isDue = form !== 'computation' && state === 'issued' && (permit?.deliverBy ?? Infinity) < clock.now()
    const deliveries = permit === null ? [] : await Promise.all(holders.map((holder) => deliveryOf(request, { holder, isDue })))
    return { request, version: asked.version, title: await titleOf(request) ?? null, purpose, form, requester, authority, holders, state, at, reason, explanation: await wordsOf(request, { asked, decided, heard }), permit, deliveries }
  }

  const missingIn = async (request: string, { authority = '', state, version }: UseRequestState): Promise<string | null> =>
    state !== 'incomplete' ? null : (await store.read((tx) => missingHeard.get(tx, request, authority, String(version))))?.missing ?? null

  /** What the access body says of the present state in its own words. */
  const wordsOf = (request: string, { asked, decided, heard }: { readonly asked: UseRequestState; readonly decided: PermitState | undefined; readonly heard: HeardPermit | undefined }): Promise<string | null> =>
    decided === undefined ? missingIn(request, asked) : Promise.resolve(heard?.version === decided.version ? heard.explanation ?? null : null)

  /** How it came to be as it is: each state with who brought it there, when, why. */
  async function courseOf(request: string): Promise<Step[]> {
    const asked = await Promise.all((await follower.history(stateKeys.useRequest(request))).map(async ({ value }): Promise<Step> => {
      const step = value as unknown as UseRequestState
      return { state: step.state === 'filed' && step.version > 1 ? 'amended' : step.state, by: step.by, at: step.time, reason: step.reason, explanation: await missingIn(request, step) }
    }))
    const permits = (await follower.history(stateKeys.permit(request))).map(({ value }) => value as unknown as PermitState)
    const [first] = permits
    const heard = first === undefined ? undefined : await heardOf(request, first.by, permits.at(-1))
    return [...asked, ...permits.map(({ state, by, time: at, reason, version }): Step => ({ state, by, at, reason, explanation: heard?.version === version ? heard.explanation ?? null : null }))].sort((a, b) => a.at - b.at)
  }

  async function issuedOf(request: string, decided: PermitState | undefined, document: PermitDocument | undefined): Promise<PermitView['permit']> {
    if (decided?.permit === undefined) return null
    const { id, kind, from, until } = decided.permit
    return { id, kind, from, until, approved: await approvedAt(request, decided), conditions: document?.conditions ?? null, deliverBy: document?.deliverBy ?? null }
  }

  async function deliveryOf(request: string, { holder, isDue }: { holder: string; isDue: boolean }): Promise<PermitView['deliveries'][number]> {
    const times = (await follower.latestBelow(['use-release', request, holder])).map(({ value }) => (value as unknown as UseReleaseState).time)
    return { holder, first: times.length === 0 ? null : Math.min(...times), late: isDue && times.length === 0 }
  }

  async function concerning(): Promise<Application[]> {
    const entries = (await follower.latestBelow(['use-request'])).map(({ key, value }) => ({ request: key[1] ?? '', asked: value as unknown as UseRequestState }))
    return entries.flatMap(({ request, asked }) => isOurs(asked) ? [{ request, asked }] : [])
  }

  const isOurs = (asked: UseRequestState | undefined): asked is Application['asked'] => asked?.authority !== undefined && [asked.authority, asked.requester, ...asked.holders].includes(parts.self)

  async function inOrder(): Promise<InOrder<PermitView>> {
    const decisions = new Map((await follower.latestBelow(['permit'])).map(({ key, value }) => [key[1], value as unknown as PermitState]))
    const states = newestFirst((await concerning()).map((value) => ({ key: placeOf(value, decisions.get(value.request)), value })))
    return async function* (range) {
      for await (const { key, value } of states(range)) yield { key, value: await viewOf(value) }
    }
  }

  async function one(request: string): Promise<{ permit: PermitView; course: Step[] }> {
    const asked = await follower.latest(stateKeys.useRequest(request)) as UseRequestState | undefined
    if (!isOurs(asked)) throw nodeErrors.NOT_FOUND({ what: 'application' })
    return { permit: await viewOf({ request, asked }), course: await courseOf(request) }
  }

  async function standsAs(request: string): Promise<PermitView['state'] | null> {
    const asked = await follower.latest(stateKeys.useRequest(request)) as UseRequestState | undefined
    return asked === undefined ? null : stateOf(asked, await decidedOn(request), clock.now())
  }

  return {
    basisAt,
    requireInForce,
    isBoundToEnvironment,
    all: async () => (await Promise.all((await concerning()).map(viewOf))).sort((a, b) => a.at - b.at),
    inOrder,
    one,
    standsAs,
    watch: (request) => {
      const before = changes.get(request)
      return () => changes.get(request) === before
    },
    handlers: {
      'permit-decided/1': async (envelope, tx) => {
        const { request, ...heard } = permitMessages['permit-decided/1'].parse(envelope.body)
        if (parts.trust.member(envelope.from)?.roles.includes('access-body') !== true) throw nodeErrors.BAD_INPUT({ at: '/from', why: 'it is no access body' })
        const before = await permitsHeard.get(tx, request, envelope.from)
        if ((before?.version ?? 0) < heard.version) await permitsHeard.put(tx, [request, envelope.from], heard)
        return {}
      },
      'application-incomplete/1': async (envelope, tx) => {
        const { request, version, missing } = permitMessages['application-incomplete/1'].parse(envelope.body)
        if ((await requestsOut.get(tx, request))?.authority !== envelope.from) throw nodeErrors.NOT_FOUND({ what: 'application' })
        // So many words as there are versions on the ledger, and no more.
        if ((await follower.latest(stateKeys.useRequest(request)) as UseRequestState | undefined ?? { version: 0 }).version < version) throw nodeErrors.NOT_YET({ what: 'examination' })
        await missingHeard.put(tx, [request, envelope.from, String(version)], { missing })
        return {}
      },
    },
  }
}

/** What it covers. Without its document nobody knows, and the record that is missing closes it. */
function coveredBy(document: PermitDocument | undefined, request: UseRequest): Pick<PermitBasis, 'record' | 'purposes' | 'categories' | 'fhirTypes' | 'form'> {
  if (document === undefined) return { record: 'missing', purposes: [request.purpose], categories: request.categories, form: request.form }
  const { purpose, categories, fhirTypes, form } = document
  return { record: 'held', purposes: [purpose], categories, form, ...(fhirTypes.length === 0 ? {} : { fhirTypes }) }
}

/** For whom it waits: its access body, its applicant, nobody. */
const turnOf = (state: PermitState['state'] | UseRequestState['state']): string => state === 'filed' || state === 'complete' ? '2' : state === 'incomplete' ? '1' : '0'
const placeOf = ({ request, asked }: Application, decided: PermitState | undefined): Key => [turnOf((decided ?? asked).state), ordinal((decided ?? asked).time), request]
