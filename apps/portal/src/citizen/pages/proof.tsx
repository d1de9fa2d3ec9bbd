// The proof that her choice stands on the shared ledger, as a file for whomever she likes, and the page that checks it without us and without a connection.
import type { KeptDecision } from '@mhmd/accounts'
import { proofOf } from '@mhmd/client'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { saveFile } from '../../device/saved-file.ts'
import { Failed } from '../page.tsx'
import { deviceNow } from '../session.ts'

/** `recorded`: what stands on the ledger already. */
export function ProofPart({ recorded, nameOf }: { readonly recorded: readonly KeptDecision[]; readonly nameOf: (holder: string) => string }): ReactNode {
  const { t } = useTranslation()
  const [error, setError] = useState<unknown>()
  if (recorded.length === 0) return null
  const save = async ({ statement: { holder, operationId } }: KeptDecision): Promise<void> => {
    setError(undefined)
    await proofOf(deviceNow(), { holder, operationId }).then((proof) => saveFile(`proof-${operationId}.json`, proof), setError)
  }
  return (
    <section>
      <h2>{t('receipt.proof')}</h2>
      <p>{t('receipt.proofLead')}</p>
      {error === undefined ? null : <Failed error={error} />}
      <div className="actions">{recorded.map((decision) => <button key={decision.statement.operationId} type="button" onClick={() => void save(decision)}>{t('receipt.proofSave', { name: nameOf(decision.statement.holder) })}</button>)}</div>
      <p><a href="/verify.html" target="_blank" rel="noopener">{t('receipt.proofPage')}</a></p>
      <p className="small muted">{t('receipt.proofHint')}</p>
    </section>
  )
}
