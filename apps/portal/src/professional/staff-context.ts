// The signed-in member of staff, for every page below the shell.
import { createContext, useContext } from 'react'
import type { Staff } from './session.ts'

export const StaffContext = createContext<Staff | undefined>(undefined)

/** Told what an act was refused with: where her session ended meanwhile, she signs in again. */
export const RefusedContext = createContext<(error: unknown) => void>(() => undefined)

export function useStaff(): Staff {
  const staff = useContext(StaffContext)
  if (staff === undefined) throw new Error('a page of staff stands outside the shell')
  return staff
}

/** Members by name. */
export function useNameOf(): (id: string) => string {
  const { directory } = useStaff()
  return (id) => directory.members.find((member) => member.id === id)?.name ?? id
}
