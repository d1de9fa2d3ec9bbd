// The network's members as the ledger has them, with the versions of their records, and the organisations that ask to be admitted.
import type { MemberRole } from '@mhmd/schema'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { State } from '../../design/state.tsx'
import { day } from '../../words/language.ts'
import { Asked, useAsked } from '../asked.tsx'
import { List } from '../list.tsx'
import { Page } from '../page.tsx'
import { useNameOf, useStaff } from '../staff-context.ts'
import { Admit } from './admit.tsx'

interface MemberRow {
  readonly id: string
  readonly name: string
  readonly country: string
  readonly roles: readonly MemberRole[]
  readonly peopleEndpoint: string
  readonly validUntil: number
  readonly version: number
  readonly state: string
  readonly authorityExpires: number
}

interface Application {
  readonly id: string
  readonly name: string
  readonly country: string
  readonly roles: readonly MemberRole[]
  readonly sponsor: string
  readonly at: number
  readonly admittedBy: readonly string[]
}

export function Members(): ReactNode {
  const { t } = useTranslation('professional')
  const { session } = useStaff()
  return (
    <Page title={t('members.title')}>
      <Asked asked={useAsked<{ height: number; members: readonly MemberRow[]; applications: readonly Application[] }>('/staff/1/members', { on: ['ledger'] })}>{({ height, members, applications }) => (
        <>
          <p className="muted">{t('members.at', { height })}</p>
          <List caption={t('members.title')} rows={members} keyOf={({ id }) => id} textOf={({ id, name, country, roles }) => `${id} ${name} ${country} ${roles.map((role) => `${role} ${t(`members.roleNames.${role}`)}`).join(' ')}`} empty={<p>{t('members.empty')}</p>} columns={[
            { name: t('members.name'), cell: ({ name }) => name },
            { name: t('members.id'), cell: ({ id }) => <code>{id}</code> },
            { name: t('members.country'), cell: ({ country }) => country },
            { name: t('members.roles'), cell: ({ roles }) => roles.map((role) => t(`members.roleNames.${role}`)).join(', ') },
            { name: t('members.state'), cell: ({ state }) => <State kind={state === 'active' ? 'yes' : 'no'}>{t(state === 'active' ? 'network.active' : 'network.suspended')}</State> },
            { name: t('members.valid'), cell: ({ validUntil }) => day(validUntil) },
            { name: t('members.authority'), cell: ({ authorityExpires }) => day(authorityExpires) },
            { name: t('members.version'), isNumber: true, cell: ({ version }) => version },
          ]} />
          <Applications applications={applications} />
        </>
      )}</Asked>
      {session.roles.includes('admin') ? <Admit /> : null}
    </Page>
  )
}

function Applications({ applications }: { readonly applications: readonly Application[] }): ReactNode {
  const { t } = useTranslation('professional')
  const nameOf = useNameOf()
  return (
    <section>
      <h2>{t('members.applications')}</h2>
      {applications.length === 0 ? <p>{t('members.noApplications')}</p> : (
        <ul>{applications.map(({ id, name, country, roles, sponsor, at, admittedBy }) => (
          <li key={id}><strong>{name}</strong> (<code>{id}</code>, {country}, {roles.map((role) => t(`members.roleNames.${role}`)).join(', ')}). {t('members.proposed', { name: nameOf(sponsor), date: day(at) })} {admittedBy.length === 0 ? t('members.noVotes') : t('members.votes', { count: admittedBy.length, names: admittedBy.map(nameOf).join(', ') })}</li>
        ))}</ul>
      )}
    </section>
  )
}
