// What stands where a page of staff's is still loaded, and where it didn't come.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Meanwhile } from '../design/later.tsx'
import { Skeleton } from '../design/waiting.tsx'
import { Page } from './page.tsx'

function Waiting(): ReactNode {
  const { t } = useTranslation('professional')
  return <Skeleton label={t('loading')} />
}

function Missed({ again }: { readonly again: () => void }): ReactNode {
  const { t } = useTranslation('professional')
  return <Page title={t('missed.title')} actions={<button type="button" className="primary" onClick={again}>{t('again')}</button>}><p>{t('missed.text')}</p></Page>
}

export const meanwhile: Meanwhile = { Waiting, Missed }
