// The data protection officer's pages by address.
import type { ReactNode } from 'react'
import { Route, Switch } from 'wouter'
import { NoPage } from '../no-page.tsx'
import { ErasurePage } from './erasure.tsx'

export default function OfficerForDataProtectionPages(): ReactNode {
  return <Switch><Route path="/erasure"><ErasurePage /></Route><Route><NoPage /></Route></Switch>
}
