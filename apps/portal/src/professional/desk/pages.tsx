// The desk's pages by address. No patient is named in one.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Route, Switch } from 'wouter'
import { NoPage } from '../no-page.tsx'
import { Page } from '../page.tsx'
import { LinkCode } from './link-code.tsx'
import { Merges } from './merges.tsx'
import { NewMerge } from './new-merge.tsx'
import { WrongLink } from './wrong-link.tsx'

export default function DeskPages(): ReactNode {
  const { t } = useTranslation('professional')
  return (
    <Switch>
      <Route path="/link-code"><LinkCode /></Route>
      <Route path="/merges"><Merges /></Route>
      <Route path="/merges/new"><Page title={t('merges.new')} up={{ href: '/merges', label: t('pages.desk.merges') }}><NewMerge /></Page></Route>
      <Route path="/wrong-link"><WrongLink /></Route>
      <Route><NoPage /></Route>
    </Switch>
  )
}
