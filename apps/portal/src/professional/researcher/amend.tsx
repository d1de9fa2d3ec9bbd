// Amending an application that its access body called incomplete: the text as it is, what is missing beside it, and the way back (Art. 68(4) EHDS).
import { recipientClassCodes, returnCodes, safeguardCodes } from '@mhmd/schema'
import type { UseRequest } from '@mhmd/schema'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { Checks } from '../../design/questions.tsx'
import { Note } from '../../design/state.tsx'
import { Asked, useAsked } from '../asked.tsx'
import { useDoing } from '../doing.tsx'
import { Page } from '../page.tsx'
import { usePermit } from '../permit.tsx'
import { Select } from '../select.tsx'
import { useStaff } from '../staff-context.ts'
import { Cohort, criteriaOf, typedOf } from './cohort.tsx'
import type { Typed } from './cohort.tsx'
import { readFor, today } from './new-request.tsx'
import { TitleFields, noTerms } from './terms.tsx'

export function Amend({ id }: { readonly id: string }): ReactNode {
  const { t } = useTranslation('professional')
  const permit = usePermit(id).data?.permit
  return (
    <Page title={t('amend.title')} up={{ href: `/requests/${id}`, label: t('pages.researcher.requests') }}>
      <Asked asked={useAsked<{ document: UseRequest }>(`/staff/1/requests/${id}`)}>{({ document }) => permit === undefined ? null : permit.state !== 'incomplete' ? <p>{t('amend.noneLeft')}</p> : (
        <>
          <p>{t('amend.lead')}</p>
          <Note kind="wait"><h2>{t('permit.missing')}</h2><p className="written">{permit.explanation ?? permit.reason}</p></Note>
          <Fields document={document} />
        </>
      )}</Asked>
    </Page>
  )
}

type Text = Pick<UseRequest, 'title' | 'summary' | 'safeguards' | 'returns'> & { readonly class: string; readonly variables: readonly string[]; readonly typed: readonly Typed[] }

const textOf = ({ title, summary, safeguards, returns, requester, variables, question }: UseRequest): Text => ({ title, summary, safeguards, returns, class: requester.class, variables: variables ?? [], typed: typedOf(question?.all ?? []) })

/** Undefined while something is missing or wrong in it. */
function amendment(document: UseRequest, { title, summary, class: recipientClass, safeguards, returns, variables, typed }: Text): object | undefined {
  const all = criteriaOf(typed, today())
  const isTable = document.dataset !== undefined
  if (title.trim() === '' || summary.trim() === '' || all === undefined || (isTable && document.variables !== undefined && variables.length === 0)) return undefined
  const about = isTable ? { question: all.length === 0 ? null : { all }, ...(document.variables === undefined ? {} : { variables }) } : { question: { all }, fhirTypes: [...new Set(typed.map(({ type }) => readFor[type]))] }
  return { title: title.trim(), summary: summary.trim(), class: recipientClass, safeguards, returns, ...about }
}

function Fields({ document }: { readonly document: UseRequest }): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const [, go] = useLocation()
  const doing = useDoing()
  const [text, setText] = useState<Text>(() => textOf(document))
  const [isTried, setTried] = useState(false)
  const set = (part: Partial<Text>): void => setText({ ...text, ...part })
  const submit = (): void => {
    setTried(true)
    const body = amendment(document, text)
    if (body === undefined) return
    doing.run(async () => {
      await node.post(`/staff/1/requests/${document.id}/amendment`, body)
      go(`/requests/${document.id}`)
    })
  }
  return (
    <form onSubmit={(event) => { event.preventDefault(); submit() }}>
      <TitleFields terms={{ ...noTerms, title: text.title, summary: text.summary }} change={({ title, summary }) => set({ title, summary })} isTried={isTried} />
      {document.variables === undefined ? null : <Checks legend={t('new.variables')} error={isTried && text.variables.length === 0 ? t('new.missing.variables') : undefined} options={document.variables.map((name) => ({ value: name, label: name }))} chosen={text.variables} choose={(variables) => set({ variables })} />}
      <Cohort typed={text.typed} change={(typed) => set({ typed })} isTried={isTried} least={document.dataset === undefined ? 1 : 0} />
      <Select label={t('new.class')} value={text.class} options={recipientClassCodes.map((code) => [code, t(`classNames.${code}`)] as const)} change={(value) => set({ class: value })} />
      <Checks legend={t('request.safeguards')} hint={t('new.safeguardsHint')} options={safeguardCodes.map((code) => ({ value: code, label: t(`safeguardNames.${code}`) }))} chosen={text.safeguards} choose={(safeguards) => set({ safeguards: [...safeguards] })} />
      <Checks legend={t('request.returns')} hint={t('new.returnsHint')} options={returnCodes.map((code) => ({ value: code, label: t(`returnNames.${code}`) }))} chosen={text.returns} choose={(returns) => set({ returns: [...returns] })} />
      {isTried && amendment(document, text) === undefined ? <Note kind="no" alert><p>{t('new.look')}</p></Note> : null}
      {doing.error}
      <div className="actions"><button type="submit" className="primary" disabled={doing.working}>{t('amend.submit')}</button></div>
    </form>
  )
}
