// The network's members as the ledger has them.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { day } from '../../words/language.ts'
import { Asked, useAsked } from '../asked.tsx'
import { List } from '../list.tsx'
import { Page } from '../page.tsx'

interface MemberRow {
  readonly id: string
  readonly name: string
  readonly country: string
  readonly roles: readonly string[]
  readonly validUntil: number
  readonly version: number
  readonly state: string
}

export function Members(): ReactNode {
  const { t } = useTranslation('professional')
  const asked = useAsked<{ members: readonly MemberRow[] }>('/staff/1/members')
  return (
    <Page title={t('members.title')}>
      <Asked asked={asked}>{({ members }) => (
        <List caption={t('members.title')} rows={members} keyOf={({ id }) => id} textOf={({ id, name, country, roles }) => `${id} ${name} ${country} ${roles.join(' ')}`} empty={<p>{t('members.empty')}</p>} columns={[
          { name: t('members.name'), cell: ({ name }) => name },
          { name: t('members.id'), cell: ({ id }) => <code>{id}</code> },
          { name: t('members.country'), cell: ({ country }) => country },
          { name: t('members.roles'), cell: ({ roles }) => roles.join(', ') },
          { name: t('members.state'), cell: ({ state }) => state },
          { name: t('members.valid'), cell: ({ validUntil }) => day(validUntil) },
          { name: t('members.version'), isNumber: true, cell: ({ version }) => version },
        ]} />
      )}</Asked>
    </Page>
  )
}
