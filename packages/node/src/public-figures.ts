// What everybody may read of the ledger, without a key: what organisations do, exactly; how many people decided what, with noise, at the network's publisher (decision 0044).
import type { Answer, Evidence } from '@mhmd/analytics'
import { dashboards, questions } from '@mhmd/analytics/questions'
import type { Clock } from '@mhmd/base'
import type { Follower } from '@mhmd/ledger'
import type { MemberRecord } from '@mhmd/schema'
import type { Store } from '@mhmd/store'
import Type from 'typebox'
import { AnswerShown, EvidenceShown, QuestionShown, analyticsRefusals, questionShown } from './analytics-answers.ts'
import { AtHeight, Count, Digest, Exactly, MemberId, OrNull, When } from './people-answers.ts'
import { nodeErrors } from './errors.ts'
import { route } from './people.ts'
import type { PeopleRoute } from './people.ts'
import { createPublicPeople, publicDecisions, publicationPolicy } from './public-people.ts'
import type { PeopleCounted, PublicDecision } from './public-people.ts'

export interface PublicFiguresParts {
  ask(question: string, height?: number): Promise<Answer>
  evidence(question: string): Promise<Evidence>
  readonly follower: Pick<Follower, 'height'>
  readonly members: () => readonly MemberRecord[]
  readonly self: string
  readonly store: Store
  readonly clock: Clock
  readonly nodeKey: Uint8Array
}

/** How long an answer to everybody stands before the tables are asked again. */
const FRESH_MILLISECONDS = 2000
const { epsilonTenths, periodDays, budgetTenths, windowDays, threshold } = publicationPolicy
const names: readonly string[] = dashboards.everybody

const PeopleShown = Exactly({
  publisher: MemberId, endpoint: Type.String(),
  rule: Exactly({ epsilonTenths: Count, periodDays: Count, budgetTenths: Count, windowDays: Count, threshold: Count }),
  publication: OrNull(Exactly({ published: When, height: AtHeight, hash: Digest, cells: Type.Array(Exactly({ holder: MemberId, decision: Type.Enum(publicDecisions), people: OrNull(Type.Integer()) })) })),
  isSpent: Type.Boolean(),
})

/** The access body that is first by id; where there is none, the ledger's operator. Nobody else adds noise: two who do would sell one budget twice. */
function publisherOf(members: readonly MemberRecord[]): MemberRecord | undefined {
  const first = (role: MemberRecord['roles'][number]): MemberRecord | undefined => members.filter(({ roles, state }) => state === 'active' && roles.includes(role)).sort((a, b) => a.id < b.id ? -1 : 1)[0]
  return first('access-body') ?? first('ledger-operator')
}

export function publicFigures(parts: PublicFiguresParts): PeopleRoute[] {
  const people = createPublicPeople({ store: parts.store, clock: parts.clock, secret: parts.nodeKey, count: () => counted(parts) })
  const fresh = remembered(parts.clock, async () => {
    const first = await parts.ask(names[0] ?? '')
    return { ...first, answers: [first, ...await Promise.all(names.slice(1).map((name) => parts.ask(name, first.height)))] }
  })
  return [
    route({
      method: 'GET', path: '/public/1/figures', roles: ['public'], refusals: analyticsRefusals,
      summary: 'What organisations do in this network, from the ledger’s transactions alone, for everybody: no person is counted in it. Where `height` is far below the node’s own, `tip`, tables are still being filled.',
      answer: Exactly({ height: AtHeight, tip: AtHeight, hash: Digest, figures: Type.Array(Exactly({ question: QuestionShown, answer: AnswerShown })) }),
      handle: async () => {
        const { height, hash, answers } = await fresh()
        return { height, tip: Math.max(height, parts.follower.height()), hash, figures: answers.map((answer) => ({ question: questionShown(questions.find(({ name }) => name === answer.question)), answer })) }
      },
    }),
    route({
      method: 'GET', path: '/public/1/figures/:question/evidence', roles: ['public'], params: { question: Type.Enum(names as [string, ...string[]]) }, refusals: analyticsRefusals,
      summary: 'The newest transactions behind a figure that everybody may read: ids, places and what organisations did.',
      answer: EvidenceShown,
      handle: ({ params }) => parts.evidence(params['question'] ?? ''),
    }),
    route({
      method: 'GET', path: '/public/1/people', roles: ['public'], refusals: [...analyticsRefusals, 'NODE_NOT_FOUND'],
      summary: 'How many people gave consent, withdrew or opted out at each holder: with noise from a budget, the same for everybody for 28 days, and only at the network’s publisher, which every other node names.',
      answer: PeopleShown,
      handle: async () => {
        const publisher = publisherOf(parts.members())
        if (publisher === undefined) throw nodeErrors.NOT_FOUND({ what: 'publisher' })
        const named = { publisher: publisher.id, endpoint: publisher.peopleEndpoint, rule: { epsilonTenths, periodDays, budgetTenths, windowDays, threshold } }
        const current = publisher.id === parts.self ? await people.current() : undefined
        if (current === undefined) return { ...named, publication: null, isSpent: false }
        const { publication: { published, height, hash, cells }, isSpent } = current
        return { ...named, publication: { published, height, hash, cells }, isSpent }
      },
    }),
  ]
}

/** The exact counts, for the publisher's noise alone; none while the tables are behind the ledger. */
async function counted({ ask, members, follower }: PublicFiguresParts): Promise<PeopleCounted | undefined> {
  const wanted = follower.height()
  const { height, hash, rows } = await ask('consents')
  if (height < wanted) return undefined
  const counts = new Map<string, { holder: string; decision: PublicDecision; people: number }>()
  for (const [kind, holder, state, , people] of rows) {
    const decision = decisionOf(String(kind), String(state))
    if (decision === undefined) continue
    const place = `${String(holder)} ${decision}`
    counts.set(place, { holder: String(holder), decision, people: (counts.get(place)?.people ?? 0) + Number(people) })
  }
  return { height, hash, counts: [...counts.values()], holders: members().filter(({ roles }) => roles.includes('data-holder')).map(({ id }) => id) }
}

const decisionOf = (kind: string, state: string): PublicDecision | undefined => kind === 'consent' ? (state === 'active' ? 'given' : 'withdrawn') : state === 'active' ? 'opted-out' : undefined

/** Whoever asks meanwhile gets the same answer: everybody's asking costs the tables one reading in two seconds. */
function remembered<T>(clock: Clock, read: () => Promise<T>): () => Promise<T> {
  let last: { readonly at: number; readonly answer: Promise<T> } | undefined
  return () => {
    if (last !== undefined && Math.abs(clock.now() - last.at) < FRESH_MILLISECONDS) return last.answer
    const answer = read()
    last = { at: clock.now(), answer }
    answer.catch(() => { last = undefined })
    return answer
  }
}
