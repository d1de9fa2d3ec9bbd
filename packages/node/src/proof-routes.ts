// Proofs for people: a citizen's of what was recorded about her at this holder, and for staff of any operation their node can see.
import { stateKeys } from '@mhmd/contracts'
import { ledgerErrors } from '@mhmd/ledger'
import type { Follower } from '@mhmd/ledger'
import type { SubjectKeyState } from '@mhmd/schema'
import type { Checkpoints } from './checkpoints.ts'
import { nodeErrors } from './errors.ts'
import type { NodePart } from './node-part.ts'
import { ProofShown } from './people-answers.ts'
import { citizenRefusals } from './people-refusals.ts'
import { route } from './people.ts'

export function proofRoutes(parts: { follower: Follower; checkpoints: Pick<Checkpoints, 'prove'>; member: string }): NodePart {
  const { follower, checkpoints, member } = parts

  /** Hers, if the transaction wrote about the subject whom her key, now or formerly, stands for here. "Not yours" and "unknown" are one answer. */
  async function requireHers(key: string, operationId: string): Promise<void> {
    const index = await follower.latest(stateKeys.subjectKey(member, key)) as SubjectKeyState | undefined
    if (index === undefined) throw nodeErrors.KEY_UNKNOWN()
    const entry = await follower.log.entry(operationId)
    const isHers = entry?.writes.some(({ key: [, holder, subject] }) => holder === member && subject === index.subject) === true
    if (!isHers) throw ledgerErrors.NOT_IN_LOG({ what: `operation ${operationId} of yours` })
  }

  return {
    routes: [
      route({
        method: 'GET', path: '/people/1/proofs/:operationId', roles: ['citizen'], refusals: [...citizenRefusals, 'LEDGER_NOT_IN_LOG'],
        summary: 'A proof that an operation about her stands on the ledger, to be checked by anybody.',
        answer: ProofShown,
        handle: async ({ key, params }) => {
          const operationId = params['operationId'] ?? ''
          await requireHers(key, operationId)
          return checkpoints.prove(operationId)
        },
      }),
      route({
        method: 'GET', path: '/staff/1/proofs/:operationId', roles: ['staff'], refusals: ['LEDGER_NOT_IN_LOG'],
        summary: 'A proof that any operation this node can see stands on the ledger.',
        answer: ProofShown,
        handle: ({ params }) => checkpoints.prove(params['operationId'] ?? ''),
      }),
    ],
  }
}
