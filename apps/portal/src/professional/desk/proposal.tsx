// A pair that the record system's link proposes: one person, and which number stays, or two people.
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Radios } from '../../design/questions.tsx'
import { useDoing } from '../doing.tsx'
import { useStaff } from '../staff-context.ts'
import { Consequences } from './consequences.tsx'
import { mergeReasons } from './merge-words.ts'
import type { Merge, MergeReason } from './merge-words.ts'

type Verdict = 'patient' | 'other' | 'two'

export function Proposal({ merge: { id, link } }: { readonly merge: Merge }): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const doing = useDoing()
  const [isOpen, setOpen] = useState(false)
  const [verdict, setVerdict] = useState<Verdict>()
  const [reason, setReason] = useState<MergeReason>()
  const [isTried, setTried] = useState(false)
  const names = { patient: link?.patient ?? '', other: link?.other ?? '' }
  if (!isOpen) return <button type="button" aria-label={`${t('merges.decide')} ${names.patient} ${names.other}`} onClick={() => setOpen(true)}>{t('merges.decide')}</button>
  const submit = (): void => {
    setTried(true)
    if (verdict === 'two') return doing.run(() => node.delete(`/staff/1/merges/${id}?reason=TWO_PEOPLE`))
    if (verdict !== undefined && reason !== undefined) doing.run(() => node.post(`/staff/1/merges/${id}/acceptance`, { stays: verdict, reason }))
  }
  return (
    <form onSubmit={(event) => { event.preventDefault(); submit() }}>
      <Radios legend={t('merges.verdict')} hint={t('merges.verdictHint')} error={isTried && verdict === undefined ? t('merges.verdictError') : undefined} chosen={verdict} choose={setVerdict} options={[
        { value: 'other', label: t('merges.oneStays', { name: names.other }) }, { value: 'patient', label: t('merges.oneStays', { name: names.patient }) }, { value: 'two', label: t('merges.twoPeople'), hint: t('merges.twoPeopleHint') },
      ]} />
      {verdict === undefined || verdict === 'two' ? null : <><Consequences /><Radios legend={t('merges.why')} error={isTried && reason === undefined ? t('merges.whyError') : undefined} options={mergeReasons.map((value) => ({ value, label: t(`merges.reasons.${value}`) }))} chosen={reason} choose={setReason} /></>}
      {doing.error}
      <div className="actions"><button type="submit" className="primary" disabled={doing.working}>{t('merges.record')}</button><button type="button" onClick={() => setOpen(false)}>{t('merges.later')}</button></div>
    </form>
  )
}
