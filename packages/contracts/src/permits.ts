// `permits@1`: the access body that a request names issues a permit for it or refuses one, and may revoke what it issued (EHDS Art. 63(3), 68).
import { IssuePermitPayload, RefusePermitPayload, RevokePermitPayload } from '@mhmd/schema'
import type { PermitState, UseRequestState } from '@mhmd/schema'
import type { Outcome, Reads, StateView, Transaction } from './contract.ts'
import { applied, contract, operation } from './define-operation.ts'
import { memberOf, roleRefusal } from './members.ts'
import { refuse } from './refusals.ts'
import { stateKeys } from './state-keys.ts'
import { standingUse } from './use-requests/standing.ts'

const readsOfPermit = ({ request }: { request: string }): Reads => ({ keys: [stateKeys.useRequest(request), stateKeys.permit(request)] })

/** The request, if it stands and this access body decides on it. */
function decidable(state: StateView, request: string, tx: Transaction): ReturnType<typeof standingUse> {
  const standing = standingUse(state, request, tx.time)
  if (!standing.ok) return standing
  if (standing.value.authority !== tx.submitter) return refuse('NOT_YOURS')
  return roleRefusal(memberOf(state, tx.submitter), 'access-body', tx) ?? standing
}

function decided(request: string, value: PermitState): Outcome {
  return applied([{ key: stateKeys.permit(request), value }], 'permit', { request, authority: value.by, state: value.state, version: value.version })
}

const issue = operation(IssuePermitPayload, {
  reads: readsOfPermit,
  apply: ({ request, permit: id, kind, content, from, until, reason }, tx, state) => {
    const standing = decidable(state, request, tx)
    if (!standing.ok) return standing
    if (state.get(stateKeys.permit(request)) !== undefined) return refuse('PERMIT_DECIDED')
    if (standing.value.state !== 'complete') return refuse('NOT_COMPLETE')
    if (from >= until || until <= tx.time || until > standing.value.until) return refuse('PERMIT_PERIOD')
    return decided(request, { state: 'issued', permit: { id, kind, content, from, until }, by: tx.submitter, reason, version: 1, time: tx.time })
  },
})

const refusePermit = operation(RefusePermitPayload, {
  reads: readsOfPermit,
  apply: ({ request, reason }, tx, state) => {
    const standing = decidable(state, request, tx)
    if (!standing.ok) return standing
    if (state.get(stateKeys.permit(request)) !== undefined) return refuse('PERMIT_DECIDED')
    return decided(request, { state: 'refused', by: tx.submitter, reason, version: 1, time: tx.time })
  },
})

/** Possible at any time, the request's end included: what is revoked stays so. */
const revoke = operation(RevokePermitPayload, {
  reads: readsOfPermit,
  apply: ({ request, reason }, tx, state) => {
    const found = state.get(stateKeys.useRequest(request)) as UseRequestState | undefined
    if (!found) return refuse('REQUEST_UNKNOWN')
    if (found.authority !== tx.submitter) return refuse('NOT_YOURS')
    const before = state.get(stateKeys.permit(request)) as PermitState | undefined
    if (before?.state !== 'issued') return refuse('PERMIT_NOT_IN_FORCE')
    return decided(request, { ...before, state: 'revoked', by: tx.submitter, reason, version: before.version + 1, time: tx.time })
  },
})

export const permits = contract('permits', 1, { issue, refuse: refusePermit, revoke })
