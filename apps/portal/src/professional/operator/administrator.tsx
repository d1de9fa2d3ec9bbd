// The administrator's pages by address.
import type { ReactNode } from 'react'
import { Redirect, Route, Switch } from 'wouter'
import { Colleagues } from './colleagues.tsx'

export default function AdministratorPages(): ReactNode {
  return (
    <Switch>
      <Route path="/colleagues"><Colleagues /></Route>
      <Route><Redirect to="/colleagues" replace /></Route>
    </Switch>
  )
}
