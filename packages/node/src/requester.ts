// The requester's side of a request: file it on the ledger, send it to the holders, ask, and keep what they answer.
import { newId } from '@mhmd/base'
import type { Canonical } from '@mhmd/base'
import { useRequestDocument } from '@mhmd/schema'
import Type from 'typebox'
import { nodeErrors } from './errors.ts'
import type { NodePart } from './node-part.ts'
import { Exactly, HolderAnswerShown, Id, MemberId, Title, When } from './people-answers.ts'
import { ledgerRefusals } from './people-refusals.ts'
import { route } from './people.ts'
import { requestFiling } from './request-filing.ts'
import type { FilingParts } from './request-filing.ts'
import { answersIn, askDocument, asksOut, newRequestDocument, requestMessages, requestsOut } from './requests.ts'
import type { RequestOut } from './requests.ts'
import { isRecalled } from './recalled-releases.ts'

const AnswersShown = Type.Record(MemberId, HolderAnswerShown)
const AnsweredShown = Exactly({ ask: Id, holder: MemberId, answer: Type.Unknown(), manifest: Type.Unknown(), at: When })

export function createRequester(parts: FilingParts): Required<Pick<NodePart, 'routes' | 'handlers' | 'loops'>> {
  const { store, clock, randomness } = parts
  const found = async (id: string): Promise<RequestOut> => {
    const request = await store.read((tx) => requestsOut.get(tx, id))
    if (request === undefined) throw nodeErrors.NOT_FOUND({ what: 'request' })
    return request
  }

  const filing = requestFiling(parts)

  return {
    loops: [filing.finishBegun],
    routes: [
      route({
        method: 'POST', path: '/staff/1/requests', body: newRequestDocument, roles: ['researcher', 'steward'], refusals: [...ledgerRefusals, 'NODE_STATE', 'NODE_BAD_INPUT'],
        summary: 'Files a request on the ledger and sends it to its holders; the same id again files it once.',
        answer: Exactly({ request: Id }),
        handle: async ({ body }) => ({ request: await filing.file(body) }),
      }),
      route({
        method: 'POST', path: '/staff/1/requests/:id/asks', body: askDocument, roles: ['researcher', 'steward'], refusals: ['NODE_NOT_FOUND', 'NODE_STATE'],
        summary: 'Asks the holders that accepted a request for their answers; a standing asking is made again for each answer that is called back.',
        answer: Exactly({ ask: Id, holders: Type.Array(MemberId) }),
        handle: async ({ params, body }) => {
          const request = await found(params['id'] ?? '')
          const willing = request.holders.filter((holder) => request.answers[holder]?.state === 'accepted')
          if (willing.length === 0) throw nodeErrors.STATE({ what: 'request', state: 'not accepted by any holder yet' })
          const ask = body.ask ?? newId(randomness)
          return store.write(async (tx) => {
            const before = await asksOut.get(tx, request.document.id, ask)
            if (before !== undefined) return { ask, holders: before.holders }
            await asksOut.put(tx, [request.document.id, ask], { holders: willing, ...(body.standing === undefined ? {} : { standing: body.standing }) })
            for (const to of willing) await parts.outbox.post(tx, { to, kind: 'ask/1', body: { request: request.document.id, ask } })
            return { ask, holders: willing }
          })
        },
      }),
      route({
        method: 'GET', path: '/staff/1/requests', roles: ['staff'], refusals: [],
        summary: 'Requests of this organisation, and what each holder answered.',
        answer: Exactly({ requests: Type.Array(Exactly({ request: Id, title: Title, filed: When, answers: AnswersShown })) }),
        handle: async () => {
          const rows = await store.read((tx) => requestsOut.list(tx))
          return { requests: rows.map(({ value }) => ({ request: value.document.id, title: value.document.title, filed: value.filed, answers: value.answers })) }
        },
      }),
      route({
        method: 'GET', path: '/staff/1/requests/:id', roles: ['staff'], refusals: ['NODE_NOT_FOUND'],
        summary: 'One request: its document, its holders\' answers, and the protected results that came.',
        answer: Exactly({ document: useRequestDocument.schema, holders: Type.Array(MemberId), answers: AnswersShown, answered: Type.Array(AnsweredShown) }),
        handle: async ({ params }) => {
          const request = await found(params['id'] ?? '')
          const answered = await store.read((tx) => answersIn.list(tx, { prefix: [request.document.id] }))
          return { document: request.document, holders: request.holders, answers: request.answers, answered: answered.map((row) => row.value) }
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
