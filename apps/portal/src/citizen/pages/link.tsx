// Connect a hospital: which one, the code from its desk, and the notice before any choice.
import { holdersOf, isActive } from '@mhmd/client'
import type { Notice } from '@mhmd/client'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Radios, TextQuestion } from '../../design/questions.tsx'
import { link } from '../acts.ts'
import { nameIn } from '../names.ts'
import { noticeIn } from '../notice.tsx'
import type { Opened } from '../opened.ts'
import { Failed, Page } from '../page.tsx'

const CODE_LENGTH = 16

export function LinkPage({ opened }: { readonly opened: Opened }): ReactNode {
  const { t } = useTranslation()
  const [done, setDone] = useState<{ holder: string; notices: readonly Notice[] }>()
  const free = holdersOf(opened.directory).filter(isActive).filter(({ id }) => !opened.device.state.links.some((one) => one.holder === id))
  if (done !== undefined) return <Done name={nameIn(opened)(done.holder)} notices={done.notices} />
  if (free.length === 0) return <Page title={t('link.title')} back="/data"><p>{t('link.all')}</p></Page>
  return <Page title={t('link.title')} back="/data"><LinkForm holders={free} linked={setDone} /></Page>
}

interface LinkFormProps {
  readonly holders: readonly { readonly id: string; readonly name: string }[]
  readonly linked: (done: { holder: string; notices: readonly Notice[] }) => void
}

function LinkForm({ holders, linked }: LinkFormProps): ReactNode {
  const { t } = useTranslation()
  const [holder, setHolder] = useState<string>()
  const [code, setCode] = useState('')
  const [state, setState] = useState<{ working?: boolean; tried?: boolean; error?: unknown }>({})
  const isWhole = code.replace(/[\s-]/g, '').length === CODE_LENGTH
  const submit = (): void => {
    if (holder === undefined || !isWhole) return setState({ tried: true })
    setState({ working: true })
    link(holder, code.replace(/\s/g, '')).then((notices) => linked({ holder, notices }), (error: unknown) => setState({ error }))
  }
  return (
    <form onSubmit={(event) => { event.preventDefault(); submit() }}>
      {state.error === undefined ? null : <Failed error={state.error} />}
      <Radios legend={t('link.which')} options={holders.map(({ id, name }) => ({ value: id, label: name }))} chosen={holder} choose={setHolder} error={state.tried === true && holder === undefined ? t('link.whichError') : undefined} />
      <TextQuestion label={t('link.code')} hint={t('link.codeHint')} value={code} change={setCode} isCode error={state.tried === true && !isWhole ? t('link.codeError') : undefined} />
      <div className="actions"><button type="submit" className="primary" disabled={state.working === true}>{t('link.submit')}</button></div>
    </form>
  )
}

function Done({ name, notices }: { readonly name: string; readonly notices: readonly Notice[] }): ReactNode {
  const { t } = useTranslation()
  const notice = noticeIn(notices)
  return (
    <Page title={t('link.done', { name })}>
      <p>{t('link.doneText')}</p>
      <h2>{t('link.read')}</h2>
      {notice === undefined ? null : <p lang={notice.language}>{notice.text}</p>}
      <div className="actions"><Link className="button primary" href="/choices/new/begin">{t('link.choose')}</Link><Link className="button" href="/">{t('link.later')}</Link></div>
    </Page>
  )
}
