// The page of one thing, by its id: what it shows once it is there, and that there is none.
import type { ReactNode } from 'react'
import { Asked, useAsked } from './asked.tsx'
import type { Hint } from './live.tsx'
import { NoPage } from './no-page.tsx'

/** What a node says where there is none with that id, and where that can't be an id. */
const noSuchThing = new Set(['NODE_NOT_FOUND', 'SCHEMA_NOT_VALID'])

export function OneThing<T>({ path, on, up, children }: { readonly path: string; readonly on: readonly Hint[]; readonly up: { readonly href: string; readonly label: string }; readonly children: (thing: T) => ReactNode }): ReactNode {
  const asked = useAsked<T>(path, { on })
  if (asked.data === undefined && noSuchThing.has((asked.error as { code?: string } | null)?.code ?? '')) return <NoPage up={up} />
  return <Asked asked={asked}>{children}</Asked>
}
