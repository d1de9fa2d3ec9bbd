// Masks that exchange values between rows: rank swapping (Moore 1996) and the post-randomisation method (Gouweleeuw et al., JOS 14(4), 1998).
import type { Column } from '@mhmd/columns'
import { columnOf, textAt } from '@mhmd/columns'
import { deidErrors } from '../errors.ts'
import { rationalOf, rationalOfNumber } from './decimals.ts'
import { bernoulli, indexBelow } from './samplers.ts'
import type { BitSource } from './secret-stream.ts'

/** Tries to hit a free place before the free ones are listed. */
const tries = 16

/** Each number is exchanged with one at most `share` of the rows further up in rank, drawn uniformly from those not exchanged yet; empty cells stay. The values of the column stay the same as a whole. */
export function rankSwapped(column: Column, share: number, source: BitSource): Column {
  const texts = Array.from(column.codes, (_, row) => textAt(column, row))
  const numbers = texts.map((text, row) => {
    if (text !== '' && rationalOf(text) === undefined) throw deidErrors.MASK_VALUE({ mask: 'rank-swapping', column: column.name, row: row + 1 })
    return Number(text)
  })
  const ranked = Array.from(texts.keys()).filter((row) => texts[row] !== '').sort((a, b) => (numbers[a] as number) - (numbers[b] as number) || a - b)
  const width = Math.floor(share * ranked.length)
  const isDone = new Uint8Array(ranked.length)
  const swapped = [...texts]
  ranked.forEach((row, rank) => {
    if (isDone[rank] === 1) return
    const other = freeWithin(isDone, { from: rank + 1, to: Math.min(ranked.length, rank + 1 + width) }, source)
    if (other === undefined) return
    const otherRow = ranked[other] as number
    swapped[row] = texts[otherRow] as string
    swapped[otherRow] = texts[row] as string
    isDone[other] = 1
  })
  return columnOf(column.name, swapped)
}

function freeWithin(isDone: Uint8Array, { from, to }: { from: number; to: number }, source: BitSource): number | undefined {
  for (let i = 0; i < tries && to > from; i++) {
    const place = from + indexBelow(to - from, source)
    if (isDone[place] === 0) return place
  }
  const free = Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i).filter((place) => isDone[place] === 0)
  return free[indexBelow(free.length, source)]
}

/** Each cell stays with probability `keep`, else takes the value of a row drawn uniformly: shares are kept on average (an invariant transition matrix, p·I + (1 − p)·1πᵀ). */
export function postRandomised(column: Column, keep: number, source: BitSource): Column {
  const chance = rationalOfNumber(keep)
  return columnOf(column.name, Array.from(column.codes, (_, row) => textAt(column, bernoulli(chance, source) ? row : indexBelow(column.codes.length, source))))
}
