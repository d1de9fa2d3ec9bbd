// The page of one thing, by its id: what it shows once it is there, and that there is none.
import type { ReactNode } from 'react'
import { Asked, useAsked } from './asked.tsx'
import type { Hint } from './live.tsx'
import { NoPage } from './no-page.tsx'

export function OneThing<T>({ path, on, up, children }: { readonly path: string; readonly on: readonly Hint[]; readonly up: { readonly href: string; readonly label: string }; readonly children: (thing: T) => ReactNode }): ReactNode {
  const asked = useAsked<T>(path, { on })
  if (asked.data === undefined && (asked.error as { code?: string } | null)?.code === 'NODE_NOT_FOUND') return <NoPage up={up} />
  return <Asked asked={asked}>{children}</Asked>
}
