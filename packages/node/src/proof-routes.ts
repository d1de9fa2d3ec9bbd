// Proofs for people: a citizen's of what was recorded about her at this holder; for staff of any operation their node can see, and of histories that contradict each other.
import { stateKeys } from '@mhmd/contracts'
import { ledgerErrors } from '@mhmd/ledger'
import type { Follower } from '@mhmd/ledger'
import type { SubjectKeyState } from '@mhmd/schema'
import Type from 'typebox'
import type { Checkpoints } from './checkpoints.ts'
import { nodeErrors } from './errors.ts'
import type { NodePart } from './node-part.ts'
import { Code, Count, Exactly, MemberId, OrNull, ProofShown, When } from './people-answers.ts'
import { citizenRefusals } from './people-refusals.ts'
import { route } from './people.ts'

const CheckpointsShown = Exactly({
  newest: OrNull(Type.String()),
  disputes: Type.Array(Exactly({ member: MemberId, heard: When, theirs: Type.String(), own: Type.String(), agreeing: Count, members: Count, stopped: Type.Boolean() })),
  /** A block, a head or a note, as it was given: the evidence stays as it came. */
  stopped: OrNull(Exactly({ height: Type.Integer(), expected: Type.String(), found: Type.String(), finding: Type.Optional(Code), theirs: Type.Unknown(), checkpoint: Type.String() })),
})

export function proofRoutes(parts: { follower: Follower; checkpoints: Pick<Checkpoints, 'prove' | 'newest' | 'disputes'>; member: string }): NodePart {
  const { follower, checkpoints, member } = parts

  /** Hers, if the transaction wrote about the subject whom her key, now or formerly, stands for here. "Not yours" and "unknown" are one answer. */
  async function requireHers(key: string, operationId: string): Promise<{ subject: string; transaction: string }> {
    const index = await follower.latest(stateKeys.subjectKey(member, key)) as SubjectKeyState | undefined
    if (index === undefined) throw nodeErrors.KEY_UNKNOWN()
    const entry = await follower.log.entry(operationId)
    const isHers = entry?.writes.some(({ key: [, holder, subject] }) => holder === member && subject === index.subject) === true
    if (!isHers) throw ledgerErrors.NOT_IN_LOG({ what: `operation ${operationId} of yours` })
    return { subject: index.subject, transaction: entry?.leaf.operationId ?? '' }
  }

  return {
    routes: [
      route({
        method: 'GET', path: '/people/1/proofs/:operationId', roles: ['citizen'], refusals: [...citizenRefusals, 'LEDGER_NOT_IN_LOG'],
        summary: 'A proof that an operation about her stands on the ledger, to be checked by anybody.',
        answer: ProofShown,
        handle: async ({ key, params }) => {
          const operationId = params['operationId'] ?? ''
          const { subject, transaction } = await requireHers(key, operationId)
          // What others decided in the same batch stands there as digests.
          return checkpoints.prove(operationId, ({ key: [kind, at, about], value }) => kind === 'operation'
            ? at === operationId || at === transaction
            : at === member && (about === subject || (value as { readonly subject?: string } | null)?.subject === subject))
        },
      }),
      route({
        method: 'GET', path: '/staff/1/proofs/:operationId', roles: ['staff'], refusals: ['LEDGER_NOT_IN_LOG'],
        summary: 'A proof that any operation this node can see stands on the ledger.',
        answer: ProofShown,
        handle: ({ params }) => checkpoints.prove(params['operationId'] ?? ''),
      }),
      route({
        method: 'GET', path: '/staff/1/checkpoints', roles: ['staff'], refusals: [],
        summary: 'This node\'s newest signed checkpoint and, where a member or the ledger showed another history, both versions.',
        answer: CheckpointsShown,
        handle: async () => ({ newest: checkpoints.newest(), disputes: await checkpoints.disputes(), stopped: await follower.fork() ?? null }),
      }),
    ],
  }
}
