// Take back, opt out, end the opt-out: what it does and can't do, where, and one button.
import type { Basis } from '@mhmd/consent'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { Radios } from '../../design/questions.tsx'
import { Note } from '../../design/state.tsx'
import { clock } from '../../device/ports.ts'
import { declare } from '../acts.ts'
import { Erased } from '../erased.tsx'
import { nameIn } from '../names.ts'
import type { Opened } from '../opened.ts'
import { Failed, Page } from '../page.tsx'
import { Permits } from '../permits.tsx'
import { consentIn, optOutIn } from '../standing.ts'
import { useHolders, whereSheDecides } from '../views.ts'

const ALL = '*'

/** Whether a hospital holds already what she is about to say. She may say it all the same. */
const standsAlready = {
  withdraw: (bases: readonly Basis[]) => consentIn(bases, clock.now()) === undefined,
  'opt-out': (bases: readonly Basis[]) => optOutIn(bases, clock.now()) !== undefined,
  'opt-in': (bases: readonly Basis[]) => optOutIn(bases, clock.now()) === undefined,
} as const

export function ActPage({ opened, what }: { readonly opened: Opened; readonly what: 'withdraw' | 'opt-out' | 'opt-in' }): ReactNode {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const { known } = useHolders(opened)
  const links = whereSheDecides(opened, known)
  const [chosen, setWhere] = useState<string>()
  const where = links.length === 1 ? links[0] : chosen
  const [state, setState] = useState<{ tried?: boolean; working?: boolean; error?: unknown }>({})
  const submit = (): void => {
    if (where === undefined) return setState({ tried: true })
    setState({ working: true })
    declare(where === ALL ? links : [where], () => ({ kind: what })).then((signed) => go(`/rights/receipts/${signed.map(({ operationId }) => operationId).join('+')}`), (error: unknown) => setState({ error }))
  }
  if (links.length === 0) return <Page title={t(`act.${what}.title`)} back="/rights">{opened.device.state.links.length === 0 ? <p>{t('choices.none')}</p> : <Erased known={known} nameOf={nameIn(opened)} />}</Page>
  return (
    <Page title={t(`act.${what}.title`)} back="/rights">
      <p className="lead">{t(`act.${what}.lead`)}</p>
      <form onSubmit={(event) => { event.preventDefault(); submit() }}>
        {links.length === 1 ? null : <Radios legend={t('act.where')} error={state.tried === true && where === undefined ? t('act.whereError') : undefined} options={[{ value: ALL, label: t('act.everywhere', { count: links.length }) }, ...links.map((id) => ({ value: id, label: nameIn(opened)(id) }))]} chosen={where} choose={setWhere} />}
        {links.every((id) => known.some(({ holder }) => holder === id)) && known.every((now) => now.erased !== null || standsAlready[what](now.bases)) ? <Note kind="wait"><p>{t(`act.${what}.nothing`)}</p></Note> : null}
        <Note><p>{t(`act.${what}.cannot`)}</p></Note>
        {what === 'opt-out' ? <Permits opened={opened} title={t('act.goesOn')} isRunningOnly /> : null}
        {state.error === undefined ? null : <Failed error={state.error} />}
        <div className="actions"><button type="submit" className="primary" disabled={state.working === true}>{state.working === true ? t('ask.signing') : t(`act.${what}.submit`)}</button></div>
      </form>
    </Page>
  )
}
