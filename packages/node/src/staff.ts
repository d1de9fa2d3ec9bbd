// The people who work at this node's organisation: their keys and roles. No names: the organisation's own directory has those.
import type { Store } from '@mhmd/store'
import { nodeErrors } from './errors.ts'
import { jsonTable } from './table.ts'

export type StaffRole = 'admin' | 'steward' | 'desk' | 'dpo'
export const staffRoles: readonly StaffRole[] = ['admin', 'steward', 'desk', 'dpo']

export interface StaffMember {
  readonly key: string
  readonly roles: readonly StaffRole[]
}

const staffTable = jsonTable<StaffMember>('staff')

export interface Staff {
  add(member: StaffMember): Promise<void>
  remove(key: string): Promise<void>
  list(): Promise<StaffMember[]>
  /** Throws NODE_STAFF_UNKNOWN or NODE_STAFF_ROLE. An administrator holds no other role by that. */
  require(key: string, role: StaffRole | 'any'): Promise<StaffMember>
}

export function createStaff(store: Store): Staff {
  return {
    add: (member) => store.write((tx) => staffTable.put(tx, [member.key], member)),
    remove: (key) => store.write((tx) => staffTable.delete(tx, key)),
    list: () => store.read(async (tx) => (await staffTable.list(tx)).map((row) => row.value)),
    require: async (key, role) => {
      const member = await store.read((tx) => staffTable.get(tx, key))
      if (member === undefined) throw nodeErrors.STAFF_UNKNOWN()
      if (role !== 'any' && !member.roles.includes(role)) throw nodeErrors.STAFF_ROLE({ needs: role })
      return member
    },
  }
}
