// The frontier of risk against what is lost: every alternative a dot, those that no other beats as buttons with their names, joined by a line; the table it was drawn from stands below it.
import { useId } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { number } from '../../../words/language.ts'
import type { Alternative, LossAxis, RiskAxis } from './answers.ts'
import { figure } from './answers.ts'
import { nameInWords, policyInWords } from './in-words.ts'

interface PlotProps {
  readonly alternatives: readonly Alternative[]
  /** Names, least risk first. */
  readonly best: readonly string[]
  readonly risk: RiskAxis
  readonly loss: LossAxis
  readonly chosen: string | undefined
  readonly choose: (name: string) => void
  /** A line that the risk is held against. */
  readonly threshold?: number | undefined
}

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT] = [640, 360, 56, 44, 16, 24]

interface Scale {
  readonly at: (value: number) => number
  readonly ticks: readonly number[]
}

/** From 0, or from the least where it is below, to a little above the most. */
function scaleOf(values: readonly number[], from: number, to: number): Scale {
  const least = Math.min(0, ...values)
  const most = Math.max(1e-6, ...values) * 1.08
  const step = 10 ** Math.floor(Math.log10((most - least) / 4))
  const wide = [1, 2, 5, 10].map((factor) => factor * step).find((one) => (most - least) / one <= 6) ?? step
  const ticks = Array.from({ length: Math.floor((most - least) / wide) + 1 }, (_, at) => Math.ceil(least / wide) * wide + at * wide).filter((tick) => tick <= most)
  return { at: (value) => from + ((value - least) / (most - least)) * (to - from), ticks }
}

export function Plot({ alternatives, best, risk, loss, chosen, choose, threshold }: PlotProps): ReactNode {
  const { t } = useTranslation('professional')
  const id = useId()
  const x = scaleOf([...alternatives.map(({ axes }) => axes[risk]), ...(threshold === undefined ? [] : [threshold])], LEFT, WIDTH - RIGHT)
  const y = scaleOf(alternatives.map(({ axes }) => axes[loss]), HEIGHT - BOTTOM, TOP)
  const place = ({ axes }: Alternative): { readonly left: number; readonly top: number } => ({ left: x.at(axes[risk]), top: y.at(axes[loss]) })
  // Those that give the same figures stand at one place, under the first one's name.
  const spots = [...Map.groupBy(best.flatMap((name) => alternatives.filter((one) => one.name === name)), (one) => `${place(one).left.toFixed(0)} ${place(one).top.toFixed(0)}`).values()]
  const named = spots.flatMap((same) => same.slice(0, 1))
  const labelOf = ({ name }: Alternative): string => {
    const more = (spots.find(([first]) => first?.name === name)?.length ?? 1) - 1
    return more === 0 ? nameInWords(name, t) : `${nameInWords(name, t)} +${more}`
  }
  const isChosen = ({ name }: Alternative): boolean => spots.some((same) => same[0]?.name === name && same.some((one) => one.name === chosen))
  return (
    <figure className="chart frontier">
      <figcaption id={`${id}-title`}><strong>{t('protection.plot')}</strong> <span className="muted">{t('protection.plotSummary', { best: best.length, count: alternatives.length })}</span></figcaption>
      <div className="plane">
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-labelledby={`${id}-title`}>
          {x.ticks.map((tick) => <g key={`x${tick}`}><path d={`M${x.at(tick)} ${TOP}V${HEIGHT - BOTTOM}`} stroke="var(--line)" /><text x={x.at(tick)} y={HEIGHT - BOTTOM + 18} fontSize="13" textAnchor="middle">{number(Number(tick.toPrecision(3)))}</text></g>)}
          {y.ticks.map((tick) => <g key={`y${tick}`}><path d={`M${LEFT} ${y.at(tick)}H${WIDTH - RIGHT}`} stroke="var(--line)" /><text x={LEFT - 8} y={y.at(tick) + 4} fontSize="13" textAnchor="end">{number(Number(tick.toPrecision(3)))}</text></g>)}
          <text x={WIDTH - RIGHT} y={HEIGHT - 6} fontSize="13" textAnchor="end" fill="var(--muted)">{t(`protection.risks.${risk}`)} →</text>
          <text x="4" y="12" fontSize="13" fill="var(--muted)">↑ {t(`protection.losses.${loss}`)}</text>
          {threshold === undefined ? null : <path d={`M${x.at(threshold)} ${TOP}V${HEIGHT - BOTTOM}`} stroke="var(--no)" strokeWidth="2" strokeDasharray="5 4" />}
          <path d={named.map((one, at) => `${at === 0 ? 'M' : 'L'}${place(one).left} ${place(one).top}`).join('')} fill="none" stroke="var(--action)" strokeWidth="2" />
          {alternatives.map((one) => <circle key={one.name} cx={place(one).left} cy={place(one).top} r={one.name === chosen ? 7 : 4} fill={best.includes(one.name) ? 'var(--action)' : 'var(--sunken)'} stroke={one.name === chosen ? 'var(--ink)' : 'var(--edge)'} strokeWidth={one.name === chosen ? 3 : 1.2} />)}
          {named.map((one) => <text key={one.name} x={place(one).left + (place(one).left > WIDTH * 0.75 ? -11 : 11)} y={place(one).top - 8} fontSize="13" fontWeight="600" textAnchor={place(one).left > WIDTH * 0.75 ? 'end' : 'start'}>{labelOf(one)}</text>)}
        </svg>
        {named.map((one) => (
          <button key={one.name} type="button" className="point" aria-pressed={isChosen(one)} aria-label={t('protection.choose', { name: nameInWords(one.name, t) })} title={`${policyInWords(one.policy, t)}. ${t(`protection.risks.${risk}`)} ${figure(one.axes[risk])}, ${t(`protection.losses.${loss}`)} ${figure(one.axes[loss])}`}
            style={{ left: `${100 * place(one).left / WIDTH}%`, top: `${100 * place(one).top / HEIGHT}%` }} onClick={() => choose(one.name)} />
        ))}
      </div>
    </figure>
  )
}
