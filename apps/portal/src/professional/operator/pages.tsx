// The operator's pages by address.
import type { ReactNode } from 'react'
import { Route, Switch } from 'wouter'
import { LedgerFigures } from '../ledger-figures/page.tsx'
import { NoPage } from '../no-page.tsx'
import { Health } from './health.tsx'
import { JobPage } from './job.tsx'
import { Jobs } from './jobs.tsx'
import { Members } from './members.tsx'
import { NetworkPage } from './network.tsx'

export default function OperatorPages(): ReactNode {
  return (
    <Switch>
      <Route path="/health"><Health /></Route>
      <Route path="/jobs"><Jobs /></Route>
      <Route path="/jobs/:id">{({ id }) => <JobPage id={id} />}</Route>
      <Route path="/members"><Members /></Route>
      <Route path="/network"><NetworkPage /></Route>
      <Route path="/figures"><LedgerFigures role="operator" /></Route>
      <Route><NoPage /></Route>
    </Switch>
  )
}
