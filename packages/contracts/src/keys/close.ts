// `close {statement, signatures}`: holder and account provider end a subject's key; its consents count as withdrawn, opt-outs stand.
import { ClosePayload } from '@mhmd/schema'
import type { SubjectState } from '@mhmd/schema'
import { applied, operation } from '../define-operation.ts'
import { memberOf, memberRefusal } from '../members.ts'
import { refuse } from '../refusals.ts'
import { stateKeys } from '../state-keys.ts'
import { checkOf, statementKinds } from '../statements.ts'
import { activeSubject } from './subjects.ts'

export const close = operation(ClosePayload, {
  reads: ({ statement: { holder, subject } }) => ({ keys: [stateKeys.member(holder), stateKeys.subject(holder, subject)] }),
  readsNext: ({ statement: { holder, subject } }, _tx, seen) => {
    const present = seen.get(stateKeys.subject(holder, subject)) as SubjectState | undefined
    return present ? { keys: [stateKeys.member(present.provider)] } : {}
  },
  proofs: ({ statement, signatures }) => [signatures.holder, signatures.provider].map((by) => checkOf(statementKinds.keyClosing, statement, by)),
  apply: ({ statement, signatures }, tx, state) => {
    const { holder, subject, version } = statement
    if (statement.network !== tx.network) return refuse('WRONG_NETWORK')
    if (statement.expires < tx.time) return refuse('STATEMENT_EXPIRED')
    const present = activeSubject(state, holder, subject)
    if (!present.ok) return present
    const refusal = memberRefusal(memberOf(state, holder), signatures.holder.key, tx.time) ?? memberRefusal(memberOf(state, present.value.provider), signatures.provider.key, tx.time)
    if (refusal) return refusal
    if (version !== present.value.version + 1) return refuse('VERSION_CONFLICT')
    const closed: SubjectState = { ...present.value, state: 'closed', version, time: tx.time }
    return applied([{ key: stateKeys.subject(holder, subject), value: closed }], 'closed', { holder, subject, version })
  },
})
