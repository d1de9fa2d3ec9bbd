// Neighbours in an order, grouped by given numbers.
import { badSpec, labelled } from './levels.ts'
import { numberOf } from './interval.ts'
import type { OrderSpec } from './spec.ts'

export function orderLevels(attribute: string, values: readonly string[], spec: OrderSpec): string[][] {
  const place = { attribute, builder: spec.type }
  if (spec.groups.length === 0 || !spec.groups.every((size) => Number.isSafeInteger(size) && size > 1)) throw badSpec(place, 'groups are one or more whole numbers above 1')
  const order = ordered(values.filter((value) => value !== ''), spec.by)
  if (new Set(order).size < order.length) throw badSpec(place, 'the order names a value twice')
  const rank = new Map(order.map((value, index) => [value, index]))
  let size = 1
  const sizes = spec.groups.map((group) => (size *= group))
  return labelled(place, values, {
    depth: sizes.length,
    labelsOf: (value) => {
      const index = rank.get(value)
      if (index === undefined || (spec.by === 'number' && numberOf(value) === undefined)) return undefined
      return sizes.map((width) => groupLabel(order, Math.floor(index / width) * width, width))
    },
  })
}

/** A group is named by its ends; the count keeps two groups apart that texts alone would not. */
function groupLabel(order: readonly string[], start: number, width: number): string {
  const last = Math.min(start + width, order.length) - 1
  return start === last ? (order[start] as string) : `[${order[start] as string} - ${order[last] as string}]`
}

function ordered(values: readonly string[], by: OrderSpec['by']): readonly string[] {
  if (typeof by === 'object') return by
  if (by === 'number') return values.toSorted((a, b) => (numberOf(a) ?? 0) - (numberOf(b) ?? 0))
  return values.toSorted((a, b) => (a < b ? -1 : 1))
}
