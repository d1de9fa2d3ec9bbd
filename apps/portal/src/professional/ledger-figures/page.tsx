// A role's dashboard: the questions to the ledger that are its own, all at one height.
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { TextQuestion } from '../../design/questions.tsx'
import { Asked, useAsked } from '../asked.tsx'
import { Page } from '../page.tsx'
import { Figure } from './figure.tsx'
import { inLanguage } from './answers.ts'
import type { Question } from './answers.ts'
import { Select } from './sql.tsx'

export type Dashboard = 'auditor' | 'steward' | 'researcher' | 'officer' | 'operator'

interface Asking {
  readonly questions: readonly Question[]
  readonly dashboards: Readonly<Record<string, readonly string[]>>
}

const WHOLE = /^[0-9]{1,10}$/

export function LedgerFigures({ role }: { readonly role: Dashboard }): ReactNode {
  const { t, i18n: { language } } = useTranslation('professional')
  const [height, setHeight] = useState('')
  return (
    <Page title={t(`pages.${role}.figures`)}>
      <p>{t('ledgerFigures.lead')}</p>
      <div className="bar"><TextQuestion label={t('ledgerFigures.height')} value={height} change={setHeight} /></div>
      <Asked asked={useAsked<Asking>('/staff/1/analytics/questions')}>{({ questions, dashboards }) => {
        const shown = (dashboards[role] ?? []).flatMap((name) => questions.filter((question) => question.name === name))
        return (
          <>
            <nav className="contents" aria-label={t('ledgerFigures.contents')}><ul>{shown.map(({ name, title }) => <li key={name}><a href={`#${name}`}>{inLanguage(title, language)}</a></li>)}</ul></nav>
            {shown.map((question) => <Figure key={question.name} question={question} height={WHOLE.test(height) ? height : ''} hasTransactions={role === 'auditor'} />)}
          </>
        )
      }}</Asked>
      {role === 'auditor' ? <Select /> : null}
    </Page>
  )
}
