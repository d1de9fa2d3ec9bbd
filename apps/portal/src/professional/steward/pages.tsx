// The steward's pages by address.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Redirect, Route, Switch } from 'wouter'
import { Datasets } from './datasets.tsx'
import { Imports } from './imports.tsx'
import { Recalls } from './recalls.tsx'
import { ReleasePage, Releases } from './releases.tsx'
import { RequestPage, Requests } from './requests.tsx'

export default function StewardPages(): ReactNode {
  const { t } = useTranslation('professional')
  return (
    <Switch>
      <Route path="/requests"><Requests /></Route>
      <Route path="/requests/:id">{({ id }) => <RequestPage id={id} />}</Route>
      <Route path="/imports"><Imports /></Route>
      <Route path="/datasets"><Datasets /></Route>
      <Route path="/releases"><Releases /></Route>
      <Route path="/releases/:id">{({ id }) => <ReleasePage id={id} />}</Route>
      <Route path="/late"><Recalls title={t('pages.steward.late')} /></Route>
      <Route><Redirect to="/requests" replace /></Route>
    </Switch>
  )
}
