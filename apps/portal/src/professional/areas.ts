// The rooms of staff: for whom, with which pages. One line here and a folder make a page.
import { lazy } from 'react'
import type { ComponentType } from 'react'
import type { Staff } from './session.ts'

type Name = 'steward' | 'researcher' | 'auditor' | 'operator'

export interface Area {
  readonly name: Name
  readonly isFor: (staff: Staff) => boolean
  /** Addresses below `/pro/NAME`, in the order of the navigation; words under `pages.NAME.PAGE`. */
  readonly pages: readonly string[]
  readonly Pages: ComponentType
}

const memberIs = ({ directory }: Staff, role: string): boolean => directory.members.find((member) => member.id === directory.self)?.roles.includes(role) === true
const hasRole = ({ session }: Staff, ...roles: readonly string[]): boolean => session.roles.some((role) => roles.includes(role))
const isAuditor = (staff: Staff): boolean => hasRole(staff, 'auditor', 'dpo')

export const areas: readonly Area[] = [
  { name: 'steward', isFor: (staff) => memberIs(staff, 'data-holder') && hasRole(staff, 'steward'), pages: ['requests', 'imports', 'datasets', 'releases', 'late'], Pages: lazy(() => import('./steward/pages.tsx')) },
  { name: 'researcher', isFor: (staff) => memberIs(staff, 'data-user') && hasRole(staff, 'researcher', 'steward'), pages: ['requests', 'new', 'catalogue', 'holdings'], Pages: lazy(() => import('./researcher/pages.tsx')) },
  { name: 'auditor', isFor: isAuditor, pages: ['blocks', 'access', 'overdue'], Pages: lazy(() => import('./auditor/pages.tsx')) },
  { name: 'operator', isFor: () => true, pages: ['health', 'jobs', 'members'], Pages: lazy(() => import('./operator/pages.tsx')) },
]
