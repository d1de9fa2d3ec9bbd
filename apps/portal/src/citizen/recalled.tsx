// Whether a use was called back: it stays on her list, marked, with who was told and whether they answered.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { State } from '../design/state.tsx'
import { day } from '../words/language.ts'
import type { Use } from './views.ts'

export function Recalled({ use: { recall } }: { readonly use: Pick<Use, 'recall'> }): ReactNode {
  const { t } = useTranslation()
  if (recall === null) return null
  if (recall.answered !== null) return <p><State kind="yes">{t('used.answered', { date: day(recall.answered) })}</State></p>
  return <p><State kind={recall.late ? 'no' : 'wait'}>{recall.late ? t('used.late') : t('used.recalled', { date: day(recall.sent) })}</State></p>
}
