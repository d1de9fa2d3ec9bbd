// How a draft's table is protected: what others may know, which form suits, alternatives tried over its rows, and the one a steward approves as the draft's policy.
import { useQueryClient } from '@tanstack/react-query'
import type { Dataset, DatasetPolicy } from '@mhmd/schema'
import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Redirect } from 'wouter'
import { draftInWords, viewInWords } from '../../../words/error-words.ts'
import { Asked, Failed, useAsked } from '../../asked.tsx'
import { useDoing } from '../../doing.tsx'
import { Figures } from '../../figures.tsx'
import { Page } from '../../page.tsx'
import { useStaff } from '../../staff-context.ts'
import type { DatasetRow } from '../datasets.tsx'
import { DraftColumns } from '../draft-columns.tsx'
import { beginning } from '../draft-document.ts'
import type { Draft } from '../draft-document.ts'
import { DraftAttack, DraftPolicy } from '../draft-policy.tsx'
import { useKept } from '../draft.tsx'
import { Estimate } from '../estimate.tsx'
import { estimateOf } from './answers.ts'
import type { Protection } from './answers.ts'
import { Forms } from './forms.tsx'
import { Frontier } from './frontier.tsx'
import { Search } from './search.tsx'

/** `id` is a draft's, or a dataset's whose next version is prepared first. */
export function ProtectionPage({ id }: { readonly id: string }): ReactNode {
  return <Asked asked={useAsked<{ drafts: readonly { readonly id: string }[] }>('/staff/1/datasets/drafts', { on: ['job'] })}>{({ drafts }) => drafts.some((draft) => draft.id === id) ? <OfDraft id={id} /> : <OfDataset id={id} />}</Asked>
}

function OfDataset({ id }: { readonly id: string }): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const queries = useQueryClient()
  const [made, setMade] = useState<string | undefined>(undefined)
  const doing = useDoing()
  const asked = useAsked<{ dataset: DatasetRow }>(`/staff/1/datasets/${id}`)
  const make = (view: object): void => doing.run(async () => {
    const { draft } = await node.post<{ draft: string }>('/staff/1/datasets/drafts', { view, dataset: id })
    // Its page asks the list whether the address is a draft's.
    await queries.refetchQueries({ queryKey: ['node', '/staff/1/datasets/drafts'] })
    setMade(draft)
  })
  if (made !== undefined) return <Redirect to={`/datasets/${made}/protection`} replace />
  return <Asked asked={asked}>{({ dataset: { description } }) => (
    <Page title={t('protection.title', { title: description.title })} up={{ href: `/datasets/${id}`, label: description.title }}>
      <p>{t('protection.noDraft')}</p>
      {doing.error}
      {'view' in description ? <div className="actions"><button type="button" className="primary" disabled={doing.working} onClick={() => make(description.view)}>{t('protection.makeDraft')}</button></div> : null}
    </Page>
  )}</Asked>
}

function OfDraft({ id }: { readonly id: string }): ReactNode {
  const { t } = useTranslation('professional')
  return <Asked asked={useAsked<Draft>(`/staff/1/datasets/drafts/${id}`, { on: ['job'] })}>{(draft) => (
    <Page title={t('protection.title', { title: draftInWords(draft) })} up={{ href: `/datasets/drafts/${id}`, label: t('protection.toDraft') }}>
      <p>{t('protection.lead')}</p>
      {draft.state !== 'done' ? <p role="status">{t('protection.notProfiled')}</p> : draft.dataset === null || draft.document !== null ? <Whole key={id} draft={draft} /> : <NextVersion draft={draft} dataset={draft.dataset} />}
    </Page>
  )}</Asked>
}

function NextVersion({ draft, dataset }: { readonly draft: Draft; readonly dataset: string }): ReactNode {
  return <Asked asked={useAsked<{ dataset: DatasetRow }>(`/staff/1/datasets/${dataset}`)}>{({ dataset: { description } }) => <Whole key={draft.id} draft={draft} before={description as Dataset} />}</Asked>
}

function Whole({ draft, before }: { readonly draft: Draft; readonly before?: Dataset }): ReactNode {
  const [document, change] = useState(() => beginning(draft, { before, inWords: viewInWords }))
  const [first] = useState(document)
  const [isSaved, setSaved] = useState(draft.document !== null)
  const kept = useKept(draft.id, document, draft.kept)
  const save = (next: Dataset): Promise<unknown> => kept.keep(next).then(() => { setSaved(true); change(next) })
  // Nothing is tried before what was decided lies at the node.
  const isKept = kept.state === 'saved' && (isSaved || document !== first)
  const approve = (policy: DatasetPolicy): Promise<unknown> => save({ ...document, policy })
  return (
    <>
      <Known draft={draft} document={document} change={change} />
      {kept.state === 'failed' ? <Failed error={kept.error} /> : null}
      <Forms />
      {isKept || document !== first ? null : <FirstKept save={() => save(document)} />}
      <Tried draft={draft.id} document={document} approve={approve} isKept={isKept} />
    </>
  )
}

function FirstKept({ save }: { readonly save: () => Promise<unknown> }): ReactNode {
  const { t } = useTranslation('professional')
  const doing = useDoing()
  return <section><h2>{t('protection.search')}</h2><p>{t('protection.keepFirst')}</p>{doing.error}<div className="actions"><button type="button" className="primary" disabled={doing.working} onClick={() => doing.run(save)}>{t('protection.keep')}</button></div></section>
}

function Known({ draft, document, change }: { readonly draft: Draft; readonly document: Dataset; readonly change: (document: Dataset) => void }): ReactNode {
  const { t } = useTranslation('professional')
  const open = document.columns.filter(({ role }) => role === 'unclassified').length
  // What is open stays so, once everything is decided too.
  const [isFirstOpen] = useState(open > 0)
  const { profile } = draft
  const estimate = profile === null ? undefined : estimateOf(document, profile)
  return (
    <section>
      <h2>{t('protection.what')}</h2>
      <p>{t('protection.whatLead')} {open === 0 ? null : t('protection.undecided', { count: open })}</p>
      <details open={isFirstOpen}><summary>{t('draft.columns')}</summary><DraftColumns draft={draft} document={document} change={change} /></details>
      <details><summary>{t('draft.attack')}</summary><DraftAttack document={document} change={change} /></details>
      <details><summary>{t('draft.policy')}</summary><DraftPolicy document={document} change={change} hasSeveralRows={(profile?.mostRowsOfAPerson ?? 1) > 1} /></details>
      <Estimate draft={draft} document={document} />
      {estimate === undefined || profile === null ? null : (
        <div role="status" aria-label={t('protection.estimate')}>
          <h3>{t('protection.estimate')}</h3>
          <Figures figures={[
            { name: t('protection.atLeastAlone'), value: estimate.alone, note: t('protection.atLeastAloneNote', { people: profile.people }) },
            { name: t('protection.combinations'), value: estimate.combinations < 1e15 ? estimate.combinations : estimate.combinations.toExponential(1), note: t('protection.combinationsNote') },
            { name: t('protection.expected'), value: estimate.expected, note: t('protection.expectedNote') },
          ]} />
        </div>
      )}
    </section>
  )
}

function Tried({ draft, document, approve, isKept }: { readonly draft: string; readonly document: Dataset; readonly approve: (policy: DatasetPolicy) => Promise<unknown>; readonly isKept: boolean }): ReactNode {
  const asked = useAsked<Protection>(`/staff/1/datasets/drafts/${draft}/protection`, { on: ['job'], enabled: isKept })
  const { refetch } = asked
  // Other roles make figures outdated, which the node tells.
  useEffect(() => {
    if (isKept) void refetch()
  }, [isKept, refetch])
  if (!isKept && asked.data === undefined) return null
  return <Asked asked={asked}>{(protection) => (
    <>
      <Search draft={draft} protection={protection} document={document} isKept={isKept} />
      {protection.alternatives.length === 0 ? null : <Frontier draft={draft} protection={protection} document={document} approve={approve} />}
    </>
  )}</Asked>
}
