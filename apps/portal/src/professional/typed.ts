// What somebody typed into a long form and has not sent: kept in this tab's memory alone, so that another page and back costs nothing; the browser asks before a reload or a closed tab loses it.
import { useEffect, useState } from 'react'

const kept = new Map<string, unknown>()

/** For whoever comes next at this browser. */
export const forgetTyped = (): void => kept.clear()

/** As `useState`; `sent` ends it. */
export function useTyped<T>(form: string, first: () => T): readonly [typed: T, type: (next: T) => void, sent: () => void] {
  const [typed, setTyped] = useState(() => kept.has(form) ? kept.get(form) as T : first())
  const [isUnsent, setUnsent] = useState(kept.has(form))
  useEffect(() => {
    if (!isUnsent) return undefined
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault()
    addEventListener('beforeunload', ask)
    return () => removeEventListener('beforeunload', ask)
  }, [isUnsent])
  const type = (next: T): void => {
    kept.set(form, next)
    setTyped(next)
    setUnsent(true)
  }
  const sent = (): void => {
    kept.delete(form)
    setUnsent(false)
  }
  return [typed, type, sent]
}
