// An address that is none of the pages.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from './page.tsx'

export function NoPage({ up }: { readonly up?: { readonly href: string; readonly label: string } }): ReactNode {
  const { t } = useTranslation('professional')
  return <Page title={t('notFound')} {...(up === undefined ? {} : { up })}><p>{t('notFoundText')}</p></Page>
}
