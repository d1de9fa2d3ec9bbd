// After she came in with her code: a passkey for the next time, if this device can.
import { useState, useSyncExternalStore } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, Redirect } from 'wouter'
import { Note } from '../../design/state.tsx'
import { hasPasskeys } from '../../device/passkey.ts'
import { Failed, Page } from '../page.tsx'
import { current, watch } from '../opened.ts'
import { addPasskey } from '../session.ts'

export function OfferPasskey(): ReactNode {
  const { t } = useTranslation()
  const opened = useSyncExternalStore(watch, current)
  const [state, setState] = useState<'ask' | 'working' | 'done' | { error: unknown }>('ask')
  if (opened === undefined) return <Redirect to="/" />
  const make = async (): Promise<void> => {
    setState('working')
    try {
      await addPasskey(t('passkey.name'))
      setState('done')
    } catch (error) {
      setState({ error })
    }
  }
  if (state === 'done') return <Page title={t('passkey.done')}><div className="actions"><Link className="button primary" href="/">{t('next')}</Link></div></Page>
  return (
    <Page title={t('passkey.title')}>
      <p>{t('passkey.lead')}</p>
      {typeof state === 'object' ? <Failed error={state.error} /> : null}
      {hasPasskeys() ? null : <Note kind="wait"><p>{t('passkey.without')}</p></Note>}
      <div className="actions">
        {hasPasskeys() ? <button type="button" className="primary" disabled={state === 'working'} onClick={() => void make()}>{t('passkey.make')}</button> : null}
        <Link className="button" href="/">{t('passkey.skip')}</Link>
      </div>
    </Page>
  )
}
