// The search at the node: begun, watched, called off, gone on with.
import type { Dataset } from '@mhmd/schema'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Note } from '../../../design/state.tsx'
import { useDoing } from '../../doing.tsx'
import { Progress } from '../../job-bar.tsx'
import { useStaff } from '../../staff-context.ts'
import type { Protection } from './answers.ts'

interface SearchProps {
  readonly draft: string
  readonly protection: Protection
  readonly document: Dataset
  /** Whether what was decided lies at the node. */
  readonly isKept: boolean
}

const isDecided = ({ columns }: Dataset): boolean => columns.every(({ role }) => role !== 'unclassified') && columns.some(({ role }) => role === 'quasi-identifying')

export function Search({ draft, protection, document, isKept }: SearchProps): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const doing = useDoing()
  const { state, job } = protection
  const begin = (resume: boolean): void => doing.run(() => node.post(`/staff/1/datasets/drafts/${draft}/protection`, resume ? { resume } : {}))
  return (
    <section>
      <h2>{t('protection.search')}</h2>
      <p>{t('protection.searchLead')}</p>
      {isDecided(document) ? null : <Note kind="wait"><p>{t('protection.decideFirst')}</p></Note>}
      {protection.isOutdated ? <Note kind="wait"><p>{t('protection.outdated')}</p></Note> : null}
      <Standing protection={protection} />
      {doing.error}
      <div className="actions">
        {state === 'waiting' ? <button type="button" disabled={doing.working} onClick={() => doing.run(() => node.delete(`/staff/1/jobs/${job ?? ''}`))}>{t('protection.stop')}</button> : <Begin protection={protection} isHeld={doing.working || !isDecided(document) || !isKept} begin={begin} />}
      </div>
    </section>
  )
}

function Standing({ protection: { state, code, done, total } }: { readonly protection: Protection }): ReactNode {
  const { t } = useTranslation('professional')
  if (state === 'waiting') return <Progress label={t(total === 0 ? 'protection.reading' : 'protection.searching')} progress={{ done, total }} />
  if (state === 'none') return null
  return <p role="status">{state === 'done' ? t('protection.done', { count: done }) : state === 'failed' ? t('protection.failed', { code: code ?? '' }) : t('protection.stopped', { done, total })}</p>
}

function Begin({ protection: { state, isOutdated }, isHeld, begin }: { readonly protection: Protection; readonly isHeld: boolean; readonly begin: (resume: boolean) => void }): ReactNode {
  const { t } = useTranslation('professional')
  const canGoOn = (state === 'cancelled' || state === 'failed') && !isOutdated
  return (
    <>
      <button type="button" className={state === 'none' ? 'primary' : undefined} disabled={isHeld} onClick={() => begin(false)}>{t(state === 'none' ? 'protection.start' : 'protection.again')}</button>
      {canGoOn ? <button type="button" className="primary" disabled={isHeld} onClick={() => begin(true)}>{t('protection.goOn')}</button> : null}
    </>
  )
}
