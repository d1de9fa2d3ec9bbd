// My rights: everything she can do at any time, each one step away.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { clock } from '../../device/ports.ts'
import { hasPasskeys } from '../../device/passkey.ts'
import type { Opened } from '../opened.ts'
import { lock } from '../opened.ts'
import { Page } from '../page.tsx'
import { optOutIn } from '../standing.ts'
import { useHolders, whereSheDecides } from '../views.ts'

const rows = [['withdraw', 'withdraw'], ['opt-out', 'optOut'], ['statements', 'statements'], ['receipts', 'receipts'], ['log', 'log'], ['copy', 'copy'], ['keys', 'keys'], ['erase', 'erase']] as const

/** What takes something back that a hospital still keeps. */
const needsRecords: ReadonlySet<string> = new Set(['withdraw', 'opt-out', 'erase'])

export function RightsPage({ opened }: { readonly opened: Opened }): ReactNode {
  const { t } = useTranslation()
  const holders = useHolders(opened)
  const isOut = holders.known.some(({ bases }) => optOutIn(bases, clock.now()) !== undefined)
  const isErasedEverywhere = opened.device.state.links.length > 0 && whereSheDecides(opened, holders.known).length === 0
  return (
    <Page title={t('rights.title')}>
      <p>{t('rights.lead')}</p>
      <ul className="rows">
        {rows.filter(([path]) => !isErasedEverywhere || !needsRecords.has(path)).map(([path, name]) => {
          const [to, words] = name === 'optOut' && isOut ? ['opt-in', 'optIn'] as const : [path, name] as const
          return <li key={name}><p><Link className="row" href={`/rights/${to}`}>{t(`rights.${words}`)}</Link></p><p className="muted">{t(`rights.${words}Text`)}</p></li>
        })}
        {hasPasskeys() ? <li><p><Link className="row" href="/enter/passkey">{t('rights.passkey')}</Link></p><p className="muted">{t('rights.passkeyText')}</p></li> : null}
        <li><p><strong>{t('rights.complain')}</strong></p><p className="muted">{t('rights.complainText')}</p></li>
      </ul>
      <div className="actions"><button type="button" onClick={lock}>{t('rights.lock')}</button></div>
      <p className="muted small">{t('rights.lockText')}</p>
    </Page>
  )
}
