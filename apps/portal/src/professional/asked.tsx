// One question to the node on a page: lines while it is awaited, what went wrong with its code, and the old answer while a new one is fetched.
import { useQuery } from '@tanstack/react-query'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Note } from '../design/state.tsx'
import { Skeleton } from '../design/waiting.tsx'
import { failureOf } from '../words/failure.ts'
import { useStaff } from './staff-context.ts'

/** `every`: asked again after so many milliseconds while the page is open. */
export function useAsked<T>(path: string, { every, enabled = true }: { readonly every?: number; readonly enabled?: boolean } = {}): UseQueryResult<T> {
  const { node } = useStaff()
  return useQuery({ queryKey: ['node', path], queryFn: ({ signal }) => node.get<T>(path, signal), enabled, ...(every === undefined ? {} : { refetchInterval: every }) })
}

export function Asked<T>({ asked, children }: { readonly asked: UseQueryResult<T>; readonly children: (answer: T) => ReactNode }): ReactNode {
  const { t } = useTranslation('professional')
  if (asked.data !== undefined) return <>{asked.error === null ? null : <Note kind="wait"><p>{t('stale')} <button type="button" className="plain" onClick={() => void asked.refetch()}>{t('again')}</button></p></Note>}{children(asked.data)}</>
  if (asked.error !== null) return <Failed error={asked.error} again={() => void asked.refetch()} />
  return <Skeleton label={t('loading')} lines={6} />
}

/** The node's own words: what happened, what to do, and the code to quote. */
export function Failed({ error, again }: { readonly error: unknown; readonly again?: () => void }): ReactNode {
  const { t } = useTranslation('professional')
  const { code, kind, message, remedy } = failureOf(error)
  return (
    <Note kind="no" alert>
      <p><strong>{message === '' || kind === 'bug' ? t('problem') : `${message}.`}</strong></p>
      {remedy === '' ? null : <p>{remedy}</p>}
      <p className="small"><code>{code}</code>{again === undefined ? null : <> <button type="button" className="plain" onClick={again}>{t('again')}</button></>}</p>
    </Note>
  )
}
