// `admit {member, application}`: one member's yes to an application; the quorum of active members makes the applicant a member.
import { AdmitPayload } from '@mhmd/schema'
import type { AdmissionState, ApplicationState } from '@mhmd/schema'
import { applied, operation } from '../define-operation.ts'
import { refuse } from '../refusals.ts'
import { stateKeys } from '../state-keys.ts'
import { admittedWrites, memberKeyReads, takenRefusal } from './records.ts'
import { hasVoted, reachesQuorum, voterReads } from './votes.ts'
import type { Ballot } from './votes.ts'

const ballotOf = ({ member, application }: { member: string; application: string }): Ballot => ({ box: ['admission', member], counts: (vote) => (vote as AdmissionState).application === application })

export const admit = operation(AdmitPayload, {
  reads: (payload, tx) => ({ keys: [stateKeys.member(payload.member), stateKeys.application(payload.member), stateKeys.admission(payload.member, tx.submitter)], prefixes: [ballotOf(payload).box] }),
  readsNext: (payload, _tx, seen) => {
    const applying = seen.get(stateKeys.application(payload.member)) as ApplicationState | undefined
    return { keys: [...voterReads(ballotOf(payload), seen), ...(applying ? memberKeyReads(applying.member) : [])] }
  },
  apply: (payload, tx, state) => {
    if (state.get(stateKeys.member(payload.member)) !== undefined) return refuse('MEMBER_EXISTS')
    const applying = state.get(stateKeys.application(payload.member)) as ApplicationState | undefined
    if (applying?.application !== payload.application) return refuse('APPLICATION_UNKNOWN')
    const ballot = ballotOf(payload)
    if (hasVoted(ballot, state, tx.submitter)) return refuse('ALREADY_VOTED')
    const vote: AdmissionState = { application: payload.application, time: tx.time }
    const votes = [{ key: stateKeys.admission(payload.member, tx.submitter), value: vote }]
    if (!reachesQuorum(ballot, state)) return applied(votes, 'admission', { member: payload.member, by: tx.submitter })
    return takenRefusal(applying.member, payload.member, state) ?? applied([...votes, ...admittedWrites(applying.member)], 'admitted', { member: payload.member })
  },
})
