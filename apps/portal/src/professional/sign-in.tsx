// Staff sign in by passkey; whoever has none asks her administrator for an invitation.
import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ByName } from '../device/by-name.tsx'
import { hasPasskeys } from '../device/passkey.ts'
import { Note } from '../design/state.tsx'
import { Failed } from './asked.tsx'
import { signIn } from './session.ts'
import type { Staff } from './session.ts'
import { speakOther } from './words.ts'

/** `isAgain` where her session ended: the page she was on waits behind. */
export function SignIn({ enter, isAgain = false }: { readonly enter: (staff: Staff) => void; readonly isAgain?: boolean }): ReactNode {
  const { t } = useTranslation('professional')
  const [state, setState] = useState<{ working?: boolean; error?: unknown }>({})
  useEffect(() => {
    const before = document.title
    document.title = `${t('signIn.title')} · ${t('name')}`
    return () => {
      document.title = before
    }
  }, [t])
  const submit = (): void => {
    setState({ working: true })
    signIn().then(enter, (error: unknown) => setState({ error }))
  }
  return (
    <main className="entry">
      <h1>{t('signIn.title')}</h1>
      {isAgain ? <Note kind="wait" alert><p>{t('errors.codes.NODE_SESSION_OVER')}</p></Note> : null}
      <p>{t('signIn.lead', { host: location.host })}</p>
      <ByName words={t('signIn.numeric')} />
      {state.error === undefined ? null : <Failed error={state.error} />}
      <div className="actions"><button type="button" className="primary" disabled={state.working === true || !hasPasskeys()} onClick={submit}>{t('signIn.submit')}</button></div>
      <p className="muted">{t('signIn.none')}</p>
      <p><button type="button" className="plain" onClick={() => void speakOther()}>{t('language')}</button></p>
    </main>
  )
}
