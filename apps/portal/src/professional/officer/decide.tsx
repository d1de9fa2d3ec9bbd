// An officer's decision on an application that stands: a permit with its conditions, duration and form of holding; what is missing; or a refusal with its reason (Art. 68).
import { safeguardCodes } from '@mhmd/schema'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Checks, LongTextQuestion, Radios, TextQuestion } from '../../design/questions.tsx'
import { Note } from '../../design/state.tsx'
import { day } from '../../words/language.ts'
import { useDoing } from '../doing.tsx'
import { useStaff } from '../staff-context.ts'
import type { Application } from './applications.tsx'

const acts = ['issue', 'incomplete', 'refuse'] as const
type Act = (typeof acts)[number]
type Safeguard = (typeof safeguardCodes)[number]
const ENVIRONMENT: Safeguard = 'secure-processing-environment'
const reasons = ['PURPOSE_NOT_SHOWN', 'DATA_NOT_NECESSARY', 'SAFEGUARDS_TOO_WEAK', 'APPLICANT_NOT_ABLE', 'PROHIBITED_PURPOSE'] as const
const LONGEST_DELIVERY_DAYS = 89
const LONGEST_DAYS = 3650

interface Answers {
  readonly act: Act | undefined
  readonly text: string
  readonly reason: (typeof reasons)[number] | undefined
  readonly conditions: readonly Safeguard[]
  readonly held: 'environment' | 'assessed' | undefined
  readonly days: string
  readonly deliver: string
}

const isDays = (text: string, most: number): boolean => /^[1-9][0-9]{0,3}$/.test(text.trim()) && Number(text) <= most

/** Rows under pseudonyms have one form of holding, a figure another; of a generalised table the officer says it. */
const choosesHolding = ({ document: { form } }: Application): boolean => form === 'anonymised'
const isWhole = (application: Application, { act, text, reason, held, days, deliver }: Answers): boolean =>
  act !== undefined && text.trim() !== '' && (act !== 'refuse' || reason !== undefined) && (act !== 'issue' || (isDays(days, LONGEST_DAYS) && isDays(deliver, LONGEST_DELIVERY_DAYS) && (!choosesHolding(application) || held !== undefined)))

/** Path and body of each act, about the version that was read. */
function asked({ document: { id, form }, permit: { version } }: Application, { act, text, reason, conditions, held, days, deliver }: Answers): readonly [string, object] {
  const words = text.trim()
  if (act === 'incomplete') return [`/staff/1/applications/${id}/incompleteness`, { missing: words, version }]
  if (act === 'refuse') return [`/staff/1/applications/${id}/refusal`, { reason, explanation: words, version }]
  const inEnvironment = held === 'environment' || form === 'pseudonymised'
  return [`/staff/1/applications/${id}/permit`, { conditions: [...conditions, ...(inEnvironment ? [ENVIRONMENT] : [])], days: Number(days), deliverWithinDays: Number(deliver), explanation: words, version }]
}

export function Decide({ application }: { readonly application: Application }): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const doing = useDoing()
  const { document, permit } = application
  const [answers, setAnswers] = useState<Answers>(() => ({ act: undefined, text: '', reason: undefined, conditions: document.safeguards.filter((code) => code !== ENVIRONMENT), held: document.safeguards.includes(ENVIRONMENT) ? 'environment' : undefined, days: String(daysUntil(document.until)), deliver: String(LONGEST_DELIVERY_DAYS) }))
  const [isTried, setTried] = useState(false)
  const set = (part: Partial<Answers>): void => setAnswers({ ...answers, ...part })
  const submit = (): void => {
    setTried(true)
    if (isWhole(application, answers)) doing.run(() => node.post(...asked(application, answers)))
  }
  const { act } = answers
  return (
    <section>
      <h2>{t('officer.decide')}</h2>
      <p>{t('officer.decideLead')}</p>
      {permit.state === 'incomplete' ? <Note kind="wait"><p>{t('officer.waiting')}</p></Note> : null}
      <form onSubmit={(event) => { event.preventDefault(); submit() }}>
        <Radios legend={t('officer.choose')} error={isTried && act === undefined ? t('officer.chooseError') : undefined} options={acts.map((value) => ({ value, label: t(`officer.acts.${value}`), hint: t(`officer.actHints.${value}`) }))} chosen={act} choose={(value) => set({ act: value })} />
        {act === 'issue' ? <Terms application={application} answers={answers} set={set} isTried={isTried} /> : null}
        {act === 'refuse' ? <Radios legend={t('officer.reason')} error={isTried && answers.reason === undefined ? t('officer.reasonError') : undefined} options={reasons.map((value) => ({ value, label: t(`officer.reasons.${value}`) }))} chosen={answers.reason} choose={(reason) => set({ reason })} /> : null}
        {act === undefined ? null : <Words isMissing={act === 'incomplete'} text={answers.text} set={set} isTried={isTried} />}
        {doing.error}
        <div className="actions"><button type="submit" className={act === 'refuse' ? 'grave' : 'primary'} disabled={doing.working}>{act === undefined ? t('request.record') : t(`officer.submit.${act}`)}</button></div>
      </form>
    </section>
  )
}

function Words({ isMissing, text, set, isTried }: Pick<TermsProps, 'set' | 'isTried'> & { readonly isMissing: boolean; readonly text: string }): ReactNode {
  const { t } = useTranslation('professional')
  const error = isTried && text.trim() === '' ? t(isMissing ? 'officer.missingError' : 'officer.becauseError') : undefined
  return <LongTextQuestion label={t(isMissing ? 'officer.missing' : 'officer.because')} hint={t(isMissing ? 'officer.missingHint' : 'officer.becauseHint')} error={error} rows={3} value={text} change={(value) => set({ text: value.slice(0, 4000) })} />
}

const DAY_MILLISECONDS = 86_400_000
const daysUntil = (until: number): number => Math.max(1, Math.min(LONGEST_DAYS, Math.ceil((until - Date.now()) / DAY_MILLISECONDS)))

interface TermsProps {
  readonly application: Application
  readonly answers: Answers
  readonly set: (part: Partial<Answers>) => void
  readonly isTried: boolean
}

function Terms({ application, answers: { conditions, held, days, deliver }, set, isTried }: TermsProps): ReactNode {
  const { t } = useTranslation('professional')
  const { document } = application
  const errorOf = (text: string, most: number): string | undefined => isTried && !isDays(text, most) ? t('officer.daysError', { most }) : undefined
  return (
    <>
      <Checks legend={t('officer.conditions')} hint={t('officer.conditionsHint')} options={safeguardCodes.filter((code) => code !== ENVIRONMENT).map((code) => ({ value: code, label: t(`safeguardNames.${code}`) }))} chosen={conditions} choose={(chosen) => set({ conditions: chosen })} />
      {choosesHolding(application) ? <Radios legend={t('officer.held')} error={isTried && held === undefined ? t('officer.heldError') : undefined} options={[{ value: 'assessed', label: t('permit.form.assessed') }, { value: 'environment', label: t('permit.form.environment'), hint: t('permit.noEnvironment') }]} chosen={held} choose={(chosen) => set({ held: chosen })} /> : <p>{t('officer.held')}: {t(document.form === 'computation' ? 'permit.form.figure' : 'permit.form.environment')}</p>}
      <TextQuestion label={t('officer.days')} hint={t('officer.daysHint', { date: day(document.until) })} error={errorOf(days, LONGEST_DAYS)} value={days} change={(value) => set({ days: value })} />
      <TextQuestion label={t('officer.deliver')} hint={t('officer.deliverHint')} error={errorOf(deliver, LONGEST_DELIVERY_DAYS)} value={deliver} change={(value) => set({ deliver: value })} />
    </>
  )
}
