// `enrol {statement, signatures}`: a subject's first key at a holder, signed by the holder, her account provider and the key itself.
import { EnrolPayload } from '@mhmd/schema'
import type { SubjectKeyState, SubjectState } from '@mhmd/schema'
import { applied, operation } from '../define-operation.ts'
import { memberOf, roleRefusal } from '../members.ts'
import { refuse } from '../refusals.ts'
import { stateKeys } from '../state-keys.ts'
import { checkOf, statementKinds } from '../statements.ts'

export const enrol = operation(EnrolPayload, {
  reads: ({ statement: { holder, provider, subject, key } }) => ({ keys: [stateKeys.member(holder), stateKeys.member(provider), stateKeys.subject(holder, subject), stateKeys.subjectKey(holder, key)] }),
  proofs: ({ statement, signatures }) =>
    [signatures.holder, signatures.provider, { key: statement.key, signature: signatures.subject }].map((by) => checkOf(statementKinds.keyEnrolment, statement, by)),
  apply: ({ statement, signatures }, tx, state) => {
    const { holder, provider, subject, key, recovery, version } = statement
    if (statement.network !== tx.network) return refuse('WRONG_NETWORK')
    if (statement.expires < tx.time) return refuse('STATEMENT_EXPIRED')
    const refusal = roleRefusal(memberOf(state, holder), 'data-holder', { key: signatures.holder.key, time: tx.time })
      ?? roleRefusal(memberOf(state, provider), 'account-provider', { key: signatures.provider.key, time: tx.time })
    if (refusal) return refusal
    if (state.get(stateKeys.subject(holder, subject)) !== undefined) return refuse('SUBJECT_EXISTS')
    if (state.get(stateKeys.subjectKey(holder, key)) !== undefined) return refuse('KEY_TAKEN')
    const enrolled: SubjectState = { key, provider, recovery, version, state: 'active', time: tx.time }
    const index: SubjectKeyState = { subject }
    return applied([{ key: stateKeys.subject(holder, subject), value: enrolled }, { key: stateKeys.subjectKey(holder, key), value: index }], 'enrolled', { holder, subject, version })
  },
})
