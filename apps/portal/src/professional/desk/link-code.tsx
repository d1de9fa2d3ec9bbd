// A code by which a patient's own device is linked to her records: made for an identifier, shown once, handed over in person.
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Note } from '../../design/state.tsx'
import { moment } from '../../words/language.ts'
import { useDoing } from '../doing.tsx'
import { Page } from '../page.tsx'
import { PatientQuestion, asTyped, isNamed, nobody } from '../patient-question.tsx'
import { useStaff } from '../staff-context.ts'

interface Issued {
  readonly code: string
  readonly expires: number
}

export function LinkCode(): ReactNode {
  const { t } = useTranslation('professional')
  const { session } = useStaff()
  return (
    <Page title={t('pages.desk.link-code')}>
      <p>{t('linkCode.lead')}</p>
      {session.roles.includes('desk') ? <Make /> : <p>{t('linkCode.deskOnly')}</p>}
    </Page>
  )
}

function Make(): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const doing = useDoing()
  const [patient, setPatient] = useState(nobody)
  const [isTried, setTried] = useState(false)
  const [issued, setIssued] = useState<Issued>()
  const submit = (): void => {
    setTried(true)
    if (isNamed(patient)) doing.run(async () => setIssued(await node.post<Issued>('/staff/1/link-codes', asTyped(patient))))
  }
  const next = (): void => {
    setIssued(undefined)
    setPatient(nobody)
    setTried(false)
  }
  if (issued !== undefined) {
    return (
      <>
        <Note kind="yes"><p role="status">{t('linkCode.made')} <strong className="mono link-code">{issued.code}</strong></p><p>{t('linkCode.until', { when: moment(issued.expires) })}</p></Note>
        <div className="actions"><button type="button" onClick={next}>{t('linkCode.next')}</button></div>
      </>
    )
  }
  return (
    <form autoComplete="off" onSubmit={(event) => { event.preventDefault(); submit() }}>
      <PatientQuestion legend={t('linkCode.who')} hint={t('linkCode.whoHint')} error={isTried && !isNamed(patient) ? t('patients.unnamed') : undefined} patient={patient} change={setPatient} />
      {doing.error}
      <div className="actions"><button type="submit" className="primary" disabled={doing.working}>{t('linkCode.make')}</button></div>
    </form>
  )
}
