// The auditor's pages by address.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Route, Switch } from 'wouter'
import { LedgerFigures } from '../ledger-figures/page.tsx'
import { NoPage } from '../no-page.tsx'
import { Recalls } from '../steward/recalls.tsx'
import { AccessRuns } from './access.tsx'
import { Blocks } from './blocks.tsx'
import { CheckpointsPage } from './checkpoints.tsx'
import { Playground } from './playground.tsx'
import { TransactionPage } from './transaction.tsx'

export default function AuditorPages(): ReactNode {
  const { t } = useTranslation('professional')
  return (
    <Switch>
      <Route path="/blocks"><Blocks /></Route>
      <Route path="/transactions/:id">{({ id }) => <TransactionPage id={id} />}</Route>
      <Route path="/checkpoints"><CheckpointsPage /></Route>
      <Route path="/playground"><Playground /></Route>
      <Route path="/access"><AccessRuns /></Route>
      <Route path="/overdue"><Recalls title={t('pages.auditor.overdue')} /></Route>
      <Route path="/figures"><LedgerFigures role="auditor" /></Route>
      <Route><NoPage /></Route>
    </Switch>
  )
}
