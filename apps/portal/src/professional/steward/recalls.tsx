// Who owes this holder a word: on what was called back, and on what had to be deleted at the end of its agreement; the late ones first.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { State } from '../../design/state.tsx'
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

interface DeletionRow {
  readonly recipient: string
  readonly release: string
  readonly due: number
  readonly receipt: number | null
  readonly late: boolean
}

interface Owed {
  readonly what: 'recall' | 'deletion'
  readonly recipient: string
  readonly release: string
  readonly due: number
  readonly answered: number | null
  readonly late: boolean
}

/** Time alone makes late. */
const AGAIN = { on: ['message', 'ledger'], every: 60_000 } as const

/** `isOpen`: only what is owed still; an auditor sees what was answered too. */
export function Recalls({ title, isOpen = false }: { readonly title: string; readonly isOpen?: boolean }): ReactNode {
  const { t } = useTranslation('professional')
  const recalls = useAsked<{ recalls: readonly RecallRow[] }>('/staff/1/recalls', AGAIN)
  const deletions = useAsked<{ deletions: readonly DeletionRow[] }>('/staff/1/deletions', AGAIN)
  return (
    <Page title={title}>
      <p>{t('late.lead')}</p>
      <Asked asked={recalls}>{(called) => <Asked asked={deletions}>{(ended) => (
        <Owing title={title} rows={[
          ...called.recalls.map(({ sent, ...row }): Owed => ({ ...row, what: 'recall', due: sent })),
          ...ended.deletions.map(({ receipt, ...row }): Owed => ({ ...row, what: 'deletion', answered: receipt })),
        ].filter(({ answered }) => !isOpen || answered === null)} />
      )}</Asked>}</Asked>
    </Page>
  )
}

function Owing({ title, rows }: { readonly title: string; readonly rows: readonly Owed[] }): ReactNode {
  const { t } = useTranslation('professional')
  const nameOf = useNameOf()
  const late = rows.filter((row) => row.late).length
  return (
    <>
      {late === 0 ? null : <p><State kind="no">{t('late.lateCount', { count: late })}</State></p>}
      <List caption={title} rows={[...rows].sort((a, b) => Number(b.late) - Number(a.late) || Number(a.answered !== null) - Number(b.answered !== null) || b.due - a.due)} keyOf={({ what, release, recipient }) => `${what} ${release} ${recipient}`} textOf={({ what, release, recipient, late: isLate }) => `${t(`late.${what}`)} ${release} ${recipient} ${nameOf(recipient)} ${isLate ? t('releases.late') : ''}`} empty={<p>{t('late.nothing')}</p>} columns={[
        { name: t('releases.to'), cell: ({ recipient }) => nameOf(recipient) },
        { name: t('late.what'), cell: ({ what }) => t(`late.${what}`) },
        { name: t('request.state'), cell: (row) => row.what === 'recall' ? <RecallState recall={{ ...row, sent: row.due }} /> : <DeletionState row={row} /> },
        { name: t('late.due'), cell: ({ due }) => moment(due) },
        { name: t('releases.answeredAt'), cell: ({ answered }) => answered === null ? '–' : moment(answered) },
        { name: t('releases.id'), cell: ({ release }) => <code>{release}</code> },
      ]} />
    </>
  )
}

function DeletionState({ row: { answered, late } }: { readonly row: Owed }): ReactNode {
  const { t } = useTranslation('professional')
  if (answered !== null) return <State kind="yes">{t('late.deleted')}</State>
  return late ? <State kind="no">{t('releases.late')}</State> : <State kind="none">{t('late.held')}</State>
}
