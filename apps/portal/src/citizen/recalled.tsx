// What became of a use: deleted by its recipient at the end, or called back, with whether they answered. It stays on her list, marked.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { State } from '../design/state.tsx'
import { day } from '../words/language.ts'
import type { Use } from './views.ts'

export function Recalled({ use: { recall, deleted } }: { readonly use: Pick<Use, 'recall' | 'deleted'> }): ReactNode {
  const { t } = useTranslation()
  if (deleted !== null) return <p><State kind="yes">{t('used.deleted', { date: day(deleted) })}</State></p>
  if (recall === null) return null
  if (recall.answered !== null) return <p><State kind="yes">{t('used.answered', { date: day(recall.answered) })}</State></p>
  return <p><State kind={recall.late ? 'no' : 'wait'}>{recall.late ? t('used.late') : t('used.recalled', { date: day(recall.sent) })}</State></p>
}
