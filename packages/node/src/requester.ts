// The requester's side of a request: file it on the ledger, send it to the holders, ask, and keep what they answer.
import { newId } from '@mhmd/base'
import type { Canonical } from '@mhmd/base'
import { useRequestDocument } from '@mhmd/schema'
import Type from 'typebox'
import { nodeErrors } from './errors.ts'
import type { NodePart } from './node-part.ts'
import { pageAnswer, searchQuery } from './paging.ts'
import { Exactly, HolderAnswerShown, Id, MemberId, OrNull, Recorded, StateVersion, Title, When } from './people-answers.ts'
import { ledgerRefusals } from './people-refusals.ts'
import { route } from './people.ts'
import type { PermitsKnown } from './permits-known.ts'
import { ApplicationState } from './permits-shown.ts'
import { requestAmending } from './request-amending.ts'
import type { AmendingParts } from './request-amending.ts'
import { requestFiling } from './request-filing.ts'
import type { FilingParts } from './request-filing.ts'
import { amendmentDocument, answersIn, askDocument, asksOut, newRequestDocument, requestMessages, requestsOut } from './requests.ts'
import type { RequestOut } from './requests.ts'
import { isRecalled } from './recalled-releases.ts'

const AnswersShown = Type.Record(MemberId, HolderAnswerShown)
const AnsweredShown = Exactly({ ask: Id, holder: MemberId, answer: Type.Unknown(), manifest: Type.Unknown(), at: When })

export interface RequesterParts extends FilingParts, AmendingParts {
  readonly permits: Pick<PermitsKnown, 'requireInForce' | 'standsAs'>
  /** A member's name, to be looked for. */
  readonly nameOf: (member: string) => string
}

export function createRequester(parts: RequesterParts): Required<Pick<NodePart, 'routes' | 'handlers' | 'loops'>> {
  const { store, clock, randomness } = parts
  const found = async (id: string): Promise<RequestOut> => {
    const request = await store.read((tx) => requestsOut.get(tx, id))
    if (request === undefined) throw nodeErrors.NOT_FOUND({ what: 'request' })
    return request
  }

  /** Holders that accepted, or all where a permit in force says that they must. */
  async function willing({ document: { id }, holders, authority, answers }: RequestOut): Promise<readonly string[]> {
    if (authority !== undefined) await parts.permits.requireInForce(id)
    const asked = authority === undefined ? holders.filter((holder) => answers[holder]?.state === 'accepted') : holders
    if (asked.length === 0) throw nodeErrors.STATE({ what: 'request', state: 'not accepted by any holder yet' })
    return asked
  }

  const filing = requestFiling(parts)
  const amend = requestAmending(parts)

  return {
    loops: [filing.finishBegun],
    routes: [
      route({
        method: 'POST', path: '/staff/1/requests', body: newRequestDocument, roles: ['researcher', 'steward'], refusals: [...ledgerRefusals, 'NODE_STATE', 'NODE_BAD_INPUT'],
        summary: 'Files a request on the ledger and sends it to its holders, and to the access body that decides on it; the same id again files it once.',
        answer: Exactly({ request: Id }),
        handle: async ({ body }) => ({ request: await filing.file(body) }),
      }),
      route({
        method: 'POST', path: '/staff/1/requests/:id/amendment', body: amendmentDocument, roles: ['researcher', 'steward'], refusals: [...ledgerRefusals, 'NODE_STATE', 'NODE_BAD_INPUT'],
        summary: 'Amends an application that its access body called incomplete, on the ledger and to everybody it names; the same again changes nothing.',
        answer: Exactly({ ...Recorded.properties, version: StateVersion }),
        handle: ({ params, body }) => amend(params['id'] ?? '', body),
      }),
      route({
        method: 'POST', path: '/staff/1/requests/:id/asks', body: askDocument, roles: ['researcher', 'steward'], refusals: ['NODE_STATE', 'NODE_PERMIT_NOT_IN_FORCE'],
        summary: 'Asks the holders that accepted a request, or must deliver under its permit, for their answers; a standing asking is made again for each answer that is called back.',
        answer: Exactly({ ask: Id, holders: Type.Array(MemberId) }),
        handle: async ({ params, body }) => {
          const request = await found(params['id'] ?? '')
          const holders = [...await willing(request)]
          const ask = body.ask ?? newId(randomness)
          return store.write(async (tx) => {
            const before = await asksOut.get(tx, request.document.id, ask)
            if (before !== undefined) return { ask, holders: before.holders }
            await asksOut.put(tx, [request.document.id, ask], { holders, ...(body.standing === undefined ? {} : { standing: body.standing }) })
            for (const to of holders) await parts.outbox.post(tx, { to, kind: 'ask/1', body: { request: request.document.id, ask } })
            return { ask, holders }
          })
        },
      }),
      route({
        method: 'GET', path: '/staff/1/requests', roles: ['staff'], query: searchQuery(), refusals: [],
        summary: 'Requests of this organisation, and what each holder answered, or how each stands at its access body; newest first.',
        answer: pageAnswer('requests', Exactly({ request: Id, title: Title, filed: When, answers: AnswersShown, permit: OrNull(ApplicationState) })),
        handle: async ({ query }) => {
          const { rows, next } = await store.read((tx) => requestsOut.page(tx, query, ({ document: { id, title, purpose, form }, holders }) => [id, title, purpose, form, ...holders, ...holders.map(parts.nameOf)].join(' ')))
          return { requests: await Promise.all(rows.map(async ({ document, filed, answers }) => ({ request: document.id, title: document.title, filed, answers, permit: document.basis === 'permit' ? await parts.permits.standsAs(document.id) : null }))), next }
        },
      }),
      route({
        method: 'GET', path: '/staff/1/requests/:id', roles: ['staff'], refusals: [],
        summary: 'One request: its document, its holders\' answers, and the protected results that came.',
        answer: Exactly({ document: useRequestDocument.schema, holders: Type.Array(MemberId), authority: Type.Optional(MemberId), answers: AnswersShown, answered: Type.Array(AnsweredShown) }),
        handle: async ({ params }) => {
          const request = await found(params['id'] ?? '')
          const answered = await store.read((tx) => answersIn.list(tx, { prefix: [request.document.id] }))
          return { document: request.document, holders: request.holders, ...(request.authority === undefined ? {} : { authority: request.authority }), answers: request.answers, answered: answered.map((row) => row.value) }
        },
      }),
    ],
    handlers: {
      'use-answer/1': async (envelope, tx) => {
        const { request, state, reason } = requestMessages['use-answer/1'].parse(envelope.body)
        const row = await requestsOut.get(tx, request)
        if (row === undefined || !row.holders.includes(envelope.from)) throw nodeErrors.NOT_FOUND({ what: 'request' })
        await requestsOut.put(tx, [request], { ...row, answers: { ...row.answers, [envelope.from]: { state, reason, at: clock.now() } } })
        return {}
      },
      'release/1': async (envelope, tx) => {
        const { request, ask, answer, manifest } = requestMessages['release/1'].parse(envelope.body)
        const row = await requestsOut.get(tx, request)
        if (row === undefined || !row.holders.includes(envelope.from)) throw nodeErrors.NOT_FOUND({ what: 'request' })
        // Called back before it came: it is not kept.
        if (await isRecalled(tx, envelope.from, manifest)) return {}
        await answersIn.put(tx, [request, ask, envelope.from], { ask, holder: envelope.from, answer: answer as Canonical, manifest: manifest as Canonical, at: clock.now() })
        return {}
      },
    },
  }
}
