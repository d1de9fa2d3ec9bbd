// `record {release, request, form, height, content, bytes?}`: a holder records what may leave, for a request that stands and is decided.
import { RecordUseReleasePayload } from '@mhmd/schema'
import type { AgreementState, UseReleaseState } from '@mhmd/schema'
import { applied, operation } from '../define-operation.ts'
import { refuse } from '../refusals.ts'
import { stateKeys } from '../state-keys.ts'
import { deliveryRefusal, standingUse } from '../use-requests/standing.ts'

export const record = operation(RecordUseReleasePayload, {
  reads: ({ request, release }, tx) => ({ keys: [stateKeys.useRequest(request), stateKeys.useAnswer(request, tx.submitter), stateKeys.permit(request), stateKeys.agreement(request, tx.submitter), stateKeys.useRelease(request, tx.submitter, release)] }),
  apply: ({ request, release, ...fields }, tx, state) => {
    const standing = standingUse(state, request, tx.time)
    if (!standing.ok) return standing
    const refusal = deliveryRefusal(state, { request, holder: tx.submitter, time: tx.time }, standing.value)
    if (refusal) return refusal
    if (fields.form !== standing.value.form) return refuse('FORM_MISMATCH')
    if (fields.bytes !== undefined) {
      // Regulation (EU) 2025/327, Art. 73: what a permit gives under pseudonyms stays in a secure processing environment.
      if (standing.value.authority !== undefined && fields.form === 'pseudonymised') return refuse('FORM_NOT_UNDER_PERMIT')
      const agreement = state.get(stateKeys.agreement(request, tx.submitter)) as AgreementState | undefined
      if (agreement?.state !== 'accepted' || agreement.until <= tx.time) return refuse('NO_AGREEMENT')
    }
    const key = stateKeys.useRelease(request, tx.submitter, release)
    if (state.get(key) !== undefined) return refuse('RELEASE_EXISTS')
    const value: UseReleaseState = { ...fields, time: tx.time }
    return applied([{ key, value }], 'use-release', { request, holder: tx.submitter, release, height: fields.height })
  },
})
