// Staff sign in by passkey; whoever has none asks her administrator for an invitation.
import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { hasPasskeys } from '../device/passkey.ts'
import { Note } from '../design/state.tsx'
import { Failed } from './asked.tsx'
import { signIn } from './session.ts'
import type { Staff } from './session.ts'
import { speakOther } from './words.ts'

export function SignIn({ enter }: { readonly enter: (staff: Staff) => void }): ReactNode {
  const { t } = useTranslation('professional')
  const [state, setState] = useState<{ working?: boolean; error?: unknown }>({})
  useEffect(() => {
    document.title = `${t('signIn.title')} · ${t('name')}`
  }, [t])
  const submit = (): void => {
    setState({ working: true })
    signIn().then(enter, (error: unknown) => setState({ error }))
  }
  const byName = `${location.protocol}//localhost:${location.port}${location.pathname}${location.search}`
  return (
    <main className="entry">
      <h1>{t('signIn.title')}</h1>
      <p>{t('signIn.lead', { host: location.host })}</p>
      {hasPasskeys() ? null : <Note kind="wait"><p>{t('signIn.numeric')} <a href={byName}>{byName}</a></p></Note>}
      {state.error === undefined ? null : <Failed error={state.error} />}
      <div className="actions"><button type="button" className="primary" disabled={state.working === true || !hasPasskeys()} onClick={submit}>{t('signIn.submit')}</button></div>
      <p className="muted">{t('signIn.none')}</p>
      <p><button type="button" className="plain" onClick={() => void speakOther()}>{t('language')}</button></p>
    </main>
  )
}
