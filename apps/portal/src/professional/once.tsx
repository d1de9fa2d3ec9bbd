// What several parts of a page would say in the same words is said once, by the first of them.
import { useEffect, useId, useSyncExternalStore } from 'react'
import type { ReactNode } from 'react'

const saying = new Map<string, readonly string[]>()
const listeners = new Set<() => void>()

function put(words: string, ids: readonly string[]): void {
  if (ids.length === 0) saying.delete(words)
  else saying.set(words, ids)
  for (const one of listeners) one()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** `words` tells what is said. */
export function Once({ words, children }: { readonly words: string; readonly children: ReactNode }): ReactNode {
  const id = useId()
  useEffect(() => {
    put(words, [...saying.get(words) ?? [], id])
    return () => put(words, (saying.get(words) ?? []).filter((one) => one !== id))
  }, [id, words])
  return useSyncExternalStore(subscribe, () => saying.get(words)?.[0]) === id ? children : null
}
