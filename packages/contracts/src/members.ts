// Whether a member may act, with this key, at this time.
import type { Canonical } from '@mhmd/base'
import type { MemberRecord, MemberRole } from '@mhmd/schema'
import type { PublicKey } from '@mhmd/crypto'
import type { StateView } from './contract.ts'
import { refuse } from './refusals.ts'
import { stateKeys } from './state-keys.ts'

type Refused = ReturnType<typeof refuse>

/** The member's record, if it is one. */
export const memberOf = (state: StateView, id: string): MemberRecord | undefined => state.get(stateKeys.member(id)) as MemberRecord | undefined

/** Refuses a stranger, a suspended member, another key, and a time outside the record's validity. */
export function memberRefusal(member: MemberRecord | undefined, key: PublicKey, time: number): Refused | undefined {
  if (!member) return refuse('NOT_A_MEMBER')
  if (member.state === 'suspended') return refuse('MEMBER_SUSPENDED')
  if (member.signingKey !== key || time < member.validFrom || time > member.validUntil) return refuse('KEY_NOT_VALID')
  return undefined
}

/** `memberRefusal`, and the member must have the role. */
export function roleRefusal(member: MemberRecord | undefined, role: MemberRole, by: { key: PublicKey; time: number }): Refused | undefined {
  return memberRefusal(member, by.key, by.time) ?? (member?.roles.includes(role) ? undefined : refuse('ROLE_MISSING'))
}

/** Whether this is the record of a member in good standing with the role; which key it has doesn't matter. */
export function isActive(member: Canonical | undefined, role?: MemberRole): boolean {
  const record = member as MemberRecord | undefined
  return record?.state === 'active' && (role === undefined || record.roles.includes(role))
}
