// What a transaction does, step by step: what it reads, whose signatures hold, what each value was and became.
import { useState } from 'react'
import type { ReactNode } from 'react'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { Trace } from '@mhmd/contracts'
import { State } from '../../design/state.tsx'

export const keyText = (key: readonly string[]): string => key.join(' / ')
const Value = ({ value }: { readonly value: unknown }): ReactNode => (value === undefined || value === null ? <span className="muted">∅</span> : <code className="value">{JSON.stringify(value, null, 1)}</code>)
export const valueOf = (value: unknown): ReactNode => <Value value={value} />

interface TableProps {
  readonly title: string
  readonly heads: readonly string[]
  readonly rows: readonly { readonly key: string; readonly cells: readonly ReactNode[] }[]
  readonly none: string
}

export function TraceTable({ title, heads, rows, none }: TableProps): ReactNode {
  return (
    <section>
      <h3>{title}</h3>
      {rows.length === 0 ? <p className="muted">{none}</p> : (
        <div className="scroll" tabIndex={0} role="region" aria-label={title}>
          <table><thead><tr>{heads.map((head) => <th key={head} scope="col">{head}</th>)}</tr></thead>
            <tbody>{rows.map(({ key, cells: [first, ...others] }) => <tr key={key}><th scope="row">{first}</th>{others.map((cell, at) => <td key={heads[at + 1]}>{cell}</td>)}</tr>)}</tbody>
          </table>
        </div>
      )}
    </section>
  )
}

/** All at once, or one step after the other as the ledger takes them. */
export function TraceView({ trace }: { readonly trace: Trace }): ReactNode {
  const { t } = useTranslation('professional')
  const [at, setAt] = useState<number>()
  const steps = stepsOf(trace, t)
  const shown = at === undefined ? steps : steps.slice(0, at + 1)
  return (
    <>
      <div className="actions">
        {at === undefined ? <button type="button" onClick={() => setAt(0)}>{t('trace.oneByOne')}</button> : <>
          <button type="button" disabled={at + 1 >= steps.length} onClick={() => setAt(at + 1)}>{t('trace.next')}</button>
          <button type="button" onClick={() => setAt(undefined)}>{t('trace.all')}</button>
          <span role="status" className="muted">{t('trace.step', { step: at + 1, of: steps.length })}</span>
        </>}
      </div>
      {shown.map((step) => <TraceTable key={step.title} {...step} />)}
    </>
  )
}

function stepsOf({ reads, ranges, signatures, code, changes, events }: Trace, t: TFunction<'professional'>): readonly TableProps[] {
  const round = (wanted: 1 | 2): TableProps['rows'] => [
    ...reads.filter((read) => read.round === wanted).map(({ key, value }) => ({ key: keyText(key), cells: [<code key="key">{keyText(key)}</code>, <Value key="value" value={value} />] })),
    ...ranges.filter((range) => range.round === wanted).map(({ prefix, entries }) => ({ key: `${keyText(prefix)} /`, cells: [<code key="key">{keyText(prefix)} / …</code>, t('trace.entries', { count: entries.length })] })),
  ]
  const read = { heads: [t('trace.key'), t('trace.value')], none: t('trace.nothing') }
  return [
    { title: t('trace.reads'), ...read, rows: round(1) },
    ...(round(2).length === 0 ? [] : [{ title: t('trace.readsNext'), ...read, rows: round(2) }]),
    { title: t('trace.signatures'), heads: [t('trace.signer'), t('trace.verdict')], none: t('trace.nothing'), rows: signatures.map(({ key, holds }, at) => ({ key: `${at} ${key}`, cells: [<code key="key">{key}</code>, <State key="holds" kind={holds ? 'yes' : 'no'}>{t(holds ? 'trace.holds' : 'trace.holdsNot')}</State>] })) },
    { title: t('trace.changes'), heads: [t('trace.key'), t('trace.before'), t('trace.after')], none: t('trace.unchanged', { code }), rows: changes.map(({ key, before, after }) => ({ key: keyText(key), cells: [<code key="key">{keyText(key)}</code>, <Value key="before" value={before} />, <Value key="after" value={after} />] })) },
    { title: t('trace.events'), heads: [t('trace.event'), t('trace.value')], none: t('trace.nothing'), rows: events.map(({ name, payload }, at) => ({ key: `${at} ${name}`, cells: [name, <Value key="value" value={payload} />] })) },
  ]
}
