// The researcher's pages by address.
import type { ReactNode } from 'react'
import { Route, Switch } from 'wouter'
import { LedgerFigures } from '../ledger-figures/page.tsx'
import { NoPage } from '../no-page.tsx'
import { Amend } from './amend.tsx'
import { Catalogue } from './catalogue.tsx'
import { DatasetPage } from './dataset.tsx'
import { Holdings } from './holdings.tsx'
import { NewRequest } from './new-request.tsx'
import { NewTable } from './new-table.tsx'
import { MyRequest } from './request.tsx'
import { MyRequests } from './requests.tsx'

export default function ResearcherPages(): ReactNode {
  return (
    <Switch>
      <Route path="/requests"><MyRequests /></Route>
      <Route path="/requests/:id">{({ id }) => <MyRequest id={id} />}</Route>
      <Route path="/requests/:id/amend">{({ id }) => <Amend id={id} />}</Route>
      <Route path="/new"><NewRequest /></Route>
      <Route path="/new/:holder/:id">{({ holder, id }) => <NewTable holder={holder} id={id} />}</Route>
      <Route path="/catalogue"><Catalogue /></Route>
      <Route path="/catalogue/:holder/:id">{({ holder, id }) => <DatasetPage holder={holder} id={id} />}</Route>
      <Route path="/holdings"><Holdings /></Route>
      <Route path="/figures"><LedgerFigures role="researcher" /></Route>
      <Route><NoPage /></Route>
    </Switch>
  )
}
