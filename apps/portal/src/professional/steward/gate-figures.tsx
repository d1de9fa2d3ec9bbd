// The gate's figures held against the dataset's policy: one picture of how near each comes to its limit, and the figures themselves.
import type { DatasetPolicy } from '@mhmd/schema'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Bars } from '../../design/bars.tsx'
import { State } from '../../design/state.tsx'
import { number } from '../../words/language.ts'
import { Figures as FigureList } from '../figures.tsx'
import { percent } from './models.ts'

/** As `Figures` of packages/release; of a table that was held back, as far as its job noted them. */
export interface GateFigures {
  readonly rows: number
  readonly suppressedRows: number
  readonly people: number
  readonly classes: number
  readonly smallestClass: number
  readonly memberships: number
  readonly uniques: number
  readonly distinctValues: Readonly<Record<string, number>>
  readonly labels?: Readonly<Record<string, number>>
  readonly toldApart: Readonly<Record<string, number>>
}

interface Measure {
  readonly name: string
  readonly measured: number
  readonly allowed: number
  readonly atLeast?: true
}

const share = (part: number, whole: number): number => whole === 0 ? 0 : part / whole
const figure = (value: number, isWhole = false): string => isWhole ? number(value) : percent(value)
const isWithin = ({ measured, allowed, atLeast }: Measure): boolean => atLeast === true ? measured >= allowed : measured <= allowed + 1e-9
/** How much of what is allowed is used; a limit of nothing is either kept or not. */
const partOf = ({ measured, allowed }: Measure): number => allowed === 0 ? measured === 0 ? 0 : 2 : Math.min(2, measured / allowed)

function useMeasures(figures: GateFigures, policy: DatasetPolicy): readonly Measure[] {
  const { t } = useTranslation('professional')
  const { highestRisk, averageRisk, uniques, distinctValues } = policy.thresholds
  return [
    { name: t('gate.highest'), measured: figures.smallestClass === 0 ? 1 : 1 / figures.smallestClass, allowed: highestRisk },
    { name: t('gate.average'), measured: share(figures.classes, figures.memberships), allowed: averageRisk },
    { name: t('gate.uniques'), measured: share(figures.uniques, figures.memberships), allowed: uniques },
    { name: t('gate.suppressed'), measured: share(figures.suppressedRows, figures.rows), allowed: policy.suppressionLimit },
    ...Object.entries(figures.distinctValues).map(([column, measured]): Measure => ({ name: t('gate.distinct', { column }), measured, allowed: distinctValues, atLeast: true })),
    ...Object.entries(figures.toldApart).map(([column, people]): Measure => ({ name: t('gate.apart', { column }), measured: share(people, figures.people), allowed: uniques })),
  ]
}

export function GateFiguresShown({ figures, policy }: { readonly figures: GateFigures; readonly policy: DatasetPolicy | undefined }): ReactNode {
  const { t } = useTranslation('professional')
  return (
    <>
      <FigureList figures={[{ name: t('gate.rows'), value: figures.rows }, { name: t('gate.people'), value: figures.people }, { name: t('gate.classes'), value: figures.classes }, { name: t('gate.smallest'), value: figures.smallestClass }]} />
      {policy === undefined ? <p className="muted">{t('gate.noPolicy')}</p> : <Against figures={figures} policy={policy} />}
      {figures.labels === undefined || Object.keys(figures.labels).length === 0 ? null : <Bars title={t('gate.coverage')} summary="" columns={[t('datasets.column'), t('gate.labels')]} tableLabel={t('table')} bars={Object.entries(figures.labels).map(([label, value]) => ({ label, value, shown: number(value) }))} />}
    </>
  )
}

function Against({ figures, policy }: { readonly figures: GateFigures; readonly policy: DatasetPolicy }): ReactNode {
  const { t } = useTranslation('professional')
  const measures = useMeasures(figures, policy)
  return (
    <>
      <Bars title={t('gate.against')} summary={t('gate.summary')} columns={[t('gate.measure'), t('gate.measured')]} tableLabel={t('table')} whole={2} threshold={{ value: 1, label: t('gate.limit') }}
        bars={measures.filter(({ atLeast }) => atLeast !== true).map((measure) => ({ label: measure.name, value: partOf(measure), shown: t('gate.of', { measured: figure(measure.measured), allowed: figure(measure.allowed) }) }))} />
      <div className="scroll" tabIndex={0} role="region" aria-label={t('gate.against')}>
        <table>
          <thead><tr><th scope="col">{t('gate.measure')}</th><th scope="col" className="number">{t('gate.measured')}</th><th scope="col" className="number">{t('gate.allowed')}</th><th scope="col">{t('gate.verdict')}</th></tr></thead>
          <tbody>{measures.map((measure) => <tr key={measure.name}><th scope="row">{measure.name}</th><td className="number">{figure(measure.measured, measure.atLeast)}</td><td className="number">{t(measure.atLeast === true ? 'gate.atLeast' : 'gate.atMost', { figure: figure(measure.allowed, measure.atLeast) })}</td><td>{isWithin(measure) ? <State kind="yes">{t('gate.within')}</State> : <State kind="no">{t('gate.beyond')}</State>}</td></tr>)}</tbody>
        </table>
      </div>
    </>
  )
}

/** From a line of the job's log, where names of columns follow a colon. */
export function figuresNoted(details: Readonly<Record<string, string | number>>): GateFigures | undefined {
  const number = (name: string): number => Number(details[name] ?? 0)
  const named = (prefix: string): Record<string, number> => Object.fromEntries(Object.entries(details).flatMap(([name, value]) => name.startsWith(`${prefix}:`) ? [[name.slice(prefix.length + 1), Number(value)]] : []))
  if (details['rows'] === undefined) return undefined
  return { rows: number('rows'), suppressedRows: number('suppressedRows'), people: number('people'), classes: number('classes'), smallestClass: number('smallestClass'), memberships: number('memberships'), uniques: number('uniques'), distinctValues: named('distinct'), toldApart: named('told-apart') }
}
