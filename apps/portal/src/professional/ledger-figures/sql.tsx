// An auditor's own SELECT over the five views: what the node answers, or why it runs no such SQL.
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { csvOf } from '../../design/csv.ts'
import { LongTextQuestion } from '../../design/questions.tsx'
import { saveText } from '../../device/saved-file.ts'
import { Failed } from '../asked.tsx'
import { Rows } from '../list.tsx'
import { useStaff } from '../staff-context.ts'
import { written } from './answers.ts'
import type { Answer } from './answers.ts'

export function Select(): ReactNode {
  const { t } = useTranslation('professional')
  const { node, session } = useStaff()
  const [sql, setSql] = useState('SELECT type, holder, state, count(*) AS number FROM assets GROUP BY ALL ORDER BY ALL')
  const run = useMutation({ mutationFn: () => node.post<Answer>('/staff/1/analytics/sql', { sql }) })
  if (!session.roles.includes('auditor')) return null
  const answer = run.data
  const [first = '', ...others] = answer?.columns ?? []
  const column = (name: string, at: number) => ({ name, cell: ({ cells }: { readonly cells: Answer['rows'][number] }) => written(cells[at] ?? null) })
  return (
    <section aria-label="SQL" id="sql">
      <h2>SQL</h2>
      <p>{t('ledgerFigures.sql')}</p>
      <form onSubmit={(event) => {
        event.preventDefault()
        run.mutate()
      }}>
        <LongTextQuestion label={t('ledgerFigures.select')} value={sql} change={setSql} isCode />
        <div className="actions"><button type="submit" className="primary" disabled={run.isPending}>{t('ledgerFigures.run')}</button></div>
      </form>
      {run.error === null ? null : <Failed error={run.error} />}
      {answer === undefined ? null : (
        <>
          <Rows caption={t('ledgerFigures.select')} rows={answer.rows.slice(0, 200).map((cells, number) => ({ cells, number }))} keyOf={({ number }) => String(number)} columns={[column(first, 0), ...others.map((name, at) => column(name, at + 1))]} />
          <p className="muted small">{t('ledgerFigures.holds', { height: answer.height })}{answer.isCut ? <> {t('ledgerFigures.cut')}</> : null}</p>
          <div className="actions"><button type="button" onClick={() => saveText(`select-${answer.height}.csv`, csvOf(answer.columns, answer.rows))}>{t('ledgerFigures.csv')}</button></div>
        </>
      )}
    </section>
  )
}
