// A new account: the recovery code on paper first, and a look at that paper before anything depends on it.
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { TextQuestion } from '../../design/questions.tsx'
import { clock } from '../../device/ports.ts'
import { day } from '../../words/language.ts'
import { Failed, Page } from '../page.tsx'
import { newAccount } from '../session.ts'
import type { NewAccount } from '../session.ts'

/** The group she is asked for: one that a glance at the first line doesn't give away. */
const ASKED_GROUP = 5

export function OpenAccount(): ReactNode {
  const [account, setAccount] = useState<NewAccount>()
  const [isWritten, setWritten] = useState(false)
  if (account === undefined) return <Begin opened={setAccount} />
  return isWritten ? <Check account={account} back={() => setWritten(false)} /> : <Kit account={account} next={() => setWritten(true)} />
}

function Begin({ opened }: { readonly opened: (account: NewAccount) => void }): ReactNode {
  const { t } = useTranslation()
  const [state, setState] = useState<{ working: boolean; error?: unknown }>({ working: false })
  const open = (): void => {
    setState({ working: true })
    newAccount().then(opened, (error: unknown) => setState({ working: false, error }))
  }
  return (
    <Page title={t('open.title')} back="/">
      <p className="lead">{t('open.lead')}</p>
      <p>{t('open.facts')}</p>
      {state.error === undefined ? null : <Failed error={state.error} />}
      <div className="actions"><button type="button" className="primary" disabled={state.working} onClick={open}>{t('open.submit')}</button></div>
    </Page>
  )
}

function Kit({ account, next }: { readonly account: NewAccount; readonly next: () => void }): ReactNode {
  const { t } = useTranslation()
  return (
    <Page title={t('open.kitTitle')}>
      <p>{t('open.kitLead')}</p>
      <p className="kit" aria-label={t('open.kitName')} role="group">{account.code.split('-').map((group, at) => <span key={at}>{group}</span>)}</p>
      <p className="muted small">{t('open.kitDate', { date: day(clock.now()), provider: location.host })}</p>
      <div className="actions">
        <button type="button" className="primary" onClick={next}>{t('open.kitDone')}</button>
        <button type="button" onClick={() => print()}>{t('print')}</button>
      </div>
    </Page>
  )
}

function Check({ account, back }: { readonly account: NewAccount; readonly back: () => void }): ReactNode {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const [typed, setTyped] = useState('')
  const [isWrong, setWrong] = useState(false)
  const submit = (): void => {
    if (typed.trim().toLowerCase() !== account.code.split('-')[ASKED_GROUP - 1]) return setWrong(true)
    account.finish()
    go('/enter/passkey')
  }
  return (
    <Page title={t('open.checkTitle')}>
      <form onSubmit={(event) => { event.preventDefault(); submit() }}>
        <TextQuestion label={t('open.checkLabel', { group: ASKED_GROUP })} hint={t('open.checkHint', { group: ASKED_GROUP })} error={isWrong ? t('open.checkWrong', { group: ASKED_GROUP }) : undefined} value={typed} change={setTyped} isCode />
        <div className="actions">
          <button type="submit" className="primary">{t('next')}</button>
          <button type="button" onClick={back}>{t('open.checkBack')}</button>
        </div>
      </form>
    </Page>
  )
}
