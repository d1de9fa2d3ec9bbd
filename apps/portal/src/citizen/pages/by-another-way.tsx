// A choice that did not reach its hospital, carried by another member's node: sealed to the hospital, so that whoever carries it sees where it goes and nothing else.
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Note } from '../../design/state.tsx'
import { carryByAnother } from '../acts.ts'
import { nameIn } from '../names.ts'
import type { Opened } from '../opened.ts'
import { Failed } from '../page.tsx'

export function ByAnotherWay({ opened }: { readonly opened: Opened }): ReactNode {
  const { t } = useTranslation()
  const [state, setState] = useState<{ working?: boolean; carrier?: string; error?: unknown }>({})
  const carry = (): void => {
    setState({ working: true })
    carryByAnother().then((carrier) => setState({ carrier }), (error: unknown) => setState({ error }))
  }
  if (state.carrier !== undefined) return <Note><p role="status">{t('relay.done', { name: nameIn(opened)(state.carrier) })}</p></Note>
  return (
    <Note kind="wait">
      <p><strong>{t('relay.title')}</strong></p>
      <p>{t('relay.text')}</p>
      {state.error === undefined ? null : <Failed error={state.error} />}
      <p><button type="button" disabled={state.working === true} onClick={carry}>{state.working === true ? t('ask.signing') : t('relay.submit')}</button></p>
    </Note>
  )
}
