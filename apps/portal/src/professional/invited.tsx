// A colleague takes her invitation: a passkey is made on this device, and its key gets the roles.
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { hasPasskeys } from '../device/passkey.ts'
import { Note } from '../design/state.tsx'
import { Failed } from './asked.tsx'
import { forgetInvitation, invitationNow } from './invitation-in-address.ts'
import { takeInvitation } from './session.ts'
import type { Staff } from './session.ts'
import { speakOther } from './words.ts'

export function Invited({ enter, leave }: { readonly enter: (staff: Staff) => void; readonly leave: () => void }): ReactNode {
  const { t } = useTranslation('professional')
  const [state, setState] = useState<{ working?: boolean; error?: unknown }>({})
  const submit = (): void => {
    const invitation = invitationNow()
    if (invitation === undefined) return
    setState({ working: true })
    takeInvitation(invitation).then((staff) => { forgetInvitation(); enter(staff) }, (error: unknown) => setState({ error }))
  }
  return (
    <main className="entry">
      <h1>{t('invited.title')}</h1>
      <p>{t('invited.lead', { host: location.host })}</p>
      {hasPasskeys() ? null : <Note kind="wait"><p>{t('invited.numeric')}</p></Note>}
      {state.error === undefined ? null : <Failed error={state.error} />}
      <div className="actions"><button type="button" className="primary" disabled={state.working === true || !hasPasskeys()} onClick={submit}>{t('invited.submit')}</button></div>
      <p><button type="button" className="plain" onClick={() => { forgetInvitation(); leave() }}>{t('invited.taken')}</button></p>
      <p><button type="button" className="plain" onClick={() => void speakOther()}>{t('language')}</button></p>
    </main>
  )
}
