// `staff {keys}`: a member registers and revokes the keys of its staff, which sign desk declarations two by two.
import { StaffPayload } from '@mhmd/schema'
import type { StaffKeyState } from '@mhmd/schema'
import { applied, operation } from '../define-operation.ts'
import { refuse } from '../refusals.ts'
import { stateKeys } from '../state-keys.ts'

export const staff = operation(StaffPayload, {
  reads: ({ keys }, tx) => ({ keys: keys.map(({ key }) => stateKeys.staff(tx.submitter, key)) }),
  apply: ({ keys }, tx) => {
    if (new Set(keys.map(({ key }) => key)).size !== keys.length) return refuse('DUPLICATE')
    const writes = keys.map(({ key, state }) => ({ key: stateKeys.staff(tx.submitter, key), value: { state, time: tx.time } satisfies StaffKeyState }))
    return applied(writes, 'staff', { member: tx.submitter, keys: keys.length })
  },
})
