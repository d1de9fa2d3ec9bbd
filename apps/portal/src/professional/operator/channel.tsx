// A Fabric channel in plain words: its rules, votes on the contracts, orderers and peers with height, lag and health, certificates by their end, alarms.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { FabricChannelSettings, FabricChannelShown, OrganisationRule } from '@mhmd/schema'
import { Note, State } from '../../design/state.tsx'
import { nodeAlarmInWords } from '../../words/error-words.ts'
import { day } from '../../words/language.ts'
import { List } from '../list.tsx'

export function Channel({ channel: { channel, version, votes, settings, processes, certificates, alarms } }: { readonly channel: FabricChannelShown }): ReactNode {
  const { t } = useTranslation('professional')
  const nameOf = ({ kind, member }: FabricChannelShown['processes'][number]): string => `${t(`network.kinds.${kind}`)} ${member}`
  const wrong = [...alarms.map(nodeAlarmInWords), ...processes.filter(({ healthy }) => !healthy).map((process) => `${nameOf(process)}: ${t('network.unhealthy')}`)]
  return (
    <>
      <h2>{t('network.channel', { channel })}</h2>
      {wrong.length === 0 ? <p><State kind="yes">{t('network.noAlarm')}</State></p> : <Note kind="no" alert>{wrong.map((alarm) => <p key={alarm}>{alarm}</p>)}</Note>}
      <Rules settings={settings} />
      <h3>{t('network.version', { version })}</h3>
      <ul>{votes.map(({ organisation, approves }) => <li key={organisation}><code>{organisation}</code> <State kind={approves ? 'yes' : 'wait'}>{t(approves ? 'network.approves' : 'network.approvesNot')}</State></li>)}</ul>
      <h3>{t('network.processes')}</h3>
      <List caption={t('network.processes')} rows={processes} keyOf={({ kind, member }) => `${kind} ${member}`} textOf={({ kind, member }) => `${kind} ${member}`} empty={<p>–</p>} columns={[
        { name: t('network.process'), cell: nameOf },
        { name: t('network.address'), cell: ({ address }) => <code>{address}</code> },
        { name: t('network.blocks'), isNumber: true, cell: ({ height }) => height ?? '–' },
        { name: t('network.lag'), isNumber: true, cell: ({ lag }) => lag ?? '–' },
        { name: t('members.state'), cell: ({ healthy }) => <State kind={healthy ? 'yes' : 'no'}>{t(healthy ? 'network.healthy' : 'network.unhealthy')}</State> },
      ]} />
      <h3>{t('network.certificates')}</h3>
      <List caption={t('network.certificates')} rows={certificates} keyOf={({ organisation, what }) => `${organisation} ${what}`} textOf={({ organisation, what }) => `${organisation} ${nodeAlarmInWords(what)}`} empty={<p>–</p>} columns={[
        { name: t('network.organisation'), cell: ({ organisation }) => <code>{organisation}</code> },
        { name: t('network.certificate'), cell: ({ what }) => nodeAlarmInWords(what) },
        { name: t('members.valid'), cell: ({ until }) => day(until) },
      ]} />
    </>
  )
}

function Rules({ settings }: { readonly settings: FabricChannelSettings }): ReactNode {
  const { t } = useTranslation('professional')
  const asks = ({ rule, of, asks: count }: OrganisationRule): string => count === null ? t('network.byRule', { rule }) : t('network.asks', { count, of })
  const { consenters, ordering, quorum, mayFail, cutAfter, cutAtTransactions, cutAtBytes } = settings
  return (
    <ul>
      <li>{t('network.rules.endorsement', { asks: asks(settings.endorsement) })}</li>
      <li>{t('network.rules.ordering', { consenters, ordering, quorum, mayFail })}</li>
      <li>{t('network.rules.blocks', { cutAfter: cutAfter.replace(/(?<=[0-9])(?=[a-z])/g, ' '), transactions: cutAtTransactions ?? '?', megabytes: Math.round((cutAtBytes ?? 0) / 1e6) })}</li>
      <li>{t('network.rules.contracts', { asks: asks(settings.contracts) })}</li>
      <li>{t('network.rules.organisations', { asks: asks(settings.organisations) })}</li>
      <li>{t('network.rules.orderers', { asks: asks(settings.orderers) })}</li>
    </ul>
  )
}
