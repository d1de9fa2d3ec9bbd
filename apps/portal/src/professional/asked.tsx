// One question to the node on a page: lines while it is awaited, what went wrong with its code, and the old answer while a new one is fetched.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Note } from '../design/state.tsx'
import { Skeleton } from '../design/waiting.tsx'
import { failureOf } from '../words/failure.ts'
import { inWords } from '../words/error-words.ts'
import { useIsLive } from './live.tsx'
import type { Hint } from './live.tsx'
import { Once } from './once.tsx'
import { useStaff } from './staff-context.ts'

/** How often a page asks by itself while the node's stream is broken. */
const POLL_MILLISECONDS = 5000

interface Again {
  /** Asked again when the node tells of such a thing. */
  readonly on?: readonly Hint[]
  /** Asked again after so many milliseconds: for what time alone changes, and no event tells. */
  readonly every?: number
  readonly enabled?: boolean
}

/** While the stream is open, what it tells of is asked again by that alone. */
export function useRefetchInterval(on: readonly Hint[]): number | false {
  const isLive = useIsLive()
  return on.length === 0 || isLive ? false : POLL_MILLISECONDS
}

export function useAsked<T>(path: string, { on = [], every, enabled = true }: Again = {}): UseQueryResult<T> {
  const { node } = useStaff()
  const polled = useRefetchInterval(on)
  return useQuery({ queryKey: ['node', path], queryFn: ({ signal }) => node.get<T>(path, signal), enabled, meta: { on }, refetchInterval: every ?? polled })
}

interface AskedNow<T> {
  readonly data: T | undefined
  readonly error: Error | null
}

export function Asked<T>({ asked, children }: { readonly asked: AskedNow<T>; readonly children: (answer: T) => ReactNode }): ReactNode {
  const { t } = useTranslation('professional')
  const queries = useQueryClient()
  // Where the node is away each part of a page meets the same: whoever tries again tries them all.
  const again = (): void => void queries.refetchQueries({ type: 'active', predicate: ({ state }) => state.error !== null })
  if (asked.data !== undefined) return <>{asked.error === null ? null : <Once words="stale"><Note kind="wait"><p>{t('stale')} <button type="button" className="plain" onClick={again}>{t('again')}</button></p></Note></Once>}{children(asked.data)}</>
  if (asked.error === null) return <Skeleton label={t('loading')} lines={6} />
  const { code, kind } = failureOf(asked.error)
  const failed = <Failed error={asked.error} isAddress again={again} />
  return kind === 'unavailable' ? <Once words={code}>{failed}</Once> : failed
}

/** What happened and what to do, in the reader's language; in English the node's own words say more. And the code to quote. */
export function Failed({ error, isAddress = false, again }: { readonly error: unknown; readonly isAddress?: boolean; readonly again?: () => void }): ReactNode {
  const { t } = useTranslation('professional')
  const failure = failureOf(error)
  // A page that only reads asks what its address says: what the node can't read in it was mistyped.
  const { what, remedy } = inWords(isAddress && failure.code === 'SCHEMA_NOT_VALID' ? { ...failure, code: 'NODE_NOT_FOUND', message: '' } : failure)
  return (
    <Note kind="no" alert>
      <p><strong>{what}</strong></p>
      {remedy === '' ? null : <p>{remedy}</p>}
      <p className="small"><code>{failure.code}</code>{again === undefined ? null : <> <button type="button" className="plain" onClick={again}>{t('again')}</button></>}</p>
    </Note>
  )
}
