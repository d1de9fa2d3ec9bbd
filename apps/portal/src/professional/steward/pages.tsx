// The steward's pages by address.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Route, Switch } from 'wouter'
import { LedgerFigures } from '../ledger-figures/page.tsx'
import { NoPage } from '../no-page.tsx'
import { DatasetPage } from './dataset.tsx'
import { Datasets } from './datasets.tsx'
import { DraftPage } from './draft.tsx'
import { ImportPage } from './import.tsx'
import { Imports } from './imports.tsx'
import { NewDataset } from './new-dataset.tsx'
import { Profiles } from './profiles.tsx'
import { ProtectionPage } from './protection/page.tsx'
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
      <Route path="/imports/:id">{({ id }) => <ImportPage id={id} />}</Route>
      <Route path="/profiles"><Profiles /></Route>
      <Route path="/datasets"><Datasets /></Route>
      <Route path="/datasets/new"><NewDataset /></Route>
      <Route path="/datasets/drafts/:id">{({ id }) => <DraftPage id={id} />}</Route>
      <Route path="/datasets/:id/protection">{({ id }) => <ProtectionPage id={id} />}</Route>
      <Route path="/datasets/:id">{({ id }) => <DatasetPage id={id} />}</Route>
      <Route path="/releases"><Releases /></Route>
      <Route path="/releases/:id">{({ id }) => <ReleasePage id={id} />}</Route>
      <Route path="/late"><Recalls title={t('pages.steward.late')} isOpen /></Route>
      <Route path="/figures"><LedgerFigures role="steward" /></Route>
      <Route><NoPage /></Route>
    </Switch>
  )
}
