// Erasure for a patient who asks the data protection officer (Regulation (EU) 2016/679, Art. 17): what it does, doing it, and the signed statement to hand to her.
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { State } from '../../design/state.tsx'
import { saveFile } from '../../device/saved-file.ts'
import { moment } from '../../words/language.ts'
import { Asked, useAsked } from '../asked.tsx'
import { Page } from '../page.tsx'
import { Effects, PatientAct } from '../patient-question.tsx'
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
      <Effects title={t('erasure.consequences')} said={effects.map((name) => t(`erasure.effects.${name}`))} />
      {erasure === undefined ? <Erase erased={setErasure} /> : <Progress id={erasure} />}
    </Page>
  )
}

function Erase({ erased }: { readonly erased: (erasure: string) => void }): ReactNode {
  const { t } = useTranslation('professional')
  const { signed } = useStaff()
  return (
    <PatientAct
      who={t('erasure.who')} sure={{ legend: t('erasure.check'), label: t('erasure.sure'), missing: t('erasure.sureError') }} label={t('erasure.erase')}
      act={async (patient) => erased((await (await signed()).post<{ erasure: string }>('/staff/1/erasures', patient)).erasure)}
    />
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
