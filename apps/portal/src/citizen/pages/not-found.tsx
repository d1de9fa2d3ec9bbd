// An address that leads nowhere.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Page } from '../page.tsx'

export function NotFound(): ReactNode {
  const { t } = useTranslation()
  return <Page title={t('notFound.title')}><p>{t('notFound.text')}</p><p><Link className="row" href="/">{t('notFound.home')}</Link></p></Page>
}
