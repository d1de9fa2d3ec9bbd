// A clock in whole days: how many are left until a day, or that it is over.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { clock } from '../../device/ports.ts'
import { State } from '../../design/state.tsx'

const DAY_MILLISECONDS = 86_400_000
const SOON_DAYS = 7

export function TimeLeft({ until }: { readonly until: number }): ReactNode {
  const { t } = useTranslation('professional')
  const days = Math.ceil((until - clock.now()) / DAY_MILLISECONDS)
  if (days <= 0) return <State kind="no">{t('clock.over')}</State>
  return days <= SOON_DAYS ? <State kind="wait">{t('clock.left', { count: days })}</State> : <>{t('clock.left', { count: days })}</>
}
