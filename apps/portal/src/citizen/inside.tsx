// What she sees once her keys are here: four places and what lies in them.
import type { ReactNode } from 'react'
import { Redirect, Route, Switch } from 'wouter'
import type { Opened } from './opened.ts'
import { ActPage } from './pages/act.tsx'
import { AskPages } from './pages/ask.tsx'
import { ChoicesPage } from './pages/choices.tsx'
import { CopyPage } from './pages/copy.tsx'
import { DataPage } from './pages/data.tsx'
import { ErasePage } from './pages/erase.tsx'
import { HomePage } from './pages/home.tsx'
import { KeysPage } from './pages/keys.tsx'
import { LinkPage } from './pages/link.tsx'
import { LogPage } from './pages/log.tsx'
import { NotFound } from './pages/not-found.tsx'
import { ReceiptPage, ReceiptsPage } from './pages/receipts.tsx'
import { RightsPage } from './pages/rights.tsx'
import { StatementsPage } from './pages/statements.tsx'
import { StudyPage } from './pages/study.tsx'
import { UsePage, UsedPage } from './pages/used.tsx'

export default function Inside({ opened }: { readonly opened: Opened }): ReactNode {
  return (
    <Switch>
      <Route path="/"><HomePage opened={opened} /></Route>
      <Route path="/data"><DataPage opened={opened} /></Route>
      <Route path="/data/link"><LinkPage opened={opened} /></Route>
      <Route path="/choices"><ChoicesPage opened={opened} /></Route>
      <Route path="/choices/new"><Redirect to="/choices/new/begin" replace /></Route>
      <Route path="/choices/new/:step"><AskPages opened={opened} /></Route>
      <Route path="/choices/study/:id">{({ id }) => <StudyPage opened={opened} id={id} />}</Route>
      <Route path="/rights"><RightsPage opened={opened} /></Route>
      <Route path="/rights/statements"><StatementsPage opened={opened} /></Route>
      <Route path="/rights/receipts"><ReceiptsPage opened={opened} /></Route>
      <Route path="/rights/receipts/:ids">{({ ids }) => <ReceiptPage opened={opened} ids={ids.split('+')} />}</Route>
      <Route path="/rights/log"><LogPage opened={opened} /></Route>
      <Route path="/rights/keys"><KeysPage opened={opened} /></Route>
      <Route path="/rights/copy"><CopyPage opened={opened} /></Route>
      <Route path="/rights/erase"><ErasePage opened={opened} /></Route>
      <Route path="/rights/:what">{({ what }) => what === 'withdraw' || what === 'opt-out' || what === 'opt-in' ? <ActPage opened={opened} what={what} /> : <NotFound />}</Route>
      <Route path="/used"><UsedPage opened={opened} /></Route>
      <Route path="/used/:release">{({ release }) => <UsePage opened={opened} release={release} />}</Route>
      <Route><NotFound /></Route>
    </Switch>
  )
}
