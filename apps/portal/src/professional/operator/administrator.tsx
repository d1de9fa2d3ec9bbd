// The administrator's pages by address.
import type { ReactNode } from 'react'
import { Route, Switch } from 'wouter'
import { NoPage } from '../no-page.tsx'
import { Colleagues } from './colleagues.tsx'

export default function AdministratorPages(): ReactNode {
  return (
    <Switch>
      <Route path="/colleagues"><Colleagues /></Route>
      <Route><NoPage /></Route>
    </Switch>
  )
}
