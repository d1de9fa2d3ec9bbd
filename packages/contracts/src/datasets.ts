// `datasets@1`: what a holder offers: EHDS categories and a commitment to the description.
import { RegisterDatasetPayload } from '@mhmd/schema'
import type { DatasetState } from '@mhmd/schema'
import { applied, contract, operation } from './define-operation.ts'
import { memberOf, roleRefusal } from './members.ts'
import { refuse } from './refusals.ts'
import { stateKeys } from './state-keys.ts'

const register = operation(RegisterDatasetPayload, {
  reads: ({ dataset }, tx) => ({ keys: [stateKeys.dataset(tx.submitter, dataset)] }),
  apply: ({ dataset, ...fields }, tx, state) => {
    const refusal = roleRefusal(memberOf(state, tx.submitter), 'data-holder', tx)
    if (refusal) return refusal
    const key = stateKeys.dataset(tx.submitter, dataset)
    const before = state.get(key) as DatasetState | undefined
    if (fields.version !== (before?.version ?? 0) + 1) return refuse('VERSION_CONFLICT')
    const value: DatasetState = { ...fields, time: tx.time }
    return applied([{ key, value }], 'dataset', { holder: tx.submitter, dataset, version: fields.version, state: fields.state })
  },
})

export const datasets = contract('datasets', 1, { register })
