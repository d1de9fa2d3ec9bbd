// Who opened her records: each reading by a hospital's sharing system, newest first, with what for and why.
import { accessLog } from '@mhmd/client'
import type { AccessEvent } from '@mhmd/client'
import { purposes } from '@mhmd/schema'
import type { Purpose } from '@mhmd/schema'
import { useQueries } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { moment } from '../../words/language.ts'
import { Erased } from '../erased.tsx'
import { nameIn } from '../names.ts'
import type { Opened } from '../opened.ts'
import { Page, Partial } from '../page.tsx'
import { deviceNow } from '../session.ts'
import { afterItsWord, gathered, useHolders } from '../views.ts'

const isPurpose = (code: string): code is Purpose => Object.hasOwn(purposes, code)
const purposeOf = ({ purposeOfEvent: [first] }: AccessEvent): string => first?.coding[0]?.code ?? ''
const askerOf = ({ agent }: AccessEvent): string => agent.find(({ requestor }) => requestor)?.who.identifier.value ?? ''

export function LogPage({ opened }: { readonly opened: Opened }): ReactNode {
  const { t } = useTranslation()
  const nameOf = nameIn(opened)
  const holders = opened.device.state.links.map(({ holder }) => holder)
  const logs = gathered(holders, useQueries({ queries: holders.map((holder) => ({ queryKey: ['log', holder], queryFn: afterItsWord(holder, async () => ({ holder, events: await accessLog(deviceNow(), { holder }) })) })) }))
  const { known } = useHolders(opened)
  const rows = logs.known.flatMap(({ holder, events }) => events.map((event) => ({ holder, event }))).sort((a, b) => b.event.recorded.localeCompare(a.event.recorded))
  return (
    <Page title={t('log.title')} back="/rights">
      <p>{t('log.lead')}</p>
      <Partial gathered={logs} nameOf={nameOf}>
        <Erased known={known} nameOf={nameOf} />
        {rows.length === 0 ? <p><strong>{t(known.some(({ erased }) => erased !== null) ? 'log.noneLeft' : 'log.none')}</strong></p> : <ul className="rows">{rows.map(({ holder, event }, at) => <li key={at}><Entry event={event} holder={holder} nameOf={nameOf} /></li>)}</ul>}
      </Partial>
    </Page>
  )
}

function Entry({ event, holder, nameOf }: { readonly event: AccessEvent; readonly holder: string; readonly nameOf: (id: string) => string }): ReactNode {
  const { t } = useTranslation()
  const purpose = purposeOf(event)
  return (
    <>
      <p className="muted small">{moment(Date.parse(event.recorded))} · {nameOf(holder)}</p>
      <p><strong>{nameOf(askerOf(event))}</strong>{isPurpose(purpose) ? `: ${t(`purpose.${purpose}`)}` : ''}</p>
    </>
  )
}
