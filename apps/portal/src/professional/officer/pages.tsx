// The officer's pages by address.
import type { ReactNode } from 'react'
import { Route, Switch } from 'wouter'
import { LedgerFigures } from '../ledger-figures/page.tsx'
import { NoPage } from '../no-page.tsx'
import { ApplicationPage } from './application.tsx'
import { Applications } from './applications.tsx'
import { DeliveriesPage } from './deliveries.tsx'

export default function OfficerPages(): ReactNode {
  return (
    <Switch>
      <Route path="/applications"><Applications /></Route>
      <Route path="/applications/:id">{({ id }) => <ApplicationPage id={id} />}</Route>
      <Route path="/deliveries"><DeliveriesPage /></Route>
      <Route path="/figures"><LedgerFigures role="officer" /></Route>
      <Route><NoPage /></Route>
    </Switch>
  )
}
