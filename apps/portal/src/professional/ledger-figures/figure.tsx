// One question to the ledger: its figures as bars and table, the block that they hold for, the transactions behind them, CSV.
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Bars } from '../../design/bars.tsx'
import { csvOf } from '../../design/csv.ts'
import { TextQuestion } from '../../design/questions.tsx'
import { saveText } from '../../device/saved-file.ts'
import { Asked, useAsked } from '../asked.tsx'
import { Rows } from '../list.tsx'
import { barsOf, inLanguage, written } from './answers.ts'
import type { Answer, Cell, Evidence, Question } from './answers.ts'
import { useCellInWords } from './cell-in-words.ts'

/** Rows drawn at once; the file has them all. */
const DRAWN = 100

interface FigureProps {
  readonly question: Question
  /** The block that all figures of the page hold for; empty for the newest. */
  readonly height: string
  /** Whether this reader has pages of single transactions. */
  readonly hasTransactions: boolean
}

export function Figure({ question, height, hasTransactions }: FigureProps): ReactNode {
  const { t, i18n: { language } } = useTranslation('professional')
  const [given, setGiven] = useState<Readonly<Record<string, string>>>({})
  const [isShowingEvidence, showEvidence] = useState(false)
  const query = queryOf({ ...given, height })
  const isComplete = question.parameters.every(({ name, required }) => !required || (given[name] ?? '') !== '')
  const asked = useAsked<Answer>(`/staff/1/analytics/questions/${question.name}${query}`, { on: height === '' ? ['ledger'] : [], enabled: isComplete })
  return (
    <section aria-label={inLanguage(question.title, language)} id={question.name}>
      <h2>{inLanguage(question.title, language)}</h2>
      <p>{inLanguage(question.says, language)}</p>
      {question.missing === null ? null : <p className="muted small">{t('ledgerFigures.missing')} {inLanguage(question.missing, language)}</p>}
      {question.parameters.length === 0 ? null : <div className="bar">{question.parameters.map(({ name, says, standard }) => <TextQuestion key={name} label={inLanguage(says, language)} value={given[name] ?? standard ?? ''} change={(value) => setGiven({ ...given, [name]: value })} />)}</div>}
      {isComplete ? (
        <Asked asked={asked}>{(answer) => (
          <>
            <Chart question={question} answer={answer} />
            <Table question={question} answer={answer} />
            <p className="muted small">{t('ledgerFigures.holds', { height: answer.height })} <code>{answer.hash.slice(0, 12)}…</code></p>
            <div className="actions">
              <button type="button" onClick={() => saveText(`${question.name}-${answer.height}.csv`, csvOf(question.columns.map(({ name }) => name), answer.rows))}>{t('ledgerFigures.csv')}</button>
              <button type="button" aria-expanded={isShowingEvidence} onClick={() => showEvidence(!isShowingEvidence)}>{t('ledgerFigures.evidence')}</button>
            </div>
            {isShowingEvidence ? <Behind path={`/staff/1/analytics/questions/${question.name}/evidence${queryOf({ ...given, height: String(answer.height) })}`} hasTransactions={hasTransactions} /> : null}
          </>
        )}</Asked>
      ) : null}
    </section>
  )
}

function queryOf(parameters: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== ''))
  return query.size === 0 ? '' : `?${query.toString()}`
}

function Chart({ question, answer }: { readonly question: Question; readonly answer: Answer }): ReactNode {
  const { t, i18n: { language } } = useTranslation('professional')
  const inWords = useCellInWords()
  const { chart } = question
  if (chart === null || answer.rows.length === 0) return null
  const heading = (column: string): string => inLanguage(question.columns.find(({ name }) => name === column)?.says ?? [column, column], language)
  const bars = barsOf(answer, chart).map((bar) => ({ ...bar, label: inWords(chart.label, bar.label) }))
  return <Bars title={heading(chart.value)} summary={t('ledgerFigures.chart', { by: heading(chart.label) })} columns={[heading(chart.label), heading(chart.value)]} tableLabel={t('table')} bars={bars} {...(chart.value === 'share_after' ? { whole: 1 } : {})} />
}

function Table({ question, answer }: { readonly question: Question; readonly answer: Answer }): ReactNode {
  const { t, i18n: { language } } = useTranslation('professional')
  const inWords = useCellInWords()
  const [first, ...others] = question.columns.map(({ name, says }, at) => ({ name: inLanguage(says, language), cell: ({ cells }: NumberedRow) => inWords(name, cells[at] ?? null), isNumber: answer.rows.some((row) => typeof row[at] === 'number') }))
  if (answer.rows.length === 0 || first === undefined) return <div className="note"><p>{t('ledgerFigures.none')}</p></div>
  return (
    <>
      <Rows caption={inLanguage(question.title, language)} rows={answer.rows.slice(0, DRAWN).map((cells, number) => ({ cells, number }))} keyOf={({ number }) => String(number)} columns={[first, ...others]} />
      {answer.rows.length > DRAWN ? <p className="muted">{t('ledgerFigures.more', { count: answer.rows.length - DRAWN })}</p> : null}
    </>
  )
}

interface NumberedRow {
  readonly cells: readonly Cell[]
  readonly number: number
}

function Behind({ path, hasTransactions }: { readonly path: string; readonly hasTransactions: boolean }): ReactNode {
  const { t } = useTranslation('professional')
  const inWords = useCellInWords()
  return (
    <Asked asked={useAsked<Evidence>(path)}>{({ total, rows }) => (
      <>
        <p>{t('ledgerFigures.behind', { count: total, some: rows.length })}</p>
        <Rows caption={t('ledgerFigures.evidence')} rows={rows} keyOf={(row) => `${String(row[0])}/${String(row[1])}`} columns={[
          { name: t('health.height'), cell: (row) => written(row[0] ?? null) },
          { name: t('blocks.what'), cell: (row) => `${String(row[3])} ${String(row[4])}` },
          { name: t('blocks.submitter'), cell: (row) => inWords('submitter', row[5] ?? null) },
          { name: t('releases.when'), cell: (row) => written(row[6] ?? null) },
          { name: t('request.id'), cell: (row) => hasTransactions ? <Link href={`/transactions/${String(row[2])}`}><code className="small">{String(row[2])}</code></Link> : <code className="small">{String(row[2])}</code> },
        ]} />
      </>
    )}</Asked>
  )
}
