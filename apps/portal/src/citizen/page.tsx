// What every page has: a heading that is focused when the page is gone to, its errors, and what stands while an answer is awaited.
import { useEffect, useRef } from 'react'
import type { ReactNode } from 'react'
import i18next from 'i18next'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { Note } from '../design/state.tsx'
import { Skeleton } from '../design/waiting.tsx'
import { failureOf } from '../words/failure.ts'
import type { Gathered } from './views.ts'

interface PageProps {
  readonly title: string
  readonly back?: string | (() => void)
  readonly before?: ReactNode
  /** The heading is drawn by the page itself, as the legend of its question. */
  readonly headed?: boolean
  readonly children: ReactNode
}

let isFirst = true

export function Page({ title, back, before, headed = false, children }: PageProps): ReactNode {
  const { t } = useTranslation()
  const main = useRef<HTMLElement>(null)
  const [path] = useLocation()
  useEffect(() => {
    document.title = `${title} · ${t('name')}`
  }, [title, t])
  useEffect(() => {
    window.scrollTo(0, 0)
    // On arrival from outside the browser's own order stands; after a step inside, readers are told where they are.
    if (!isFirst) main.current?.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true })
    isFirst = false
  }, [path])
  return (
    <main id="main" ref={main}>
      {back === undefined ? null : typeof back === 'string' ? <Link className="back" href={back}>‹ {t('back')}</Link> : <button type="button" className="plain back" onClick={back}>‹ {t('back')}</button>}
      {before}
      {headed ? null : <h1 tabIndex={-1}>{title}</h1>}
      {children}
    </main>
  )
}

/** Where it is a question's page, the question is the heading. */
export const Question = ({ children }: { readonly children: ReactNode }): ReactNode => <h1 tabIndex={-1}>{children}</h1>

/** A page that could not be loaded. */
export function Missed({ again }: { readonly again: () => void }): ReactNode {
  const { t } = useTranslation()
  return (
    <Page title={t('missed.title')} back="/">
      <p>{t('missed.text')}</p>
      <div className="actions"><button type="button" className="primary" onClick={again}>{t('again')}</button></div>
    </Page>
  )
}

/** What happened, what is safe, what to do, and the code to quote. */
export function Failed({ error, who, again }: { readonly error: unknown; readonly who?: string; readonly again?: () => void }): ReactNode {
  const { t } = useTranslation()
  const failure = failureOf(error)
  const key = `fail.${failure.code}`
  const words = i18next.exists(key) ? (i18next.t as (name: string, values: object) => string)(key, { ...failure.details, name: failure.details['name'] ?? t('fail.here') }) : t(`fail.${failure.kind}`)
  return (
    <Note kind="no" alert>
      <p><strong>{who ?? t('problem')}</strong></p>
      <p>{words}</p>
      <p className="small">{t('fail.quote', { code: failure.code })}{again === undefined ? null : <> <button type="button" className="plain" onClick={again}>{t('again')}</button></>}</p>
    </Note>
  )
}

/** Names of those that could not be reached, beside what the others said and what they said before; or lines while nothing has come yet. */
export function Partial({ gathered, nameOf, children }: { readonly gathered: Gathered<unknown>; readonly nameOf: (holder: string) => string; readonly children: ReactNode }): ReactNode {
  const { t } = useTranslation()
  if (gathered.waiting && gathered.known.length === 0 && gathered.failed.length === 0) return <Skeleton label={t('loading')} />
  return (
    <>
      {gathered.failed.map(({ holder, error }) => <Failed key={holder} error={error} who={nameOf(holder)} again={gathered.again} />)}
      {gathered.stale.length === 0 ? null : <Note kind="wait"><p>{t('stale', { names: gathered.stale.map(nameOf).join(', ') })} <button type="button" className="plain" onClick={gathered.again}>{t('again')}</button></p></Note>}
      {children}
    </>
  )
}
