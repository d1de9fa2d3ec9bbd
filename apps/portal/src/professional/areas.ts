// The rooms of staff: for whom, with which pages. One line here and a folder make a page.
import type { ComponentType } from 'react'
import type { MemberRole } from '@mhmd/schema'
import type { Staff } from './session.ts'

type Name = 'steward' | 'desk' | 'dpo' | 'researcher' | 'officer' | 'auditor' | 'operator' | 'administrator'

export interface Area {
  readonly name: Name
  readonly isFor: (staff: Staff) => boolean
  /** Addresses below `/pro/NAME`, in the order of the navigation; words under `pages.NAME.PAGE`. */
  readonly pages: readonly string[]
  /** Those of them that only a member with records has. */
  readonly ofHolders?: readonly string[]
  readonly load: () => Promise<{ readonly default: ComponentType }>
}

const memberIs = ({ directory }: Staff, role: MemberRole): boolean => directory.members.find((member) => member.id === directory.self)?.roles.includes(role) === true
const hasRole = ({ session }: Staff, ...roles: readonly string[]): boolean => session.roles.some((role) => roles.includes(role))
const isAuditor = (staff: Staff): boolean => hasRole(staff, 'auditor', 'dpo')

const areas: readonly Area[] = [
  { name: 'steward', isFor: (staff) => memberIs(staff, 'data-holder') && hasRole(staff, 'steward'), pages: ['requests', 'imports', 'profiles', 'datasets', 'releases', 'late', 'figures'], load: () => import('./steward/pages.tsx') },
  { name: 'desk', isFor: (staff) => memberIs(staff, 'data-holder') && hasRole(staff, 'desk', 'steward'), pages: ['link-code', 'merges', 'wrong-link'], load: () => import('./desk/pages.tsx') },
  { name: 'dpo', isFor: (staff) => memberIs(staff, 'data-holder') && hasRole(staff, 'dpo'), pages: ['erasure'], load: () => import('./dpo/pages.tsx') },
  { name: 'researcher', isFor: (staff) => memberIs(staff, 'data-user') && hasRole(staff, 'researcher', 'steward'), pages: ['requests', 'new', 'catalogue', 'holdings', 'figures'], load: () => import('./researcher/pages.tsx') },
  { name: 'officer', isFor: (staff) => memberIs(staff, 'access-body') && hasRole(staff, 'officer'), pages: ['applications', 'deliveries', 'figures'], load: () => import('./officer/pages.tsx') },
  { name: 'auditor', isFor: isAuditor, pages: ['blocks', 'checkpoints', 'access', 'overdue', 'playground', 'figures'], ofHolders: ['access', 'overdue'], load: () => import('./auditor/pages.tsx') },
  { name: 'operator', isFor: () => true, pages: ['health', 'jobs', 'members', 'network', 'figures'], load: () => import('./operator/pages.tsx') },
  { name: 'administrator', isFor: (staff) => hasRole(staff, 'admin'), pages: ['colleagues'], load: () => import('./operator/administrator.tsx') },
]

/** Her rooms, each with the pages that there are at this member. */
export const areasOf = (staff: Staff): readonly Area[] => areas.filter(({ isFor }) => isFor(staff))
  .map((area) => memberIs(staff, 'data-holder') ? area : { ...area, pages: area.pages.filter((page) => area.ofHolders?.includes(page) !== true) })
