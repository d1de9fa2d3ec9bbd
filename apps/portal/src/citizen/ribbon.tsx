// The life of her choices: one band a hospital, from the first one signed here to now, with what each was written beside it.
import type { KeptDecision } from '@mhmd/accounts'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

interface RibbonProps {
  readonly decisions: readonly KeptDecision[]
  readonly nameOf: (holder: string) => string
}

type Said = 'agree' | 'withdraw' | 'opt-out' | 'opt-in'
export const saidIn = ({ kind, statement: { operation } }: Pick<KeptDecision, 'kind' | 'statement'>): Said => kind === 'consent' ? (operation === 'set' ? 'agree' : 'withdraw') : operation === 'set' ? 'opt-out' : 'opt-in'

const STEP = 56
const opens: Readonly<Record<Said, boolean>> = { agree: true, withdraw: false, 'opt-out': false, 'opt-in': true }

export function Ribbon({ decisions, nameOf }: RibbonProps): ReactNode {
  const { t } = useTranslation()
  const holders = [...new Set(decisions.map(({ statement }) => statement.holder))]
  if (holders.length === 0) return null
  const of = (holder: string): readonly KeptDecision[] => decisions.filter(({ statement }) => statement.holder === holder)
  const steps = Math.max(...holders.map((holder) => of(holder).length))
  const width = Math.max(640, (steps + 1) * STEP)
  return (
    <figure className="chart">
      <figcaption id="ribbon-title"><h2>{t('choices.ribbon')}</h2><span className="muted">{t('choices.ribbonSummary')}</span></figcaption>
      <svg viewBox={`0 0 ${width} ${holders.length * 58}`} role="img" aria-labelledby="ribbon-title">
        {holders.map((holder, row) => (
          <g key={holder} transform={`translate(0 ${row * 58})`}>
            <text x="0" y="16" fontSize="15">{nameOf(holder)}</text>
            {of(holder).map((decision, at) => {
              const isOpen = opens[saidIn(decision)]
              return <g key={decision.statement.operationId} transform={`translate(${at * STEP} 26)`}><rect width={at === of(holder).length - 1 ? width - at * STEP : STEP} height="14" fill={isOpen ? 'var(--yes)' : 'var(--sunken)'} stroke={isOpen ? 'var(--yes)' : 'var(--edge)'} /><circle cx="7" cy="7" r="6" fill="var(--surface)" stroke="var(--ink)" strokeWidth="2" /></g>
            })}
          </g>
        ))}
      </svg>
      <details className="small"><summary>{t('data.table')}</summary>
        <table><tbody>{holders.flatMap((holder) => of(holder).map((decision) => <tr key={decision.statement.operationId}><th scope="row">{nameOf(holder)}</th><td className="number">{decision.statement.version}</td><td>{t(`receipt.${saidIn(decision)}`)}</td></tr>))}</tbody></table>
      </details>
    </figure>
  )
}
