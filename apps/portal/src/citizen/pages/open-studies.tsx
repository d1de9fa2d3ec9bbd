// The studies that are open at her hospitals: first those that wait for her answer, then those that what she said has answered.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { State } from '../../design/state.tsx'
import type { StateKind } from '../../design/state.tsx'
import { clock } from '../../device/ports.ts'
import { openStudies } from '../standing.ts'
import type { OpenStudy } from '../standing.ts'
import type { HolderNow } from '../views.ts'

const kinds: Readonly<Record<OpenStudy['stands'], StateKind>> = { asks: 'wait', may: 'yes', mayNot: 'none' }

export function OpenStudies({ known, nameOf }: { readonly known: readonly HolderNow[]; readonly nameOf: (id: string) => string }): ReactNode {
  const { t } = useTranslation()
  const studies = openStudies(known, clock.now())
  if (studies.length === 0) return <p>{t('choices.noneOpen')}</p>
  return <ul className="rows">{studies.map(({ document, stands }) => <li key={document.id}><p className="muted small">{t(document.basis === 'consent' ? 'home.asks' : 'choices.byLaw', { who: nameOf(document.requester.member) })}</p><p><Link className="row" href={`/choices/study/${document.id}`}>{document.title}</Link></p><p><State kind={kinds[stands]}>{t(`choices.stands.${stands}`)}</State></p></li>)}</ul>
}
