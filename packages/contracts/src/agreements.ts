// `agreements@1`: what a holder and a requester agree on before bytes leave; the holder offers, the requester accepts, either ends it.
import { AcceptAgreementPayload, EndAgreementPayload, OfferAgreementPayload } from '@mhmd/schema'
import type { AgreementState, UseRequestState } from '@mhmd/schema'
import type { Outcome, StateView } from './contract.ts'
import { applied, contract, operation } from './define-operation.ts'
import { refuse } from './refusals.ts'
import { stateKeys } from './state-keys.ts'
import { deliveryRefusal, standingUse } from './use-requests/standing.ts'

interface At {
  readonly request: string
  readonly holder: string
}

const agreementAt = (state: StateView, { request, holder }: At): AgreementState | undefined => state.get(stateKeys.agreement(request, holder)) as AgreementState | undefined

function moved({ request, holder }: At, value: AgreementState): Outcome {
  return applied([{ key: stateKeys.agreement(request, holder), value }], 'agreement', { request, holder, agreement: value.agreement, state: value.state, version: value.version })
}

const offer = operation(OfferAgreementPayload, {
  reads: ({ request }, tx) => ({ keys: [stateKeys.useRequest(request), stateKeys.useAnswer(request, tx.submitter), stateKeys.permit(request), stateKeys.agreement(request, tx.submitter)] }),
  apply: ({ request, agreement, content, until, version }, tx, state) => {
    const at = { request, holder: tx.submitter }
    const standing = standingUse(state, request, tx.time)
    if (!standing.ok) return standing
    const refusal = deliveryRefusal(state, { ...at, time: tx.time }, standing.value)
    if (refusal) return refusal
    if (until <= tx.time || until > standing.value.until) return refuse('STATEMENT_EXPIRED')
    const before = agreementAt(state, at)
    if (before?.state === 'accepted' && before.until > tx.time) return refuse('AGREEMENT_STANDS')
    if (version !== (before?.version ?? 0) + 1) return refuse('VERSION_CONFLICT')
    return moved(at, { agreement, content, until, state: 'offered', by: tx.submitter, reason: 'AGREEMENT_OFFERED', version, time: tx.time })
  },
})

const accept = operation(AcceptAgreementPayload, {
  reads: ({ request, holder }) => ({ keys: [stateKeys.useRequest(request), stateKeys.agreement(request, holder)] }),
  apply: ({ request, holder, agreement, version }, tx, state) => {
    const standing = standingUse(state, request, tx.time)
    if (!standing.ok) return standing
    if (standing.value.requester !== tx.submitter) return refuse('NOT_YOURS')
    const before = agreementAt(state, { request, holder })
    if (before?.state !== 'offered' || before.agreement !== agreement || before.until <= tx.time) return refuse('AGREEMENT_NOT_OFFERED')
    if (version !== before.version + 1) return refuse('VERSION_CONFLICT')
    return moved({ request, holder }, { ...before, state: 'accepted', by: tx.submitter, reason: 'AGREEMENT_ACCEPTED', version, time: tx.time })
  },
})

const end = operation(EndAgreementPayload, {
  reads: ({ request, holder }) => ({ keys: [stateKeys.useRequest(request), stateKeys.agreement(request, holder)] }),
  apply: ({ request, holder, agreement, reason, version }, tx, state) => {
    const requester = (state.get(stateKeys.useRequest(request)) as UseRequestState | undefined)?.requester
    if (tx.submitter !== holder && tx.submitter !== requester) return refuse('NOT_YOURS')
    const before = agreementAt(state, { request, holder })
    if (before === undefined || before.state === 'ended' || before.agreement !== agreement) return refuse('AGREEMENT_UNKNOWN')
    if (version !== before.version + 1) return refuse('VERSION_CONFLICT')
    return moved({ request, holder }, { ...before, state: 'ended', by: tx.submitter, reason, version, time: tx.time })
  },
})

export const agreements = contract('agreements', 1, { offer, accept, end })
