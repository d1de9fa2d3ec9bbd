// What stands on the scratch ledger, asked for by the parts of an asset's key.
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { stateQueries } from '@mhmd/contracts'
import type { ScratchLedger } from '@mhmd/contracts'
import type { contractForm } from '../../words/professional-contract-form-en.ts'
import { Select } from '../select.tsx'
import { TraceTable, keyText, valueOf } from './trace.tsx'

const first = 'consent by holder'

/** `size` tells when the ledger has changed. */
export function ScratchState({ scratch, size }: { readonly scratch: ScratchLedger; readonly size: number }): ReactNode {
  const { t } = useTranslation('professional')
  const [name, setName] = useState(first)
  const [parts, setParts] = useState<readonly string[]>([])
  const query = stateQueries[name]
  if (query === undefined) return null
  const asked = Object.keys(query.by)
  const all = scratch.query([query.asset])
  const answers = all.filter(({ key }) => asked.every((_, at) => (parts[at] ?? '') === '' || key[at + 1] === parts[at]))
  return (
    <section data-size={size}>
      <h2>{t('contractForm.state')}</h2>
      <div className="columns">
        <Select label={t('contractForm.query')} value={name} options={Object.keys(stateQueries).map((one) => [one, one])} change={(chosen) => { setName(chosen); setParts([]) }} />
        {asked.map((part, at) => <Select key={part} label={t(`contractForm.members.${part as keyof typeof contractForm.members}`, { defaultValue: part })} value={parts[at] ?? ''} options={[['', t('contractForm.choose')], ...[...new Set(all.map(({ key }) => key[at + 1] ?? ''))].map((one) => [one, one] as const)]} change={(chosen) => setParts(asked.map((_, place) => (place === at ? chosen : parts[place] ?? '')))} />)}
      </div>
      <TraceTable title={t('contractForm.found', { count: answers.length })} heads={[t('trace.key'), t('trace.value')]} none={t('contractForm.none')} rows={answers.map(({ key, value }) => ({ key: keyText(key), cells: [<code key="key">{keyText(key)}</code>, valueOf(value)] }))} />
    </section>
  )
}
