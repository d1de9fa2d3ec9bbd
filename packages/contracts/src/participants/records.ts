// A member's record as it enters the state: its keys belong to it alone.
import type { Key } from '@mhmd/base'
import type { MemberKeyState, MemberRecord } from '@mhmd/schema'
import type { StateView, Write } from '../contract.ts'
import { refuse } from '../refusals.ts'
import { stateKeys } from '../state-keys.ts'

type Refused = ReturnType<typeof refuse>
type Keys = Partial<Pick<MemberRecord, 'signingKey' | 'tlsKeys'>>

/** Keys that identify a member on the wire or on the ledger. */
const identifying = ({ signingKey, tlsKeys = [] }: Keys): readonly string[] => (signingKey === undefined ? tlsKeys : [signingKey, ...tlsKeys])

export const memberKeyReads = (keys: Keys): readonly Key[] => identifying(keys).map(stateKeys.memberKey)

/** Refuses a key that is or was another member's: else one member could be taken for the other. */
export function takenRefusal(keys: Keys, member: string, state: StateView): Refused | undefined {
  const taken = memberKeyReads(keys).some((key) => {
    const owner = state.get(key) as MemberKeyState | undefined
    return owner !== undefined && owner.member !== member
  })
  return taken ? refuse('KEY_TAKEN') : undefined
}

export const memberKeyWrites = (keys: Keys, member: string): readonly Write[] => memberKeyReads(keys).map((key) => ({ key, value: { member } }))

/** Refuses a new record that isn't active at version 1 with a validity of some length. */
export function newRecordRefusal(member: MemberRecord): Refused | undefined {
  return member.state === 'active' && member.version === 1 && member.validFrom < member.validUntil ? undefined : refuse('BAD_VALIDITY')
}

export const admittedWrites = (member: MemberRecord): readonly Write[] => [{ key: stateKeys.member(member.id), value: member }, ...memberKeyWrites(member, member.id)]
