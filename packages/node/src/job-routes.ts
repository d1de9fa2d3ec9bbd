// Jobs as staff see them: which there are, how far each is, what it noted, an end to one that waits, and a new start of one that ended badly.
import Type from 'typebox'
import type { Store } from '@mhmd/store'
import { nodeErrors } from './errors.ts'
import type { Jobs } from './jobs.ts'
import { pageAnswer, searchQuery } from './paging.ts'
import { Exactly, JobShown, When } from './people-answers.ts'
import { route } from './people.ts'
import type { PeopleRoute } from './people.ts'

const NoteShown = Exactly({ at: When, event: Type.String({ pattern: '^[a-z][a-z-]{1,40}$' }), details: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])) })

export function jobRoutes({ store, jobs }: { store: Store; jobs: Jobs }): PeopleRoute[] {
  return [
    route({
      method: 'GET', path: '/staff/1/jobs', roles: ['staff'], query: searchQuery(), refusals: [],
      summary: 'Jobs with their state and progress; newest first.',
      answer: pageAnswer('jobs', JobShown),
      handle: async ({ query }) => {
        const { rows, next } = await jobs.page(query)
        return { jobs: rows, next }
      },
    }),
    route({
      method: 'GET', path: '/staff/1/jobs/:id', roles: ['staff'], refusals: [],
      summary: 'A job with its log: codes, counts and ids.',
      answer: Exactly({ job: JobShown, log: Type.Array(NoteShown) }),
      handle: async ({ params }) => {
        const job = await store.read((tx) => jobs.get(tx, params['id'] ?? ''))
        if (job === undefined) throw nodeErrors.NOT_FOUND({ what: 'job' })
        return { job, log: await jobs.log(job.id) }
      },
    }),
    route({
      method: 'DELETE', path: '/staff/1/jobs/:id', roles: ['steward', 'admin', 'researcher'], refusals: ['NODE_STATE'],
      summary: 'Cancels a job that waits or runs; what it had made durable stays.',
      answer: Exactly({}),
      handle: async ({ params }) => {
        const job = await store.read((tx) => jobs.get(tx, params['id'] ?? ''))
        if (job === undefined) throw nodeErrors.NOT_FOUND({ what: 'job' })
        // What must be done by law is not anybody's to stop.
        if (['erasure', 'recall', 'deletion'].includes(job.kind) || !await jobs.cancel(job.id)) throw nodeErrors.STATE({ what: 'job', state: job.state === 'waiting' ? 'one that can\'t be cancelled' : job.state })
        return {}
      },
    }),
    route({
      method: 'POST', path: '/staff/1/jobs/:id/resumption', roles: ['steward', 'admin', 'researcher'], refusals: ['NODE_STATE'],
      summary: 'Has a job go on that failed or was cancelled; what it had made durable is not done again.',
      answer: Exactly({}),
      handle: async ({ params }) => {
        const job = await store.read((tx) => jobs.get(tx, params['id'] ?? ''))
        if (job === undefined) throw nodeErrors.NOT_FOUND({ what: 'job' })
        if (!await jobs.resume(job.id)) throw nodeErrors.STATE({ what: 'job', state: job.state === 'waiting' ? 'under way' : job.state })
        return {}
      },
    }),
  ]
}
