// Releases that were called back: who was told when, who has stated the removal, and who is late.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { moment } from '../../words/language.ts'
import { Asked, useAsked } from '../asked.tsx'
import { List } from '../list.tsx'
import { Page } from '../page.tsx'
import { useNameOf } from '../staff-context.ts'
import { RecallState } from './releases.tsx'

interface RecallRow {
  readonly recipient: string
  readonly release: string
  readonly sent: number
  readonly answered: number | null
  readonly late: boolean
}

export function Recalls({ title }: { readonly title: string }): ReactNode {
  const { t } = useTranslation('professional')
  const nameOf = useNameOf()
  return (
    <Page title={title}>
      <Asked asked={useAsked<{ recalls: readonly RecallRow[] }>('/staff/1/recalls', { every: 5000 })}>{({ recalls }) => (
        <List caption={title} rows={[...recalls].sort((a, b) => Number(b.late) - Number(a.late) || b.sent - a.sent)} keyOf={({ release, recipient }) => `${release} ${recipient}`} textOf={({ release, recipient, late }) => `${release} ${recipient} ${nameOf(recipient)} ${late ? t('releases.late') : ''}`} empty={<p>{t('releases.noRecall')}</p>} columns={[
          { name: t('releases.to'), cell: ({ recipient }) => nameOf(recipient) },
          { name: t('request.state'), cell: (recall) => <RecallState recall={recall} /> },
          { name: t('releases.toldAt'), cell: ({ sent }) => moment(sent) },
          { name: t('releases.answeredAt'), cell: ({ answered }) => answered === null ? '–' : moment(answered) },
          { name: t('releases.id'), cell: ({ release }) => <code>{release}</code> },
        ]} />
      )}</Asked>
    </Page>
  )
}
