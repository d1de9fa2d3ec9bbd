// A code by which a patient's own device is linked to her records: made for an identifier, shown once, handed over in person.
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Note } from '../../design/state.tsx'
import { moment } from '../../words/language.ts'
import { Page } from '../page.tsx'
import { PatientAct } from '../patient-question.tsx'
import { useStaff } from '../staff-context.ts'

interface Issued {
  readonly code: string
  readonly expires: number
}

export function LinkCode(): ReactNode {
  const { t } = useTranslation('professional')
  const { node, session } = useStaff()
  const [issued, setIssued] = useState<Issued>()
  const make = <PatientAct who={t('linkCode.who')} hint={t('linkCode.whoHint')} label={t('linkCode.make')} act={async (patient) => setIssued(await node.post<Issued>('/staff/1/link-codes', patient))} />
  return (
    <Page title={t('pages.desk.link-code')}>
      <p>{t('linkCode.lead')}</p>
      {!session.roles.includes('desk') ? <p>{t('linkCode.deskOnly')}</p> : issued === undefined ? make : (
        <>
          <Note kind="yes"><p role="status">{t('linkCode.made')} <strong className="mono link-code">{issued.code}</strong></p><p>{t('linkCode.until', { when: moment(issued.expires) })}</p></Note>
          <div className="actions"><button type="button" onClick={() => setIssued(undefined)}>{t('linkCode.next')}</button></div>
        </>
      )}
    </Page>
  )
}
