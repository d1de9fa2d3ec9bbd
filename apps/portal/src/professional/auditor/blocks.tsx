// The newest blocks as this node checked them, each transaction by what it did and what became of it.
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'wouter'
import { State } from '../../design/state.tsx'
import { moment } from '../../words/language.ts'
import { Asked, useAsked } from '../asked.tsx'
import { List } from '../list.tsx'
import { Page } from '../page.tsx'
import { useNameOf } from '../staff-context.ts'

interface Line {
  readonly index: number
  readonly operationId: string
  readonly contract: string
  readonly operation: string
  readonly submitter: string
  readonly time: number
  readonly code: string
  readonly writes: number
}

interface Block {
  readonly height: number
  readonly hash: string
  readonly transactions: readonly Line[]
}

const AT_ONCE = 50

export function Blocks(): ReactNode {
  const { t } = useTranslation('professional')
  const nameOf = useNameOf()
  const [search] = useSearchParams()
  const from = search.get('from')
  const [isRefusedOnly, setRefusedOnly] = useState(false)
  const asked = useAsked<{ height: number; blocks: readonly Block[] }>(`/staff/1/ledger/blocks?${from === null ? '' : `from=${encodeURIComponent(from)}&`}limit=${AT_ONCE}`, from === null ? { on: ['ledger'] } : {})
  return (
    <Page title={t('pages.auditor.blocks')}>
      <Asked asked={asked}>{({ height, blocks }) => {
        const first = blocks[0]?.height ?? 0
        const rows = blocks.flatMap((block) => block.transactions.map((line) => ({ ...line, height: block.height }))).filter(({ code }) => !isRefusedOnly || code !== 'VALID').reverse()
        return (
          <>
            <p>{t('blocks.height', { height })} {first > 0 ? <Link className="row" href={`/blocks?from=${Math.max(0, first - AT_ONCE)}`}>{t('blocks.older')}</Link> : null} {from === null ? null : <Link className="row" href="/blocks">{t('blocks.newest')}</Link>} <button type="button" className="plain" aria-pressed={isRefusedOnly} onClick={() => setRefusedOnly(!isRefusedOnly)}>{t(isRefusedOnly ? 'blocks.all' : 'blocks.refused')}</button></p>
            <List caption={t('pages.auditor.blocks')} rows={rows} keyOf={({ operationId, height: at, index }) => `${at} ${index} ${operationId}`} textOf={({ operationId, contract, operation, submitter, code }) => `${operationId} ${contract} ${operation} ${submitter} ${nameOf(submitter)} ${code}`} empty={<p>{t('blocks.none')}</p>} columns={[
              { name: t('blocks.what'), cell: ({ contract, operation, operationId }) => <Link className="row" href={`/transactions/${operationId}`}>{contract} {operation}</Link> },
              { name: t('health.height'), isNumber: true, cell: ({ height: at }) => at },
              { name: t('blocks.submitter'), cell: ({ submitter }) => nameOf(submitter) },
              { name: t('jobs.code'), cell: ({ code }) => <State kind={code === 'VALID' ? 'yes' : 'no'}>{code}</State> },
              { name: t('blocks.writes'), isNumber: true, cell: ({ writes }) => writes },
              { name: t('releases.when'), cell: ({ time }) => moment(time) },
            ]} />
          </>
        )
      }}</Asked>
    </Page>
  )
}
