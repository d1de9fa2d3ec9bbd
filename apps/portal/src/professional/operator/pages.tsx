// The operator's pages by address.
import type { ReactNode } from 'react'
import { Redirect, Route, Switch } from 'wouter'
import { Health } from './health.tsx'
import { Jobs } from './jobs.tsx'
import { Members } from './members.tsx'

export default function OperatorPages(): ReactNode {
  return (
    <Switch>
      <Route path="/health"><Health /></Route>
      <Route path="/jobs"><Jobs /></Route>
      <Route path="/members"><Members /></Route>
      <Route><Redirect to="/health" replace /></Route>
    </Switch>
  )
}
