// A list that the node gives by pages: looked through at the node as one types, the words remembered in the address; further rows on demand.
import { pathOf } from '@mhmd/client'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'wouter'
import { TextQuestion } from '../design/questions.tsx'
import { Asked, useRefetchInterval } from './asked.tsx'
import { Rows } from './list.tsx'
import type { ListProps } from './list.tsx'
import type { Hint } from './live.tsx'
import { useStaff } from './staff-context.ts'

interface PagedListProps<R> extends Omit<ListProps<R>, 'rows' | 'textOf'> {
  readonly path: string
  /** Under which the answer has its rows. */
  readonly name: string
  readonly on?: readonly Hint[]
  /** Whether the node looks rows through for words: never where an identifier of a patient could be one. */
  readonly isSearchable?: boolean
  /** Rows that stand elsewhere on the page. */
  readonly without?: (row: R) => boolean
}

interface PageOfRows<R> {
  readonly rows: readonly R[]
  readonly next: string | null
}

const ROWS = '50'
const TYPING_MILLISECONDS = 250

/** What is typed, once it rests. */
function useRested(text: string): string {
  const [rested, setRested] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), TYPING_MILLISECONDS)
    return () => clearTimeout(timer)
  }, [text])
  return rested
}

export function PagedList<R>({ path, name, on = [], isSearchable = false, without = () => false, empty, ...list }: PagedListProps<R>): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const [search, setSearch] = useSearchParams()
  const typed = isSearchable ? search.get('q') ?? '' : ''
  const text = useRested(typed).trim()

  /** The node may look through many rows and find none yet. */
  async function page(after: string | undefined, signal: AbortSignal): Promise<PageOfRows<R>> {
    for (let from = after; ;) {
      const answer = await node.get<Readonly<Record<string, readonly R[]>> & { readonly next: string | null }>(pathOf(path, { limit: ROWS, after: from, text: text === '' ? undefined : text.slice(0, 200) }), signal)
      const rows = (answer[name] ?? []).filter((row) => !without(row))
      if (rows.length > 0 || answer.next === null) return { rows, next: answer.next }
      from = answer.next
    }
  }

  const asked = useInfiniteQuery({
    queryKey: ['node', path, text], queryFn: ({ pageParam, signal }) => page(pageParam, signal), initialPageParam: undefined as string | undefined, getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData, meta: { on }, refetchInterval: useRefetchInterval(on),
  })
  return (
    <Asked asked={asked}>{({ pages }) => {
      const rows = pages.flatMap((one) => one.rows)
      if (rows.length === 0 && typed === '') return <div className="note">{empty}</div>
      return (
        <>
          <div className="bar">
            {isSearchable ? <TextQuestion label={t('list.filter')} type="search" value={typed} change={(value) => setSearch(value === '' ? {} : { q: value }, { replace: true })} /> : null}
            <span className="count" role="status">{asked.hasNextPage ? t('list.first', { count: rows.length }) : t('list.all', { count: rows.length })}</span>
          </div>
          {rows.length === 0 ? <p>{t('list.nothing')}</p> : <Rows {...list} rows={rows} />}
          {asked.hasNextPage ? <div className="actions"><button type="button" disabled={asked.isFetchingNextPage} onClick={() => void asked.fetchNextPage()}>{asked.isFetchingNextPage ? t('loading') : t('list.next')}</button></div> : null}
        </>
      )
    }}</Asked>
  )
}
