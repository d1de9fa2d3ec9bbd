// What a role adds to a node.
import type { Handler } from '@mhmd/messages'
import type { FastifyInstance } from 'fastify'
import type { JobRunner } from './jobs.ts'
import type { PeopleRoute } from './people.ts'

/** One part that a role adds to the node: routes for people, handlers for messages, runners for jobs, loops. */
export interface NodePart {
  readonly routes?: readonly PeopleRoute[]
  readonly handlers?: Readonly<Record<string, Handler>>
  readonly runners?: Readonly<Record<string, JobRunner>>
  readonly loops?: readonly ((signal: AbortSignal) => Promise<void>)[]
  /** Ways in on the member port, beside messages. */
  readonly mountMember?: (app: FastifyInstance) => void
}
