// Bars with their figures written on them: a picture with a title, a sentence that says what it shows, and the table it was drawn from.
import { useId } from 'react'
import type { ReactNode } from 'react'

export interface Bar {
  readonly label: string
  readonly value: number
  /** As it is written, with unit and uncertainty. */
  readonly shown: string
  /** The half-width of the interval, where the figure has one. */
  readonly spread?: number
}

export interface BarsProps {
  readonly title: string
  readonly summary: string
  readonly columns: readonly [name: string, figure: string]
  readonly tableLabel: string
  readonly bars: readonly Bar[]
  /** Where the scale ends, for shares of a whole. */
  readonly whole?: number
  /** A line that the figures are held against. */
  readonly threshold?: { readonly value: number; readonly label: string }
}

const WIDTH = 640
const ROW = 44
const BAR = 14

export function Bars({ title, summary, columns, tableLabel, bars, whole, threshold }: BarsProps): ReactNode {
  const id = useId()
  const most = whole ?? Math.max(1e-9, (threshold?.value ?? 0) * 1.08, ...bars.map(({ value, spread = 0 }) => value + spread))
  const x = (value: number): number => (value / most) * WIDTH
  const height = bars.length * ROW + (threshold === undefined ? 4 : 26)
  return (
    <figure className="chart">
      <figcaption id={`${id}-title`}><strong>{title}</strong> <span className="muted" id={`${id}-summary`}>{summary}</span></figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-labelledby={`${id}-title`}>
        {bars.map(({ label, value, shown, spread }, at) => (
          <g key={label} transform={`translate(0 ${at * ROW})`}>
            <text x="0" y="16" fontSize="14">{label}</text>
            <text x={WIDTH} y="16" fontSize="14" textAnchor="end" fontWeight="600">{shown}</text>
            <rect x="0" y="24" width={WIDTH} height={BAR} fill="var(--sunken)" />
            <rect x="0" y="24" width={Math.max(value > 0 ? 2 : 0, x(value))} height={BAR} fill="var(--primary)" />
            {spread === undefined ? null : <path d={`M${x(Math.max(0, value - spread))} 31H${x(value + spread)}M${x(Math.max(0, value - spread))} 27v8M${x(value + spread)} 27v8`} stroke="var(--ink)" strokeWidth="1.5" />}
          </g>
        ))}
        {threshold === undefined ? null : <g><path d={`M${x(threshold.value)} 20V${height - 20}`} stroke="var(--no)" strokeWidth="2" strokeDasharray="5 4" /><text x={Math.min(x(threshold.value), WIDTH - 4)} y={height - 4} fontSize="13" textAnchor={x(threshold.value) > WIDTH / 2 ? 'end' : 'start'}>{threshold.label}</text></g>}
      </svg>
      <details className="small">
        <summary>{tableLabel}</summary>
        <div className="scroll"><table><thead><tr><th scope="col">{columns[0]}</th><th scope="col" className="number">{columns[1]}</th></tr></thead><tbody>{bars.map(({ label, shown }) => <tr key={label}><th scope="row">{label}</th><td className="number">{shown}</td></tr>)}</tbody></table></div>
      </details>
    </figure>
  )
}
