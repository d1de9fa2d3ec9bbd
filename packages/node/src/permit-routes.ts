// What staff of every side ask of permits: the list by pages (decision 0043), and one with its course.
import Type from 'typebox'
import { pageAnswer, pageOf, searchQuery } from './paging.ts'
import { Exactly } from './people-answers.ts'
import { route } from './people.ts'
import type { PeopleRoute } from './people.ts'
import type { PermitsKnown } from './permits-known.ts'
import { PermitShown, StepShown, wordsOfPermit } from './permits-shown.ts'
import type { PermitView } from './permits-shown.ts'

/** Every permit that was ever issued; those of which a holder is late. */
const isOnly: Readonly<Record<string, (view: PermitView) => boolean>> = { issued: ({ permit }) => permit !== null, late: ({ deliveries }) => deliveries.some(({ late }) => late) }

export function permitRoutes({ permits, nameOf }: { permits: Pick<PermitsKnown, 'inOrder' | 'one'>; nameOf: (member: string) => string }): PeopleRoute[] {
  return [
    route({
      method: 'GET', path: '/staff/1/permits', roles: ['staff'], query: searchQuery({ only: Type.Optional(Type.Enum(['issued', 'late'])) }), refusals: [],
      summary: 'Applications for permits that name this member, what their access body decided, and which holder has delivered or is late; first those that wait, then the newest.',
      answer: pageAnswer('permits', PermitShown),
      handle: async ({ query }) => {
        const { rows, next } = await pageOf(query, { rows: await permits.inOrder(), isOfList: isOnly[query['only'] ?? ''] ?? (() => true), textOf: (view) => wordsOfPermit(view, nameOf) })
        return { permits: rows, next }
      },
    }),
    route({
      method: 'GET', path: '/staff/1/permits/:id', roles: ['staff'], refusals: [],
      summary: 'One application for a permit that names this member: how it stands, and each state it was in with its author, time and reason.',
      answer: Exactly({ permit: PermitShown, course: Type.Array(StepShown) }),
      handle: ({ params }) => permits.one(params['id'] ?? ''),
    }),
  ]
}
