// What public offices allowed: each use by name, until when, and what her opt-out is to it (Regulation (EU) 2025/327, Art. 71(3)).
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { State } from '../design/state.tsx'
import { day } from '../words/language.ts'
import { nameIn } from './names.ts'
import type { Opened } from './opened.ts'
import { useHolders } from './views.ts'
import type { PermitNow } from './views.ts'

interface PermitsProps {
  readonly opened: Opened
  readonly title: string
  /** Only those that may use her data now. */
  readonly isRunningOnly?: boolean
}

/** Each permit once, though several hospitals name it. */
const onceEach = (permits: readonly PermitNow[]): readonly PermitNow[] => [...Map.groupBy(permits, ({ request }) => request).values()].flatMap((all) => {
  const first = all.find(({ mayUse }) => mayUse) ?? all[0]
  return first === undefined ? [] : [{ ...first, uses: all.reduce((sum, { uses }) => sum + uses, 0) }]
})

export function Permits({ opened, title, isRunningOnly = false }: PermitsProps): ReactNode {
  const { t } = useTranslation()
  const nameOf = nameIn(opened)
  const { known } = useHolders(opened)
  /** Those whose whole text her hospitals still show. */
  const open = new Set(known.flatMap(({ asking }) => asking.map(({ document }) => document.id)))
  const permits = onceEach(known.flatMap((holder) => holder.permits)).filter(({ mayUse }) => mayUse || !isRunningOnly)
  if (permits.length === 0) return null
  return (
    <section>
      <h2>{title}</h2>
      <ul className="rows">{permits.map((permit) => (
        <li key={permit.request}>
          <p className="muted small">{t('permits.by', { who: nameOf(permit.requester), office: nameOf(permit.authority) })}</p>
          <p>{open.has(permit.request) ? <Link className="row" href={`/choices/study/${permit.request}`}>{permit.title ?? t('permits.untitled')}</Link> : <strong>{permit.title ?? t('permits.untitled')}</strong>}</p>
          <p><State kind={permit.mayUse ? 'info' : 'none'}>{t(`permits.${standsOf(permit)}`, { date: day(permit.until) })}</State>{permit.uses === 0 ? null : <span className="muted"> {t('permits.uses', { count: permit.uses })}</span>}</p>
        </li>
      ))}</ul>
    </section>
  )
}

const standsOf = ({ mayUse, optOut }: PermitNow): 'goesOn' | 'mayUse' | 'keptOut' | 'notNow' => mayUse ? (optOut === 'for-later-ones' ? 'goesOn' : 'mayUse') : optOut === 'keeps-out' ? 'keptOut' : 'notNow'
