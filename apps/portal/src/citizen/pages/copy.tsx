// Her signed choices and their proofs as one file, which anybody can check without us.
import { proofOf } from '@mhmd/client'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Note } from '../../design/state.tsx'
import type { Opened } from '../opened.ts'
import { Page } from '../page.tsx'
import { saveFile } from '../../device/saved-file.ts'
import { deviceNow } from '../session.ts'

export function CopyPage({ opened }: { readonly opened: Opened }): ReactNode {
  const { t } = useTranslation()
  const [state, setState] = useState<'ask' | 'working' | { readonly missing: number }>('ask')
  const { decisions } = opened.device.state
  const make = async (): Promise<void> => {
    setState('working')
    const device = deviceNow()
    const rows = await Promise.all(decisions.map(async ({ sent: _, ...decision }) => {
      const { holder, operationId } = decision.statement
      return { decision, proof: await proofOf(device, { holder, operationId }).catch(() => null) }
    }))
    saveFile('my-choices.json', { format: 'mhmd-my-choices/1', network: device.state.network, choices: rows })
    setState({ missing: rows.filter(({ proof }) => proof === null).length })
  }
  return (
    <Page title={t('copy.title')} back="/rights">
      <p>{t('copy.lead')}</p>
      <Note kind="wait"><p>{t('copy.care')}</p></Note>
      {typeof state === 'object' ? <Note kind="yes"><p role="status">{t('copy.done')} {state.missing === 0 ? '' : t('copy.missing', { count: state.missing })}</p></Note> : null}
      {decisions.length === 0 ? <p>{t('copy.none')}</p> : <div className="actions"><button type="button" className="primary" disabled={state === 'working'} onClick={() => void make()}>{state === 'working' ? t('copy.working', { count: decisions.length }) : t('copy.submit')}</button></div>}
    </Page>
  )
}
