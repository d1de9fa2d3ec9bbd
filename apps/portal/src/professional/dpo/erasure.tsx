// Erasure for a patient who asks the data protection officer (Regulation (EU) 2016/679, Art. 17): what it does, doing it, and the signed statement to hand to her.
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Checks } from '../../design/questions.tsx'
import { State } from '../../design/state.tsx'
import { saveFile } from '../../device/saved-file.ts'
import { moment } from '../../words/language.ts'
import { Asked, useAsked } from '../asked.tsx'
import { useDoing } from '../doing.tsx'
import { Page } from '../page.tsx'
import { PatientQuestion, asTyped, isNamed, nobody } from '../patient-question.tsx'
import { useStaff } from '../staff-context.ts'

interface Shown {
  readonly asked: number
  readonly document: { readonly statement: { readonly at: number; readonly removed: readonly { readonly rows: number }[] } } | null
}

const effects = ['records', 'decisions', 'recall', 'system', 'final'] as const
/** The statement follows the purge, and no event tells of it. */
const ERASING_MILLISECONDS = 2000

export function ErasurePage(): ReactNode {
  const { t } = useTranslation('professional')
  const [erasure, setErasure] = useState<string>()
  return (
    <Page title={t('pages.dpo.erasure')}>
      <p>{t('erasure.lead')}</p>
      <div className="note wait"><h2>{t('erasure.consequences')}</h2><ul>{effects.map((name) => <li key={name}>{t(`erasure.effects.${name}`)}</li>)}</ul></div>
      {erasure === undefined ? <Erase erased={setErasure} /> : <Progress id={erasure} />}
    </Page>
  )
}

function Erase({ erased }: { readonly erased: (erasure: string) => void }): ReactNode {
  const { t } = useTranslation('professional')
  const { signed } = useStaff()
  const doing = useDoing()
  const [patient, setPatient] = useState(nobody)
  const [sure, setSure] = useState<readonly 'sure'[]>([])
  const [isTried, setTried] = useState(false)
  const submit = (): void => {
    setTried(true)
    if (isNamed(patient) && sure.length > 0) doing.run(async () => erased((await (await signed()).post<{ erasure: string }>('/staff/1/erasures', asTyped(patient))).erasure))
  }
  return (
    <form autoComplete="off" onSubmit={(event) => { event.preventDefault(); submit() }}>
      <PatientQuestion legend={t('erasure.who')} error={isTried && !isNamed(patient) ? t('patients.unnamed') : undefined} patient={patient} change={setPatient} />
      <Checks legend={t('erasure.check')} error={isTried && sure.length === 0 ? t('erasure.sureError') : undefined} options={[{ value: 'sure', label: t('erasure.sure') }]} chosen={sure} choose={setSure} />
      {doing.error}
      <div className="actions"><button type="submit" className="grave" disabled={doing.working}>{t('erasure.erase')}</button></div>
    </form>
  )
}

function Progress({ id }: { readonly id: string }): ReactNode {
  const { t } = useTranslation('professional')
  const asked = useAsked<Shown>(`/staff/1/erasures/${id}`, { every: ERASING_MILLISECONDS })
  return (
    <Asked asked={asked}>{({ asked: since, document }) => document === null ? <p role="status"><State kind="wait">{t('erasure.waiting', { when: moment(since) })}</State></p> : (
      <>
        <p role="status"><State kind="yes">{t('erasure.done', { when: moment(document.statement.at), count: document.statement.removed.reduce((sum, { rows }) => sum + rows, 0) })}</State></p>
        <p>{t('erasure.handOver')}</p>
        <div className="actions"><button type="button" className="primary" onClick={() => saveFile('erasure-statement.json', document)}>{t('erasure.save')}</button></div>
      </>
    )}</Asked>
  )
}
