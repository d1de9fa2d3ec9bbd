// The ways in that need her keys: recovery code, one-time link, a new account, and a passkey afterwards.
import type { ReactNode } from 'react'
import { Route, Switch } from 'wouter'
import { Enrol, SignIn } from './pages/sign-in.tsx'
import { OpenAccount } from './pages/open-account.tsx'
import { OfferPasskey } from './pages/offer-passkey.tsx'
import { NotFound } from './pages/not-found.tsx'

export default function Entering(): ReactNode {
  return (
    <Switch>
      <Route path="/enter/code"><SignIn /></Route>
      <Route path="/enter/open"><OpenAccount /></Route>
      <Route path="/enter/passkey"><OfferPasskey /></Route>
      <Route path="/enrol"><Enrol /></Route>
      <Route><NotFound /></Route>
    </Switch>
  )
}
