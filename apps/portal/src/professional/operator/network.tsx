// The network, for who administers it: members with votes and heights, certificates, versions, the Fabric channel in plain words where there is one, and what is done on the machine.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { FabricChannelShown, MemberRole } from '@mhmd/schema'
import { Link } from 'wouter'
import { Facts } from '../../design/facts.tsx'
import { Note, State } from '../../design/state.tsx'
import { day, moment, number, tenths } from '../../words/language.ts'
import { Asked, useAsked } from '../asked.tsx'
import { List } from '../list.tsx'
import { Page } from '../page.tsx'
import { useNameOf, useStaff } from '../staff-context.ts'
import { Channel } from './channel.tsx'
import { StandingVote } from './standing.tsx'

interface MemberRow {
  readonly id: string
  readonly name: string
  readonly country: string
  readonly roles: readonly MemberRole[]
  readonly state: string
  readonly version: number
  readonly validUntil: number
  readonly authorityExpires: number
  readonly votes: readonly string[]
  readonly heard: { readonly behind: number; readonly at: number } | null
}

type Does = 'start-node' | 'stop-node' | 'join' | 'start-ledger' | 'check-ledger' | 'status' | 'rotate' | 'upgrade' | 'add-organisation' | 'remove-organisation' | 'add-orderer'

interface Network {
  readonly engine: 'operator' | 'fabric'
  readonly height: number
  readonly logSize: number
  readonly self: string
  readonly operator: string | null
  readonly confirmedMillisecondsAgo: number | null
  readonly quorum: number | null
  readonly members: readonly MemberRow[]
  readonly contracts: readonly string[]
  readonly channel: FabricChannelShown | null
  readonly actions: readonly { readonly does: Does; readonly command: string }[]
}

export function NetworkPage(): ReactNode {
  const { t } = useTranslation('professional')
  return <Page title={t('network.title')}><Asked asked={useAsked<Network>('/staff/1/network', { on: ['ledger'], every: 10_000 })}>{(network) => <Shown network={network} />}</Asked></Page>
}

function Shown({ network }: { readonly network: Network }): ReactNode {
  const { t } = useTranslation('professional')
  const nameOf = useNameOf()
  const { engine, height, logSize, operator, confirmedMillisecondsAgo: ago, quorum, contracts, channel } = network
  return (
    <>
      <OwnStanding network={network} />
      <p className="lead">{t(`network.engines.${engine}`, { operator: operator === null ? '–' : nameOf(operator) })}</p>
      <Facts facts={[
        { name: t('network.height'), value: <>{number(height)} <span className="muted">{t('network.entries', { count: logSize })}</span></> },
        { name: t('network.confirmed'), value: ago === null ? <State kind="wait">{t('health.never')}</State> : t('health.confirmed', { seconds: number(ago / 1000, tenths) }) },
        { name: t('network.quorum'), value: quorum === null ? '–' : t('network.votesNeeded', { count: quorum }) },
        { name: t('network.contracts'), value: <>{contracts.join(', ')}. <span className="muted">{t(`network.versions.${engine}`)}</span></> },
      ]} />
      <MembersTable network={network} />
      {channel === null ? (engine === 'fabric' ? <Note kind="wait"><p>{t('network.noSite')}</p><p><code>mhmd network status --folder FOLDER</code></p></Note> : null) : <Channel channel={channel} />}
      <Actions actions={network.actions} />
    </>
  )
}

/** For who works at a suspended member: why nothing goes through, and what ends it. */
function OwnStanding({ network: { members, self, quorum } }: { readonly network: Network }): ReactNode {
  const { t } = useTranslation('professional')
  const nameOf = useNameOf()
  const own = members.find(({ id }) => id === self)
  if (own === undefined || own.state === 'active') return null
  return <Note kind="no"><p><strong>{t('network.own.suspended')}</strong></p><p>{t('network.own.means')} {t('network.own.back', { stand: own.votes.length, quorum: quorum ?? '–' })} {own.votes.length === 0 ? null : `(${own.votes.map(nameOf).join(', ')})`}</p></Note>
}

function MembersTable({ network: { members, self, operator, engine, quorum } }: { readonly network: Network }): ReactNode {
  const { t } = useTranslation('professional')
  const { session } = useStaff()
  const nameOf = useNameOf()
  // A suspended member's vote would be refused.
  const mayVote = session.roles.includes('admin') && members.some(({ id, state }) => id === self && state === 'active')
  return (
    <section>
      <h2>{t('network.members')}</h2>
      <p className="muted">{t('network.membersHint')} <Link href="/members">{t('members.title')}</Link></p>
      <List caption={t('network.members')} rows={members} keyOf={({ id }) => id} textOf={({ id, name, roles }) => `${id} ${name} ${roles.map((role) => `${role} ${t(`members.roleNames.${role}`)}`).join(' ')}`} empty={<p>{t('members.empty')}</p>} columns={[
        { name: t('members.name'), cell: ({ name, id }) => <>{name} <code>{id}</code></> },
        { name: t('members.roles'), cell: ({ roles }) => roles.map((role) => t(`members.roleNames.${role}`)).join(', ') },
        { name: t('members.state'), cell: ({ state, votes }) => <><State kind={state === 'active' ? 'yes' : 'no'}>{t(state === 'active' ? 'network.active' : 'network.suspended')}</State>{votes.length === 0 ? null : <span className="muted">{t(state === 'active' ? 'network.againstIt' : 'network.forIt', { stand: votes.length, quorum: quorum ?? '–', names: votes.map(nameOf).join(', ') })}</span>}</> },
        ...(mayVote ? [{ name: t('network.standing.column'), cell: (member: MemberRow) => <StandingVote member={member} quorum={quorum} self={self} /> }] : []),
        { name: t('network.lag'), cell: ({ id, heard }) => id === self ? t('network.here') : heard === null ? <span className="muted">{t(id === operator && engine === 'operator' ? 'network.wayIn' : 'network.unheard')}</span> : <State kind={heard.behind === 0 ? 'yes' : 'wait'}>{heard.behind === 0 ? t('network.level') : t('network.behind', { count: heard.behind })}</State> },
        { name: t('network.heardAt'), cell: ({ heard }) => heard === null ? '–' : moment(heard.at) },
        { name: t('members.valid'), cell: ({ validUntil }) => day(validUntil) },
        { name: t('members.authority'), cell: ({ authorityExpires }) => day(authorityExpires) },
        { name: t('members.version'), isNumber: true, cell: ({ version }) => version },
      ]} />
    </section>
  )
}

function Actions({ actions }: { readonly actions: Network['actions'] }): ReactNode {
  const { t } = useTranslation('professional')
  if (actions.length === 0) return <p className="muted">{t('network.askAdministrator')}</p>
  return (
    <section>
      <h2>{t('network.onTheMachine')}</h2>
      <p>{t('network.onTheMachineHint')}</p>
      <Facts facts={actions.map(({ does, command }) => ({ name: t(`network.does.${does}`), value: <code className="value">{command}</code> }))} />
    </section>
  )
}
