// A dataset's draft: its profile, and everything a steward decides before it is offered; kept as she goes, and nothing of it seen by others before.
import { useQueryClient } from '@tanstack/react-query'
import { dataCategoryCodes } from '@mhmd/schema'
import type { Dataset } from '@mhmd/schema'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { Checks, LongTextQuestion, TextQuestion } from '../../design/questions.tsx'
import { Note } from '../../design/state.tsx'
import { draftInWords, viewInWords } from '../../words/error-words.ts'
import { moment } from '../../words/language.ts'
import { Asked, Failed, useAsked } from '../asked.tsx'
import { useDoing } from '../doing.tsx'
import { Figures } from '../figures.tsx'
import { JobBar, useJob } from '../job-bar.tsx'
import { Page } from '../page.tsx'
import { Problem } from '../problem.tsx'
import { useStaff } from '../staff-context.ts'
import { Sure } from '../sure.tsx'
import type { DatasetRow } from './datasets.tsx'
import { DraftColumns } from './draft-columns.tsx'
import { beginning, lacks } from './draft-document.ts'
import type { Draft } from './draft-document.ts'
import { DraftAttack, DraftPolicy } from './draft-policy.tsx'
import { Estimate } from './estimate.tsx'

export function DraftPage({ id }: { readonly id: string }): ReactNode {
  const { t } = useTranslation('professional')
  return <Asked asked={useAsked<Draft>(`/staff/1/datasets/drafts/${id}`, { on: ['job'] })}>{(draft) => (
    <Page title={t('draft.title', { title: draftInWords(draft) })} up={{ href: '/datasets', label: t('pages.steward.datasets') }}>
      {draft.dataset === null ? null : <Note><p>{t('draft.nextOf', { version: draft.from ?? '–', when: moment(draft.created) })}</p></Note>}
      <Profile draft={draft} />
      {draft.state !== 'done' ? null : draft.dataset === null ? <Editor key={draft.id} draft={draft} /> : <NextVersion draft={draft} dataset={draft.dataset} />}
      {draft.state === 'done' ? null : <Discard id={draft.id} />}
    </Page>
  )}</Asked>
}

function NotProfiled({ id, code }: { readonly id: string; readonly code: string }): ReactNode {
  const { t } = useTranslation('professional')
  const job = useJob('profile', { draft: id })
  return <><Note kind="no" alert><p>{t('draft.failed', { code })}</p></Note>{job === undefined ? null : <Problem job={job} />}</>
}

function Profile({ draft: { id, state, code, profile, findings } }: { readonly draft: Draft }): ReactNode {
  const { t } = useTranslation('professional')
  if (state === 'waiting') return <JobBar kind="profile" input={{ draft: id }} label={t('draft.profiling')} />
  if (profile === null) return <NotProfiled id={id} code={code ?? state} />
  return (
    <>
      <Figures figures={[
        { name: t('draft.people'), value: profile.people }, { name: t('draft.rows'), value: profile.rows }, { name: t('draft.most'), value: profile.mostRowsOfAPerson },
        { name: t('draft.alone'), value: profile.alone, note: t('draft.aloneNote') },
      ]} />
      <p className="small muted">{t('draft.stewardsOnly')}</p>
      {findings.map(({ at }) => <Note key={at} kind="wait"><p>{t('draft.finding', { at })}</p></Note>)}
    </>
  )
}

function NextVersion({ draft, dataset }: { readonly draft: Draft; readonly dataset: string }): ReactNode {
  const { t } = useTranslation('professional')
  return <Asked asked={useAsked<{ dataset: DatasetRow }>(`/staff/1/datasets/${dataset}`)}>{({ dataset: { description, version } }) => (
    <>
      {draft.from === null || draft.from === version ? null : <Note kind="no" alert><p>{t('draft.outdated', { version })}</p><p><Link href={`/datasets/${dataset}`}>{t('share.toDataset')}</Link></p></Note>}
      <Editor key={draft.id} draft={draft} before={description as Dataset} />
    </>
  )}</Asked>
}

const keyOf = (id: string): readonly string[] => ['node', `/staff/1/datasets/drafts/${id}`]

/** Tells this window's changes of a draft from another's. */
const WINDOW = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('')

interface Kept {
  readonly state: 'saved' | 'saving' | 'failed'
  readonly error: unknown
  /** Keeps it now. Throws NODE_DRAFT_CHANGED where another window kept something since this one read the draft. */
  readonly keep: (document: Dataset) => Promise<void>
}

/** What is decided goes to the node a moment after the last change; `before` is how often it was kept when this was read. */
export function useKept(id: string, document: Dataset, before: number): Kept {
  const { node } = useStaff()
  const after = useRef(before)
  const keep = useCallback(async (next: Dataset): Promise<void> => {
    after.current = (await node.post<{ kept: number }>(`/staff/1/datasets/drafts/${id}/document?after=${after.current}&by=${WINDOW}`, next)).kept
  }, [id, node])
  const queries = useQueryClient()
  // What came of the last change that was sent. That one is under way is seen from the document: an effect that said so would be put off by fast typing, and React gives up after fifty of those.
  const [ended, setEnded] = useState<{ readonly document: Dataset; readonly error?: unknown }>({ document })
  const last = useRef(document)
  const latest = useRef(document)
  // The draft's other page begins with what was decided here, and not with what was fetched before: an answer on its way may be older than this.
  const remember = useCallback(async (): Promise<void> => {
    await queries.cancelQueries({ queryKey: keyOf(id) })
    queries.setQueryData<Draft>(keyOf(id), (held) => held === undefined ? held : { ...held, title: latest.current.title.trim() === '' ? held.title : latest.current.title, document: latest.current, kept: after.current })
  }, [id, queries])
  // Whoever goes to another page within that moment loses nothing.
  useEffect(() => () => {
    if (last.current === latest.current) return
    void remember()
    void keep(latest.current).catch(() => undefined)
  }, [keep, remember])
  useEffect(() => {
    latest.current = document
    if (last.current === document) return undefined
    const timer = setTimeout(() => {
      last.current = document
      keep(document).then(remember).then(() => setEnded({ document }), (error: unknown) => setEnded({ document, error }))
    }, 700)
    return () => clearTimeout(timer)
  }, [document, id, keep, remember])
  return { state: ended.document !== document ? 'saving' : ended.error === undefined ? 'saved' : 'failed', error: ended.error, keep }
}

function Editor({ draft, before }: { readonly draft: Draft; readonly before?: Dataset }): ReactNode {
  const { t } = useTranslation('professional')
  const [document, change] = useState(() => beginning(draft, { before, inWords: viewInWords }))
  const kept = useKept(draft.id, document, draft.kept)
  return (
    <div className="beside">
      <div>
        <section id="draft-about" tabIndex={-1}>
          <h2>{t('draft.about')}</h2>
          <TextQuestion label={t('draft.name')} hint={t('draft.nameHint')} value={document.title} change={(title) => change({ ...document, title: title.slice(0, 200) })} />
          <LongTextQuestion label={t('draft.summary')} hint={t('draft.summaryHint')} rows={3} value={document.summary} change={(summary) => change({ ...document, summary: summary.slice(0, 4000) })} />
          <details><summary>{t('draft.categories')}: {document.categories.map((code) => `(${code}) ${t(`categoryNames.${code}`)}`).join('; ')}</summary><Checks legend={t('draft.categories')} options={dataCategoryCodes.map((value) => ({ value, label: `(${value}) ${t(`categoryNames.${value}`)}` }))} chosen={document.categories} choose={(categories) => change({ ...document, categories: [...categories] })} /></details>
        </section>
        <DraftColumns draft={draft} document={document} change={change} />
        <DraftAttack document={document} change={change} />
        <DraftPolicy document={document} change={change} hasSeveralRows={(draft.profile?.mostRowsOfAPerson ?? 1) > 1} />
        <p><Link className="button" href={`/datasets/${draft.id}/protection`}>{t('datasets.protection')}</Link></p>
      </div>
      <aside>
        <Offering draft={draft} document={document} />
        {kept.state === 'failed' ? <><p>{t('draft.notSaved')}</p><Failed error={kept.error} /></> : <p className="small muted" role="status">{kept.state === 'saving' ? t('draft.saving') : t('draft.saved')}</p>}
        <Discard id={draft.id} />
        <Estimate draft={draft} document={document} />
      </aside>
    </div>
  )
}

function Offering({ draft, document }: { readonly draft: Draft; readonly document: Dataset }): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const [, go] = useLocation()
  const doing = useDoing()
  const missing = lacks(document)
  const offer = (): void => doing.run(async () => {
    // What is typed wrongly counts nowhere; the number before it would be offered.
    const wrong = window.document.querySelector<HTMLElement>('main [aria-invalid="true"]')
    if (wrong !== null) return wrong.focus()
    const { dataset } = await node.post<{ dataset: string }>(draft.dataset === null ? '/staff/1/datasets' : `/staff/1/datasets/${draft.dataset}${draft.from === null ? '' : `?after=${draft.from}`}`, document)
    await node.delete(`/staff/1/datasets/drafts/${draft.id}`)
    go(`/datasets/${dataset}`)
  })
  return (
    <>
      <h2>{t('draft.missing')}</h2>
      {missing.length === 0 ? <p>{t('draft.missingNone')}</p> : <ul className="small">{missing.map(({ lack, at, column = '' }) => <li key={`${lack} ${column}`}><a href={`#${at}`} onClick={(event) => { event.preventDefault(); window.document.getElementById(at)?.focus() }}>{t(`draft.lacks.${lack}`, { column })}</a></li>)}</ul>}
      {doing.error}
      <div className="actions"><button type="button" className="primary" disabled={doing.working || missing.length > 0} onClick={offer}>{draft.dataset === null ? t('draft.offer') : t('draft.offerNext')}</button></div>
    </>
  )
}

function Discard({ id }: { readonly id: string }): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const [, go] = useLocation()
  const discard = async (): Promise<void> => {
    await node.delete(`/staff/1/datasets/drafts/${id}`)
    go('/datasets')
  }
  return <Sure label={t('draft.discard')} sure={t('draft.discardSure')} act={discard} />
}
