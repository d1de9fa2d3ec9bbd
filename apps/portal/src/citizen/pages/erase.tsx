// Erasure at one hospital: what goes, what the law keeps, and that it can't be undone.
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { keepPlace } from '../../design/kept-place.ts'
import { Radios } from '../../design/questions.tsx'
import { Note } from '../../design/state.tsx'
import { eraseAt } from '../acts.ts'
import { Erased } from '../erased.tsx'
import { nameIn } from '../names.ts'
import type { Opened } from '../opened.ts'
import { Failed, Page } from '../page.tsx'
import { useHolders, whereSheDecides } from '../views.ts'

export function ErasePage({ opened }: { readonly opened: Opened }): ReactNode {
  const { t } = useTranslation()
  const nameOf = nameIn(opened)
  const queries = useQueryClient()
  const { known } = useHolders(opened)
  const links = whereSheDecides(opened, known)
  const [holder, setHolder] = useState<string>()
  const [state, setState] = useState<{ tried?: boolean; working?: boolean; done?: string; error?: unknown }>({})
  const submit = (): void => {
    if (holder === undefined) return setState({ tried: true })
    const keep = keepPlace()
    setState({ working: true })
    eraseAt(holder).then(() => {
      void queries.invalidateQueries()
      setState({ done: holder })
    }, (error: unknown) => setState({ error })).finally(keep)
  }
  if (state.done !== undefined) return <Page title={t('erase.done', { name: nameOf(state.done) })}><p>{t('erase.doneText')}</p><div className="actions"><Link className="button primary" href="/rights/statements">{t('rights.statements')}</Link></div></Page>
  if (links.length === 0) return <Page title={t('erase.title')} back="/rights">{opened.device.state.links.length === 0 ? <p>{t('choices.none')}</p> : <Erased known={known} nameOf={nameOf} />}</Page>
  return (
    <Page title={t('erase.title')} back="/rights">
      <p className="lead">{t('erase.lead')}</p>
      <p>{t('erase.stays')}</p>
      <Erased known={known} nameOf={nameOf} />
      <form onSubmit={(event) => { event.preventDefault(); submit() }}>
        <Radios legend={t('erase.which')} error={state.tried === true && holder === undefined ? t('act.whereError') : undefined} options={links.map((id) => ({ value: id, label: nameOf(id) }))} chosen={holder} choose={setHolder} />
        <Note kind="no"><p><strong>{t('erase.cannot')}</strong></p></Note>
        {state.error === undefined ? null : <Failed error={state.error} />}
        <div className="actions"><button type="submit" className="grave" disabled={state.working === true}>{t('erase.submit')}</button></div>
      </form>
    </Page>
  )
}
