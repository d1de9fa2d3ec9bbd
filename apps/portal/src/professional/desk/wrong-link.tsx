// A key that was linked to the wrong patient's records: what closing it does, and closing it, by the desk.
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Note } from '../../design/state.tsx'
import { moment } from '../../words/language.ts'
import { Page } from '../page.tsx'
import { Effects, PatientAct } from '../patient-question.tsx'
import { useStaff } from '../staff-context.ts'

const effects = ['key', 'consents', 'objections', 'final', 'again'] as const

export function WrongLink(): ReactNode {
  const { t } = useTranslation('professional')
  const { session } = useStaff()
  return (
    <Page title={t('pages.desk.wrong-link')}>
      <p>{t('wrongLink.lead')}</p>
      <Effects title={t('wrongLink.consequences')} said={effects.map((name) => t(`wrongLink.effects.${name}`))} />
      {session.roles.includes('desk') ? <Close /> : <p>{t('wrongLink.deskOnly')}</p>}
    </Page>
  )
}

function Close(): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const [closed, setClosed] = useState<number>()
  if (closed !== undefined) return <Note kind="yes"><p role="status">{t('wrongLink.closed', { when: moment(closed) })}</p></Note>
  return (
    <PatientAct
      who={t('wrongLink.who')} sure={{ legend: t('wrongLink.check'), label: t('wrongLink.sure'), missing: t('wrongLink.sureError') }} label={t('wrongLink.close')}
      act={async (patient) => setClosed((await node.post<{ closed: number }>('/staff/1/key-closings', patient)).closed)}
    />
  )
}
