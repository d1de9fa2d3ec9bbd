// `propose {member, signature}`: an application signed by the applicant's own key, brought by a member; a later one replaces it.
import { ProposePayload } from '@mhmd/schema'
import type { ApplicationState } from '@mhmd/schema'
import { applied, operation } from '../define-operation.ts'
import { refuse } from '../refusals.ts'
import { stateKeys } from '../state-keys.ts'
import { applicationDigest, checkOf, membershipApplicationStatement, statementKinds } from '../statements.ts'
import { memberKeyReads, newRecordRefusal, takenRefusal } from './records.ts'

export const propose = operation(ProposePayload, {
  reads: ({ member }) => ({ keys: [stateKeys.member(member.id), stateKeys.application(member.id), ...memberKeyReads(member)] }),
  proofs: ({ member, signature }, tx) => [checkOf(statementKinds.membershipApplication, membershipApplicationStatement(tx.network, member), { key: member.signingKey, signature })],
  apply: ({ member }, tx, state) => {
    if (state.get(stateKeys.member(member.id)) !== undefined) return refuse('MEMBER_EXISTS')
    const refusal = newRecordRefusal(member) ?? takenRefusal(member, member.id, state)
    if (refusal) return refusal
    const application = applicationDigest(membershipApplicationStatement(tx.network, member))
    const value: ApplicationState = { member, application, sponsor: tx.submitter, time: tx.time }
    return applied([{ key: stateKeys.application(member.id), value }], 'proposed', { member: member.id, application })
  },
})
