// The first page: what this is, and the ways in. It loads nothing of what stands behind them.
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { ByName } from '../../device/by-name.tsx'
import { Failed, Page } from '../page.tsx'

export function Welcome(): ReactNode {
  const { t } = useTranslation()
  const [state, setState] = useState<{ working: boolean; error?: unknown }>({ working: false })
  const signIn = async (): Promise<void> => {
    setState({ working: true })
    try {
      const { signInWithPasskey } = await import('../session.ts')
      await signInWithPasskey()
    } catch (error) {
      setState({ working: false, error })
    }
  }
  return (
    <Page title={t('welcome.title')}>
      <p className="lead">{t('welcome.lead')}</p>
      <ByName words={t('welcome.numeric')} />
      {state.error === undefined ? null : <Failed error={state.error} />}
      <p className="muted">{t('welcome.passkeyHint')}</p>
      <div className="actions">
        <button type="button" className="primary" disabled={state.working} onClick={() => void signIn()}>{t('welcome.passkey')}</button>
        <Link className="button" href="/enter/code">{t('welcome.code')}</Link>
      </div>
      <h2>{t('welcome.new')}</h2>
      <p>{t('welcome.newText')}</p>
      <div className="actions"><Link className="button" href="/enter/open">{t('welcome.new')}</Link></div>
      <h2>{t('welcome.howTitle')}</h2>
      <ol><li>{t('welcome.how1')}</li><li>{t('welcome.how2')}</li><li>{t('welcome.how3')}</li></ol>
      <p><Link className="row" href="/network">{t('network.link')}</Link></p>
      <p className="muted small">{t('welcome.trial')}</p>
    </Page>
  )
}
