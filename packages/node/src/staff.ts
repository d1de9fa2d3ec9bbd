// The people who work at this node's organisation: their keys and roles. No names: the organisation's own directory has those.
import type { Store } from '@mhmd/store'
import { nodeErrors } from './errors.ts'
import { jsonTable } from './table.ts'

/**
 * `admin` registers colleagues and runs the node (operator), `steward` answers for the data, `desk` serves patients, `researcher`
 * asks others for data, `officer` decides on applications at an access body, `dpo` is the data protection officer, `auditor` reads what is evidence.
 */
export const staffRoles = ['admin', 'steward', 'desk', 'dpo', 'researcher', 'officer', 'auditor'] as const
export type StaffRole = typeof staffRoles[number]
export const isStaffRole = (role: string): role is StaffRole => (staffRoles as readonly string[]).includes(role)

export interface StaffMember {
  readonly key: string
  readonly roles: readonly StaffRole[]
}

const staffTable = jsonTable<StaffMember>('staff')

export interface Staff {
  add(member: StaffMember): Promise<void>
  remove(key: string): Promise<void>
  list(): Promise<StaffMember[]>
  /** One of these roles suffices; `staff` is all of them. Throws NODE_STAFF_UNKNOWN or NODE_STAFF_ROLE. An administrator holds no other role by that. */
  require(key: string, ...anyOf: readonly (StaffRole | 'staff')[]): Promise<StaffMember>
}

export function createStaff(store: Store): Staff {
  return {
    add: (member) => store.write((tx) => staffTable.put(tx, [member.key], member)),
    remove: (key) => store.write((tx) => staffTable.delete(tx, key)),
    list: () => store.read(async (tx) => (await staffTable.list(tx)).map((row) => row.value)),
    require: async (key, ...anyOf) => {
      const member = await store.read((tx) => staffTable.get(tx, key))
      if (member === undefined) throw nodeErrors.STAFF_UNKNOWN()
      if (!anyOf.some((role) => role === 'staff' || member.roles.includes(role))) throw nodeErrors.STAFF_ROLE({ needs: anyOf.join(' or ') })
      return member
    },
  }
}
