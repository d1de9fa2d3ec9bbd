// `rotate {statement, newKeySignature?}`: a member changes its own keys and addresses; a new signing key proves itself.
import { RotatePayload } from '@mhmd/schema'
import type { MemberRecord } from '@mhmd/schema'
import { applied, operation } from '../define-operation.ts'
import { memberOf } from '../members.ts'
import { refuse } from '../refusals.ts'
import { stateKeys } from '../state-keys.ts'
import { checkOf, statementKinds } from '../statements.ts'
import { memberKeyReads, memberKeyWrites, takenRefusal } from './records.ts'

export const rotate = operation(RotatePayload, {
  reads: ({ statement }) => ({ keys: memberKeyReads(statement.changes) }),
  proofs: ({ statement, newKeySignature: signature }) => {
    const key = statement.changes.signingKey
    return key === undefined || signature === undefined ? [] : [checkOf(statementKinds.memberRotation, statement, { key, signature })]
  },
  apply: ({ statement, newKeySignature }, tx, state) => {
    const { changes, member: id } = statement
    if (statement.network !== tx.network) return refuse('WRONG_NETWORK')
    const present = memberOf(state, tx.submitter)
    if (!present || id !== tx.submitter) return refuse('NOT_YOURS')
    if (statement.version !== present.version + 1) return refuse('VERSION_CONFLICT')
    if (changes.signingKey !== undefined && newKeySignature === undefined) return refuse('KEY_PROOF_MISSING')
    const changed: MemberRecord = { ...present, ...changes, version: statement.version }
    if (changed.validFrom >= changed.validUntil) return refuse('BAD_VALIDITY')
    return takenRefusal(changes, id, state) ?? applied([{ key: stateKeys.member(id), value: changed }, ...memberKeyWrites(changes, id)], 'rotated', { member: id, version: changed.version })
  },
})
