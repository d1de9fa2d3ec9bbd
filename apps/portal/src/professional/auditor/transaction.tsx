// One transaction with what it wrote, and its proof, checked here in the browser against keys that the reader can compare.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Trace } from '@mhmd/contracts'
import { Facts } from '../../design/facts.tsx'
import { State } from '../../design/state.tsx'
import { moment } from '../../words/language.ts'
import { Asked, useAsked } from '../asked.tsx'
import { Page } from '../page.tsx'
import { useNameOf } from '../staff-context.ts'
import { ProofCheck } from './proof-check.tsx'
import { TraceView } from './trace.tsx'

interface Shown {
  readonly block: { readonly height: number; readonly hash: string; readonly time: number }
  readonly index: number
  readonly code: string
  readonly transaction: Readonly<Record<string, unknown>>
}

export function TransactionPage({ id }: { readonly id: string }): ReactNode {
  const { t } = useTranslation('professional')
  const nameOf = useNameOf()
  const asked = useAsked<Shown>(`/staff/1/ledger/transactions/${id}`)
  const replayed = useAsked<{ readonly trace: Trace }>(`/staff/1/ledger/transactions/${id}/trace`)
  return (
    <Page title={t('transaction.title')} up={{ href: '/blocks', label: t('pages.auditor.blocks') }}>
      <Asked asked={asked}>{({ block, index, code, transaction }) => (
        <>
          <Facts facts={[
            { name: t('request.id'), value: <code>{id}</code> },
            { name: t('blocks.what'), value: `${String(transaction['contract'])} ${String(transaction['operation'])}` },
            { name: t('blocks.submitter'), value: nameOf(String(transaction['submitter'])) },
            { name: t('jobs.code'), value: <State kind={code === 'VALID' ? 'yes' : 'no'}>{code}</State> },
            { name: t('transaction.block'), value: <>{t('transaction.at', { height: block.height, index })}<br /><code>{block.hash}</code></> },
            { name: t('releases.when'), value: moment(block.time) },
          ]} />
          <h2>{t('transaction.proof')}</h2>
          <ProofCheck operationId={id} />
          <h2>{t('transaction.steps')}</h2>
          <p>{t('transaction.replayed')}</p>
          <Asked asked={replayed}>{({ trace }) => <>{trace.code === code ? null : <p><State kind="no">{t('transaction.differs', { code: trace.code })}</State></p>}<TraceView trace={trace} /></>}</Asked>
        </>
      )}</Asked>
    </Page>
  )
}
