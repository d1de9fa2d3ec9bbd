// A key that was linked to the wrong patient's records: what closing it does, and closing it, by the desk.
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Checks } from '../../design/questions.tsx'
import { Note } from '../../design/state.tsx'
import { moment } from '../../words/language.ts'
import { useDoing } from '../doing.tsx'
import { Page } from '../page.tsx'
import { useStaff } from '../staff-context.ts'
import { PatientQuestion, asTyped, isNamed, nobody } from '../patient-question.tsx'

const said = ['key', 'consents', 'objections', 'final', 'again'] as const

export function WrongLink(): ReactNode {
  const { t } = useTranslation('professional')
  const { session } = useStaff()
  return (
    <Page title={t('pages.desk.wrong-link')}>
      <p>{t('wrongLink.lead')}</p>
      <div className="note wait"><h2>{t('wrongLink.consequences')}</h2><ul>{said.map((name) => <li key={name}>{t(`wrongLink.effects.${name}`)}</li>)}</ul></div>
      {session.roles.includes('desk') ? <Close /> : <p>{t('wrongLink.deskOnly')}</p>}
    </Page>
  )
}

function Close(): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const doing = useDoing()
  const [patient, setPatient] = useState(nobody)
  const [sure, setSure] = useState<readonly 'sure'[]>([])
  const [isTried, setTried] = useState(false)
  const [closed, setClosed] = useState<number>()
  const submit = (): void => {
    setTried(true)
    if (isNamed(patient) && sure.length > 0) doing.run(async () => setClosed((await node.post<{ closed: number }>('/staff/1/key-closings', asTyped(patient))).closed))
  }
  if (closed !== undefined) return <Note kind="yes"><p role="status">{t('wrongLink.closed', { when: moment(closed) })}</p></Note>
  return (
    <form autoComplete="off" onSubmit={(event) => { event.preventDefault(); submit() }}>
      <PatientQuestion legend={t('wrongLink.who')} error={isTried && !isNamed(patient) ? t('patients.unnamed') : undefined} patient={patient} change={setPatient} />
      <Checks legend={t('wrongLink.check')} error={isTried && sure.length === 0 ? t('wrongLink.sureError') : undefined} options={[{ value: 'sure', label: t('wrongLink.sure') }]} chosen={sure} choose={setSure} />
      {doing.error}
      <div className="actions"><button type="submit" className="grave" disabled={doing.working}>{t('wrongLink.close')}</button></div>
    </form>
  )
}
