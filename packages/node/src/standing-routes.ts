// This member's votes on another's standing: `participants@1 suspend` and `reinstate`, each by an administrator's signature, about the record she saw.
import type { Canonical } from '@mhmd/base'
import { stateKeys } from '@mhmd/contracts'
import type { Follower } from '@mhmd/ledger'
import { MemberRecord, StandingPayload, documentType } from '@mhmd/schema'
import { AtHeight, Exactly, MemberId } from './people-answers.ts'
import { ledgerRefusals } from './people-refusals.ts'
import { route } from './people.ts'
import type { PeopleRoute } from './people.ts'

const voteDocument = documentType('standing-vote', StandingPayload)

export interface StandingParts {
  readonly follower: Pick<Follower, 'latest'>
  /** Gives the height at which it stands, once this node has its block. */
  readonly submit: (contract: string, operation: string, payload: Canonical) => Promise<number>
}

export function standingRoutes({ follower, submit }: StandingParts): PeopleRoute[] {
  const vote = (path: string, operation: 'suspend' | 'reinstate', summary: string): PeopleRoute => route({
    method: 'POST', path, body: voteDocument, roles: ['admin'], needsSignature: true, refusals: ledgerRefusals, summary,
    answer: Exactly({ member: MemberId, height: AtHeight, state: MemberRecord.properties.state }),
    handle: async ({ body }) => {
      const height = await submit('participants@1', operation, body)
      return { member: body.member, height, state: (await follower.latest(stateKeys.member(body.member)) as MemberRecord).state }
    },
  })
  return [
    vote('/staff/1/members/suspensions', 'suspend', 'Votes, in this member\'s name, to suspend another: once the quorum has, the contracts refuse what it submits and other members\' ports close to it. People go on withdrawing and asking for their rights there.'),
    vote('/staff/1/members/reinstatements', 'reinstate', 'Votes, in this member\'s name, to take a suspended member back.'),
  ]
}
