// `desk {statement, signatures}`: a declaration taken at a holder's desk under two staff keys; never hers, always revocable by her.
import { SignedDeskDeclaration } from '@mhmd/schema'
import type { StaffKeyState } from '@mhmd/schema'
import { applied, operation } from '../define-operation.ts'
import { memberOf, roleRefusal } from '../members.ts'
import { refuse } from '../refusals.ts'
import { stateKeys } from '../state-keys.ts'
import { checkOf, statementKinds } from '../statements.ts'
import { decisionReads, decisionWrite, deskRefusal } from './rules.ts'

export const desk = operation(SignedDeskDeclaration, {
  reads: ({ statement }) => ({ keys: [...decisionReads(statement.kind, statement), ...statement.staff.map((key) => stateKeys.staff(statement.holder, key))] }),
  proofs: ({ statement, signatures }) => signatures.map((signature, index) => checkOf(statementKinds.deskDeclaration, statement, { key: statement.staff[index] ?? '', signature })),
  apply: ({ statement }, tx, state) => {
    const { holder, subject, version, kind, staff } = statement
    if (statement.network !== tx.network) return refuse('WRONG_NETWORK')
    if (statement.operationId !== tx.operationId) return refuse('OTHER_OPERATION')
    if (holder !== tx.submitter) return refuse('NOT_YOURS')
    if (new Set(staff).size !== staff.length) return refuse('DUPLICATE')
    const areStaff = staff.every((key) => (state.get(stateKeys.staff(holder, key)) as StaffKeyState | undefined)?.state === 'active')
    if (!areStaff) return refuse('NOT_STAFF')
    return roleRefusal(memberOf(state, holder), 'data-holder', { key: tx.key, time: tx.time })
      ?? deskRefusal(state, kind, { act: statement, time: tx.time })
      ?? applied([decisionWrite(kind, statement, { by: 'desk', time: tx.time })], 'desk', { holder, subject, kind, version })
  },
})
