// `suspend` and `reinstate {member, version}`: one member's vote on another's standing; the quorum of active members changes it.
import { StandingPayload } from '@mhmd/schema'
import type { MemberRecord, StandingVoteState } from '@mhmd/schema'
import type { Key } from '@mhmd/base'
import type { Operation } from '../contract.ts'
import { applied, operation } from '../define-operation.ts'
import { memberOf } from '../members.ts'
import { refuse } from '../refusals.ts'
import { stateKeys } from '../state-keys.ts'
import { hasVoted, reachesQuorum, voterReads } from './votes.ts'
import type { Ballot } from './votes.ts'

interface Change {
  readonly to: MemberRecord['state']
  readonly box: 'suspension' | 'reinstatement'
}

// A vote names the version of the record it is about, so that votes of an earlier suspension never count for a later one.
function standing({ to, box }: Change): Operation {
  const ballotOf = (payload: { member: string; version: number }): Ballot => ({ box: [box, payload.member], counts: (vote) => (vote as StandingVoteState).version === payload.version })
  const voteKey = (member: string, voter: string): Key => stateKeys[box](member, voter)
  return operation(StandingPayload, {
    reads: (payload, tx) => ({ keys: [stateKeys.member(payload.member), voteKey(payload.member, tx.submitter)], prefixes: [ballotOf(payload).box] }),
    readsNext: (payload, _tx, seen) => ({ keys: voterReads(ballotOf(payload), seen) }),
    apply: (payload, tx, state) => {
      const member = memberOf(state, payload.member)
      if (!member) return refuse('NOT_A_MEMBER')
      if (payload.member === tx.submitter) return refuse('OWN_CASE')
      if (member.state === to) return refuse(to === 'suspended' ? 'MEMBER_SUSPENDED' : 'NOT_SUSPENDED')
      if (member.version !== payload.version) return refuse('VERSION_CONFLICT')
      const ballot = ballotOf(payload)
      if (hasVoted(ballot, state, tx.submitter)) return refuse('ALREADY_VOTED')
      const vote: StandingVoteState = { version: payload.version, time: tx.time }
      const votes = [{ key: voteKey(payload.member, tx.submitter), value: vote }]
      if (!reachesQuorum(ballot, state)) return applied(votes, box, { member: payload.member, by: tx.submitter })
      const changed: MemberRecord = { ...member, state: to, version: member.version + 1 }
      return applied([...votes, { key: stateKeys.member(payload.member), value: changed }], 'standing', { member: payload.member, state: to, version: changed.version })
    },
  })
}

export const suspend = standing({ to: 'suspended', box: 'suspension' })
export const reinstate = standing({ to: 'active', box: 'reinstatement' })
