// What a merge of two patients does, and what it doesn't, in plain words before it is confirmed (decision 0022).
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

const said = ['objections', 'consents', 'uses', 'erasure', 'recall', 'undone'] as const

export function Consequences(): ReactNode {
  const { t } = useTranslation('professional')
  return <div className="note"><h3>{t('merges.consequences')}</h3><ul>{said.map((name) => <li key={name}>{t(`merges.effects.${name}`)}</li>)}</ul></div>
}
