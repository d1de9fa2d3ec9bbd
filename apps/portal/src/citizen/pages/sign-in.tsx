// Sign in with the recovery code: typed from paper, or from a one-time link.
import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { TextQuestion } from '../../design/questions.tsx'
import { Skeleton } from '../../design/waiting.tsx'
import { usedLinkCode } from '../link-in-address.ts'
import { Failed, Page } from '../page.tsx'
import { signInWithCode } from '../session.ts'

export function SignIn(): ReactNode {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const [code, setCode] = useState('')
  const [state, setState] = useState<{ working: boolean; error?: unknown }>({ working: false })
  const submit = async (): Promise<void> => {
    setState({ working: true })
    try {
      await signInWithCode(code)
      go('/enter/passkey')
    } catch (error) {
      setState({ working: false, error })
    }
  }
  return (
    <Page title={t('signIn.title')} back="/">
      <p>{t('signIn.lead')}</p>
      {state.error === undefined ? null : <Failed error={state.error} />}
      <form onSubmit={(event) => { event.preventDefault(); void submit() }}>
        <TextQuestion label={t('signIn.label')} hint={t('signIn.hint')} value={code} change={setCode} isCode />
        <div className="actions"><button type="submit" className="primary" disabled={state.working || code.trim() === ''}>{state.working ? t('signIn.working') : t('signIn.submit')}</button></div>
      </form>
    </Page>
  )
}

export function Enrol(): ReactNode {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const [error, setError] = useState<unknown>()
  useEffect(() => {
    const code = usedLinkCode()
    if (code === undefined) go('/enter/code', { replace: true })
    else signInWithCode(code).then(() => go('/enter/passkey', { replace: true }), setError)
  }, [go])
  if (error !== undefined) return <Page title={t('enrol.failed')}><Failed error={error} /><p>{t('enrol.failedText')}</p><p><Link href="/enter/code">{t('signIn.title')}</Link></p></Page>
  return <Page title={t('enrol.title')}><Skeleton label={t('signIn.working')} /></Page>
}
