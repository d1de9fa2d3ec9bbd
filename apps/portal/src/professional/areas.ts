// The rooms of staff: for whom, with which pages. One line here and a folder make a page.
import { lazy } from 'react'
import type { ComponentType } from 'react'
import type { Staff } from './session.ts'

type Name = 'steward' | 'researcher' | 'auditor' | 'operator'

export interface Area {
  readonly name: Name
  readonly isFor: (staff: Staff) => boolean
  /** Addresses below `/pro/NAME`, in the order of the navigation; words under `areas.NAME.PAGE`. */
  readonly pages: readonly string[]
  readonly Pages: ComponentType
}

export const areas: readonly Area[] = [
  { name: 'operator', isFor: () => true, pages: ['health', 'jobs', 'members'], Pages: lazy(() => import('./operator/pages.tsx')) },
]
