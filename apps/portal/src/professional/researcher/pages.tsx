// The researcher's pages by address.
import type { ReactNode } from 'react'
import { Redirect, Route, Switch } from 'wouter'
import { Catalogue } from './catalogue.tsx'
import { Holdings } from './holdings.tsx'
import { NewRequest } from './new-request.tsx'
import { MyRequest, MyRequests } from './requests.tsx'

export default function ResearcherPages(): ReactNode {
  return (
    <Switch>
      <Route path="/requests"><MyRequests /></Route>
      <Route path="/requests/:id">{({ id }) => <MyRequest id={id} />}</Route>
      <Route path="/new"><NewRequest /></Route>
      <Route path="/catalogue"><Catalogue /></Route>
      <Route path="/holdings"><Holdings /></Route>
      <Route><Redirect to="/requests" replace /></Route>
    </Switch>
  )
}
