// `replace {statement, key, signature, newKeySignature}`: a subject's next key, signed by the present key or the recovery key, and by the new one.
import { ReplacePayload } from '@mhmd/schema'
import type { SubjectKeyState, SubjectState } from '@mhmd/schema'
import { applied, operation } from '../define-operation.ts'
import { refuse } from '../refusals.ts'
import { stateKeys } from '../state-keys.ts'
import { checkOf, recoveryCommitment, statementKinds } from '../statements.ts'
import { activeSubject } from './subjects.ts'

export const replace = operation(ReplacePayload, {
  reads: ({ statement: { holder, subject, newKey } }) => ({ keys: [stateKeys.subject(holder, subject), stateKeys.subjectKey(holder, newKey)] }),
  proofs: ({ statement, key, signature, newKeySignature }) =>
    [{ key, signature }, { key: statement.newKey, signature: newKeySignature }].map((by) => checkOf(statementKinds.keyReplacement, statement, by)),
  apply: ({ statement, key }, tx, state) => {
    const { holder, subject, newKey, by, version } = statement
    if (statement.network !== tx.network) return refuse('WRONG_NETWORK')
    if (statement.expires < tx.time) return refuse('STATEMENT_EXPIRED')
    const present = activeSubject(state, holder, subject)
    if (!present.ok) return present
    const authorised = by === 'recovery' ? recoveryCommitment(key) === present.value.recovery : key === present.value.key
    if (!authorised) return refuse('NOT_HER_KEY')
    if (version !== present.value.version + 1) return refuse('VERSION_CONFLICT')
    if (state.get(stateKeys.subjectKey(holder, newKey)) !== undefined) return refuse('KEY_TAKEN')
    const replaced: SubjectState = { ...present.value, key: newKey, recovery: statement.recovery ?? present.value.recovery, version, time: tx.time }
    const index: SubjectKeyState = { subject }
    return applied([{ key: stateKeys.subject(holder, subject), value: replaced }, { key: stateKeys.subjectKey(holder, newKey), value: index }], 'key-replaced', { holder, subject, version })
  },
})
