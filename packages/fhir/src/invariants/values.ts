// Values while an invariant is evaluated: plain JSON in lists, as FHIRPath's collections are; singletons, equality and order as hl7.org/fhirpath/N1 has them.
import { BeyondSubset } from './syntax.ts'

export type Collection = readonly unknown[]

/** What stands around the value that an invariant is asked of. */
export interface Surroundings {
  readonly value: unknown
  /** The resource it is in, and the one that this is contained in. */
  readonly resource: unknown
  readonly root: unknown
}

/** `types` are those that the items may have, undefined where that isn't known (a resource inside a resource). */
export interface Typed {
  readonly evaluate: (focus: Collection, around: Surroundings) => Collection
  readonly types: readonly string[] | undefined
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value)

export const nothing: Collection = []
export const yes: Collection = [true]
export const no: Collection = [false]

export const logical = (value: boolean | undefined): Collection => value === undefined ? nothing : value ? yes : no

/** A collection where one truth value is asked for: one item that is none counts as true. */
export function truth(collection: Collection): boolean | undefined {
  if (collection.length === 0) return undefined
  if (collection.length > 1) throw new BeyondSubset('several items')
  return typeof collection[0] === 'boolean' ? collection[0] : true
}

/** The one text of a collection, undefined for none. */
export function onlyText(collection: Collection): string | undefined {
  if (collection.length === 0) return undefined
  if (collection.length > 1 || typeof collection[0] !== 'string') throw new BeyondSubset('no text')
  return collection[0]
}

export function isSame(a: unknown, b: unknown): boolean {
  if (isObject(a) && isObject(b)) {
    const names = Object.keys(a)
    return names.length === Object.keys(b).length && names.every((name) => name in b && isSame(a[name], b[name]))
  }
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((one, index) => isSame(one, b[index]))
  return a === b
}

export function equals(a: Collection, b: Collection): boolean | undefined {
  if (a.length === 0 || b.length === 0) return undefined
  return a.length === b.length && a.every((one, index) => isSame(one, b[index]))
}

export const distinct = (collection: Collection): unknown[] => collection.every((one) => typeof one === 'string') ? [...new Set(collection)] : slowDistinct(collection)

function slowDistinct(collection: Collection): unknown[] {
  const found: unknown[] = []
  for (const one of collection) if (!found.some((before) => isSame(before, one))) found.push(one)
  return found
}

const day = /^\d{4}(?:-\d\d){0,2}$/
const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?(?:Z|[+-]\d\d:\d\d)$/

/** Negative, zero, positive. Dates of one precision alone can be told here; quantities and other text cannot. */
export function order(a: Collection, b: Collection): number | undefined {
  if (a.length === 0 || b.length === 0) return undefined
  const [x, y] = [a[0], b[0]]
  if (a.length === 1 && b.length === 1) {
    if (typeof x === 'number' && typeof y === 'number') return x - y
    if (typeof x === 'string' && typeof y === 'string') return orderOfDates(x, y)
  }
  throw new BeyondSubset('order')
}

function orderOfDates(x: string, y: string): number {
  if (day.test(x) && x.length === y.length && day.test(y)) return x < y ? -1 : x > y ? 1 : 0
  if (moment.test(x) && moment.test(y)) return Date.parse(x) - Date.parse(y)
  throw new BeyondSubset('order of dates')
}
