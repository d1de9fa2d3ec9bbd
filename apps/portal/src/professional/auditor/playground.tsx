// A scratch ledger in this browser: take an operation's example, change it, run it, see what it reads and changes, and what a conflict looks like. Nothing of it leaves the page.
import { useMemo, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'wouter'
import { base32, canonicalText } from '@mhmd/base'
import type { Canonical } from '@mhmd/base'
import { ScratchLedger, anotherAct, contractsTable, refusalTable, signedAnew } from '@mhmd/contracts'
import type { FormSchema, RefusalCode, Settled, Trace, Transaction } from '@mhmd/contracts'
import examplesFile from '@mhmd/contracts/examples.json'
import { sampleKeys } from '@mhmd/contracts/sample-keys'
import { LongTextQuestion } from '../../design/questions.tsx'
import { Note, State } from '../../design/state.tsx'
import { Page } from '../page.tsx'
import { Select } from '../select.tsx'
import { ContractForm } from './contract-form.tsx'
import { ScratchState } from './scratch-state.tsx'
import { TraceView } from './trace.tsx'

const examples = examplesFile as unknown as Readonly<Record<string, readonly Transaction[]>>
const calls = Object.keys(examples)

/** What was run: on which ledger, and what came of it. */
interface Ran {
  readonly size: number
  readonly trace: Trace
  readonly code: string
  readonly rival?: Settled
}

const after = (steps: readonly Transaction[]): ScratchLedger => {
  const scratch = new ScratchLedger()
  for (const tx of steps) scratch.commit(scratch.propose(tx))
  return scratch
}

const freshId = (): string => base32(crypto.getRandomValues(new Uint8Array(16)))
const another = (tx: Transaction): Transaction => anotherAct(tx, freshId(), sampleKeys)

function parsed(text: string): Transaction | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Transaction : undefined
  } catch {
    return undefined
  }
}

/** The schema of its payload, where it names an operation that there is. */
function schemaOf({ contract, operation, payload }: Transaction): FormSchema | undefined {
  const operations = contractsTable[contract]?.operations ?? {}
  return typeof payload === 'object' && payload !== null && Object.hasOwn(operations, operation) ? operations[operation]?.schema : undefined
}

/** Signed anew, it would be the same. Of what has no canonical form nobody can say. */
function isSigned(tx: Transaction): boolean {
  try {
    return canonicalText(signedAnew(structuredClone(tx), sampleKeys) as unknown as Canonical) === canonicalText(tx as unknown as Canonical)
  } catch {
    return false
  }
}

export function Playground(): ReactNode {
  const { t } = useTranslation('professional')
  const [search, setSearch] = useSearchParams()
  const call = calls.find((one) => one === search.get('operation')) ?? 'consents@1 decide'
  return (
    <Page title={t('pages.auditor.playground')}>
      <p className="lead">{t('playground.lead')}</p>
      <Select label={t('playground.operation')} value={call} options={calls.map((one) => [one, one])} change={(operation) => setSearch({ operation }, { replace: true })} />
      <Bench key={call} steps={examples[call] ?? []} />
    </Page>
  )
}

function Bench({ steps }: { readonly steps: readonly Transaction[] }): ReactNode {
  const { t } = useTranslation('professional')
  const example = steps.at(-1)
  const fresh = (): ScratchLedger => after(steps.slice(0, -1))
  const [scratch, setScratch] = useState(fresh)
  const [text, setText] = useState(() => JSON.stringify(example, null, 2))
  const [ran, setRan] = useState<Ran>()
  const tx = useMemo(() => parsed(text), [text])
  const run = (act: Transaction, isRivalled: boolean): void => {
    const proposal = scratch.propose(structuredClone(act))
    const rival = isRivalled ? scratch.propose(another(act)) : undefined
    const { code } = scratch.commit(proposal)
    setRan({ size: scratch.size, trace: proposal.trace, code, ...(rival === undefined ? {} : { rival: scratch.commit(rival) }) })
  }
  const edit = (change: (act: Transaction) => Transaction) => () => tx !== undefined && setText(JSON.stringify(change(tx), null, 2))
  const schema = tx === undefined ? undefined : schemaOf(tx)
  const isUnsigned = useMemo(() => tx !== undefined && !isSigned(tx), [tx])
  return (
    <>
      {tx === undefined || schema === undefined ? null : <ContractForm schema={schema} value={tx.payload} change={(payload) => setText(JSON.stringify({ ...tx, payload }, null, 2))} />}
      <details open={tx === undefined ? true : undefined}>
        <summary>{t('contractForm.asJson')}</summary>
        <LongTextQuestion label={t('playground.transaction')} hint={t('playground.hint')} rows={16} isCode value={text} change={setText} {...(tx === undefined ? { error: t('playground.notJson') } : {})} />
      </details>
      {isUnsigned ? <p className="hint" role="status">{t('contractForm.changed')}</p> : null}
      <div className="actions">
        <button type="button" className="primary" disabled={tx === undefined} onClick={() => tx !== undefined && run(tx, false)}>{t('playground.run')}</button>
        <button type="button" disabled={tx === undefined} onClick={() => tx !== undefined && run(tx, true)}>{t('playground.twice')}</button>
        <button type="button" disabled={tx === undefined} onClick={edit((act) => signedAnew(act, sampleKeys))}>{t('playground.sign')}</button>
        <button type="button" disabled={tx === undefined} onClick={edit(another)}>{t('playground.another')}</button>
        <button type="button" onClick={() => { setScratch(fresh()); setText(JSON.stringify(example, null, 2)); setRan(undefined) }}>{t('playground.again')}</button>
      </div>
      {ran === undefined ? <p className="muted">{t('playground.before', { count: scratch.size })}</p> : <Outcome ran={ran} />}
      <ScratchState scratch={scratch} size={scratch.size} />
    </>
  )
}

function Outcome({ ran: { size, trace, code, rival } }: { readonly ran: Ran }): ReactNode {
  const { t } = useTranslation('professional')
  return (
    <>
      <h2>{t('playground.outcome')}</h2>
      <div role="status">
        <p><State kind={code === 'VALID' ? 'yes' : 'no'}>{code === 'VALID' ? t('playground.accepted') : code}</State> {code === 'VALID' ? null : refusalTable[code as RefusalCode].says} <span className="muted">{t('playground.before', { count: size })}</span></p>
        {rival === undefined ? null : <Note kind={rival.code === 'VALID' ? 'yes' : 'wait'}><p><strong>{t(rival.code === 'WRITE_CONFLICT' ? 'playground.conflict' : 'playground.rival', { code: rival.code })}</strong></p>{rival.conflicts.map((key) => <p key={key.join(' ')}><code>{key.join(' / ')}</code></p>)}</Note>}
      </div>
      <TraceView trace={trace} />
    </>
  )
}
