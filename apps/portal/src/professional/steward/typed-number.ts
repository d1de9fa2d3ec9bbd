// A number as somebody types it into a policy: a whole one, any, or a share in percent.
import { number } from '../../words/language.ts'

export type NumberKind = 'whole' | 'number' | 'percent' | 'chance'

const MOST = 1e9
const decimals = (typed: string): number => /[.,](\d+)/.exec(typed)?.[1]?.length ?? 0

/** A chance typed as rounded percent of one in n is one in n: 9.09 or 9 is 1/11, as printed guidance means it. */
function chanceOf(typed: string): number {
  const percent = Number(typed.replace(',', '.'))
  const n = Math.round(100 / percent)
  return n > 0 && (100 / n).toFixed(decimals(typed)) === percent.toFixed(decimals(typed)) ? 1 / n : percent / 100
}

function shareOf(text: string, percent: number, kind: NumberKind): number | undefined {
  if (percent < 0 || percent > 100) return undefined
  return kind === 'chance' && percent > 0 ? chanceOf(text) : percent / 100
}

/** Undefined where it is none of its kind. A share is typed in percent and told as a part of 1. */
export function readNumber(typed: string, kind: NumberKind, least = 0): number | undefined {
  const text = typed.trim()
  const number = Number(text.replace(',', '.'))
  if (text === '' || !Number.isFinite(number) || Math.abs(number) > MOST) return undefined
  if (kind === 'percent' || kind === 'chance') return shareOf(text, number, kind)
  return number >= least && (kind === 'number' || Number.isSafeInteger(number)) ? number : undefined
}

export const writtenNumber = (value: number, kind: NumberKind): string => number(kind === 'percent' || kind === 'chance' ? Number((100 * value).toPrecision(4)) : value, { useGrouping: false })
