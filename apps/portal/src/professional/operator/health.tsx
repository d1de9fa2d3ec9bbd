// Health: what this node knows of the ledger, since when, and what waits.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Facts } from '../../design/facts.tsx'
import { Note, State } from '../../design/state.tsx'
import { moment } from '../../words/language.ts'
import { Asked, useAsked } from '../asked.tsx'
import { Figures } from '../figures.tsx'
import { Page } from '../page.tsx'
import { useNameOf, useStaff } from '../staff-context.ts'

interface Status {
  readonly member: string
  readonly network: string
  readonly height: number
  readonly logSize: number
  readonly confirmedMillisecondsAgo: number | null
  readonly forked: boolean
  readonly pendingLedgerEffects: number
  readonly members: number
}

/** After which the doors are closed, where the node was started as usual. */
const BLIND_MILLISECONDS = 10_000

export function Health(): ReactNode {
  const { t } = useTranslation('professional')
  const { session } = useStaff()
  const nameOf = useNameOf()
  const asked = useAsked<Status>('/staff/1/status', { every: 2000 })
  return (
    <Page title={t('health.title')}>
      <Asked asked={asked}>{(status) => {
        const { confirmedMillisecondsAgo: ago, forked } = status
        const isBlind = ago === null || ago > BLIND_MILLISECONDS
        return (
          <>
            {forked ? <Note kind="no" alert><p>{t('health.forkedYes')}</p></Note> : isBlind ? <Note kind="wait"><p>{t('health.blind')}</p></Note> : <p><State kind="yes">{t('health.well')}</State></p>}
            <Figures figures={[
              { name: t('health.height'), value: status.height },
              { name: t('health.confirmed'), value: ago === null ? t('health.never') : t('health.seconds', { seconds: (ago / 1000).toFixed(1) }) },
              { name: t('health.pending'), value: status.pendingLedgerEffects },
              { name: t('health.log'), value: status.logSize },
              { name: t('health.members'), value: status.members },
            ]} />
            <Facts facts={[
              { name: t('health.member'), value: `${nameOf(status.member)} (${status.member})` },
              { name: t('health.network'), value: <code>{status.network}</code> },
              { name: t('health.forked'), value: forked ? <State kind="no">{t('health.forked')}</State> : t('health.forkedNo') },
              { name: t('health.session'), value: moment(session.expires) },
            ]} />
          </>
        )
      }}</Asked>
    </Page>
  )
}
