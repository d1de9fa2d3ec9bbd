// Collections as JSON has them: undefined is empty, an array is several items, anything else is one item. Steps over single elements allocate nothing.
import { digitsOf, ExactNumber } from '../exact.ts'

export type Value = unknown

/** More than one item where one is wanted. Whoever runs the path knows the place. */
export class SeveralValues extends Error {}

export const items = (value: Value): readonly unknown[] => value === undefined ? [] : Array.isArray(value) ? value as unknown[] : [value]
export const count = (value: Value): number => value === undefined ? 0 : Array.isArray(value) ? value.length : 1
export const isEmpty = (value: Value): boolean => value === undefined || (Array.isArray(value) && value.length === 0)

export function valueOf(list: readonly unknown[]): Value {
  return list.length > 1 ? list : list[0]
}

/** The one item, or undefined. Throws SeveralValues. */
export function single(value: Value): unknown {
  if (!Array.isArray(value)) return value
  if (value.length > 1) throw new SeveralValues()
  return value[0] as unknown
}

/** A member of every item; nulls stand for values that aren't there (hl7.org/fhir/R4/json.html#primitive). */
export function member(value: Value, name: string): Value {
  if (value === undefined) return undefined
  if (!Array.isArray(value)) return typeof value === 'object' ? present((value as Record<string, unknown>)[name]) : undefined
  const found: unknown[] = []
  for (const item of value) {
    const inner = typeof item === 'object' && item !== null ? present((item as Record<string, unknown>)[name]) : undefined
    if (Array.isArray(inner)) found.push(...inner as unknown[])
    else if (inner !== undefined) found.push(inner)
  }
  return valueOf(found)
}

function present(found: unknown): Value {
  if (found === null) return undefined
  return Array.isArray(found) && found.includes(null) ? valueOf(found.filter((item) => item !== null)) : found
}

export const isNumber = (value: unknown): value is number | ExactNumber => typeof value === 'number' || value instanceof ExactNumber

/** Equality of two items (FHIRPath §6.1), objects by their members whatever their order. */
export function sameItem(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (isNumber(a) && isNumber(b)) return Number(a) === Number(b)
  return typeof a === 'object' && typeof b === 'object' && a !== null && b !== null && sameMembers(a as Record<string, unknown>, b as Record<string, unknown>)
}

/** Lists are objects whose names are places. */
function sameMembers(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): boolean {
  const names = Object.keys(a)
  return Array.isArray(a) === Array.isArray(b) && names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && sameItem(a[name], b[name]))
}

/** An item as a text: numbers as they were written. */
export function textOf(item: unknown): string {
  if (isNumber(item)) return digitsOf(item)
  return typeof item === 'string' ? item : JSON.stringify(item)
}

/** Each item once, in order of first occurrence. */
export function distinct(list: readonly unknown[]): unknown[] {
  const plain = new Set<unknown>()
  const others: unknown[] = []
  return list.filter((item) => {
    if (typeof item !== 'object') return !plain.has(item) && plain.add(item) !== undefined
    if (others.some((other) => sameItem(other, item)) || (isNumber(item) && plain.has(Number(item)))) return false
    others.push(item)
    if (isNumber(item)) plain.add(Number(item))
    return true
  })
}
