// New keys: after a phone was lost, the keys that spoke for her at her hospitals are closed and the next ones take their place.
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Radios } from '../../design/questions.tsx'
import { Note, State } from '../../design/state.tsx'
import { newKeyAt } from '../acts.ts'
import { nameIn } from '../names.ts'
import type { Opened } from '../opened.ts'
import { Failed, Page } from '../page.tsx'

const ALL = '*'

/** What came of it at each hospital; an error where it could not be done. */
type Outcome = { readonly holder: string; readonly error?: unknown }

export function KeysPage({ opened }: { readonly opened: Opened }): ReactNode {
  const { t } = useTranslation()
  const nameOf = nameIn(opened)
  const links = opened.device.state.links.map(({ holder }) => holder)
  const [where, setWhere] = useState<string | undefined>(links.length === 1 ? links[0] : undefined)
  const [state, setState] = useState<{ tried?: boolean; working?: boolean; outcomes?: readonly Outcome[] }>({})
  const replace = async (holders: readonly string[]): Promise<void> => {
    setState({ working: true })
    const outcomes: Outcome[] = []
    for (const holder of holders) outcomes.push(await newKeyAt(holder).then(() => ({ holder }), (error: unknown) => ({ holder, error })))
    setState({ outcomes })
  }
  const submit = (): void => {
    if (where === undefined) return setState({ tried: true })
    void replace(where === ALL ? links : [where])
  }
  if (links.length === 0) return <Page title={t('keys.title')} back="/rights"><p>{t('choices.none')}</p></Page>
  if (state.outcomes !== undefined) return <Done outcomes={state.outcomes} nameOf={nameOf} again={(holder) => void replace([holder])} />
  return (
    <Page title={t('keys.title')} back="/rights">
      <p className="lead">{t('keys.lead')}</p>
      <p>{t('keys.what')}</p>
      <form onSubmit={(event) => { event.preventDefault(); submit() }}>
        {links.length === 1 ? null : <Radios legend={t('act.where')} error={state.tried === true && where === undefined ? t('act.whereError') : undefined} options={[{ value: ALL, label: t('act.everywhere', { count: links.length }) }, ...links.map((id) => ({ value: id, label: nameOf(id) }))]} chosen={where} choose={setWhere} />}
        <Note kind="wait"><p>{t('keys.cannot')}</p><p>{t('keys.passkey')}</p></Note>
        <div className="actions"><button type="submit" className="primary" disabled={state.working === true}>{state.working === true ? t('keys.working') : t('keys.submit')}</button></div>
      </form>
    </Page>
  )
}

function Done({ outcomes, nameOf, again }: { readonly outcomes: readonly Outcome[]; readonly nameOf: (holder: string) => string; readonly again: (holder: string) => void }): ReactNode {
  const { t } = useTranslation()
  const isWhole = outcomes.every(({ error }) => error === undefined)
  return (
    <Page title={isWhole ? t('keys.done') : t('keys.partly')}>
      {outcomes.map(({ holder, error }) => error === undefined ? <p key={holder} role="status"><State kind="yes">{t('keys.at', { name: nameOf(holder) })}</State></p> : <Failed key={holder} error={error} who={nameOf(holder)} again={() => again(holder)} />)}
      <p>{t('keys.after')}</p>
      <div className="actions"><Link className="button primary" href="/choices">{t('receipt.next')}</Link></div>
    </Page>
  )
}
