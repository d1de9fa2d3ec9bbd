// Why something was decided: as a sentence where it was chosen from a list, and as the code that stands on the ledger.
import i18next from 'i18next'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

const lists = ['officer.reasons', 'officer.revokeReasons', 'request.reasons']

export function Reason({ code }: { readonly code: string }): ReactNode {
  const { t } = useTranslation('professional')
  const key = lists.map((list) => `${list}.${code}`).find((one) => i18next.exists(one, { ns: 'professional' }))
  return <>{key === undefined ? null : <>{t(key as 'officer.reasons.PURPOSE_NOT_SHOWN')}<br /></>}<code>{code}</code></>
}
