// Operators of FHIRPath (§6) over compiled sides: three-valued logic, comparison by type, arithmetic.
import type { Compiled } from './compiled.ts'
import { compareTemporal } from './temporal.ts'
import { isTemporal } from './types.ts'
import { distinct, isNumber, items, sameItem, single, textOf, valueOf } from './values.ts'
import type { Value } from './values.ts'

type Operator = (left: Compiled, right: Compiled) => Compiled

/** Boolean of an operand: one item that is no boolean counts as true (§4.5, singleton evaluation). */
export function truth(value: Value): boolean | undefined {
  const item = single(value)
  return item === undefined ? undefined : item !== false
}

const lift = (combine: (a: Value, b: Value) => Value, types: readonly string[] | undefined): Operator => (left, right) => ({ run: (self, scope) => combine(left.run(self, scope), right.run(self, scope)), types })
const logic = (combine: (a: boolean | undefined, b: boolean | undefined) => boolean | undefined): Operator => lift((a, b) => combine(truth(a), truth(b)), ['boolean'])

type Same = (a: unknown, b: unknown) => boolean | undefined
/** Dates are compared as dates where both sides may be ones: different texts can be the same moment, or not tell. */
const sameness = (left: Compiled, right: Compiled): Same => (isTemporal(left.types) && isTemporal(right.types) ? sameMoment : sameItem)

function sameMoment(a: unknown, b: unknown): boolean | undefined {
  if (typeof a !== 'string' || typeof b !== 'string') return false
  const order = compareTemporal(a, b)
  return order === undefined ? undefined : order === 0
}

function equal(a: Value, b: Value, same: Same): boolean | undefined {
  const [left, right] = [items(a), items(b)]
  if (left.length === 0 || right.length === 0) return undefined
  if (left.length !== right.length) return false
  let all: boolean | undefined = true
  for (let i = 0; i < left.length; i++) {
    const one = same(left[i], right[i])
    if (one === false) return false
    if (one === undefined) all = undefined
  }
  return all
}

const normal = (item: unknown): unknown => typeof item === 'string' ? item.trim().replace(/\s+/g, ' ').toLowerCase() : item

function equivalent(a: Value, b: Value): boolean {
  const [left, right] = [items(a).map(normal), items(b).map(normal)]
  const rest = [...right]
  return left.length === right.length && left.every((item) => {
    const at = rest.findIndex((other) => sameItem(item, other))
    if (at >= 0) rest.splice(at, 1)
    return at >= 0
  })
}

const opposite = (value: boolean | undefined): boolean | undefined => value === undefined ? undefined : !value

const compared = (holds: (order: number) => boolean): Operator => (left, right) => {
  const asMoments = isTemporal(left.types) && isTemporal(right.types)
  return lift((a, b) => {
    const order = orderOf(single(a), single(b), asMoments)
    return order === undefined ? undefined : holds(order)
  }, ['boolean'])(left, right)
}

function orderOf(a: unknown, b: unknown, asMoments: boolean): number | undefined {
  if (isNumber(a) && isNumber(b)) return Number(a) - Number(b)
  if (typeof a !== 'string' || typeof b !== 'string') return undefined
  if (asMoments) return compareTemporal(a, b)
  return a < b ? -1 : a > b ? 1 : 0
}

/** Fifteen digits hide what binary arithmetic adds to decimals: 0.1 + 0.2 is 0.3. */
const rounded = (value: number): number | undefined => Number.isFinite(value) ? Number(value.toPrecision(15)) : undefined

function arithmetic(combine: (a: number, b: number) => number, type: (left: Compiled, right: Compiled) => readonly string[]): Operator {
  return (left, right) => lift((a, b) => {
    const [x, y] = [single(a), single(b)]
    return isNumber(x) && isNumber(y) ? rounded(combine(Number(x), Number(y))) : undefined
  }, type(left, right))(left, right)
}

const decimal = (): readonly string[] => ['decimal']
const integer = (): readonly string[] => ['integer']
const text = (value: Value): string => textOf(single(value) ?? '')

const plus: Operator = (left, right) => lift((a, b) => {
  const [x, y] = [single(a), single(b)]
  if (isNumber(x) && isNumber(y)) return rounded(Number(x) + Number(y))
  return typeof x === 'string' && typeof y === 'string' ? x + y : undefined
}, undefined)(left, right)

const membership = (item: Value, list: Value, same: Same): boolean | undefined => {
  const wanted = single(item)
  return wanted === undefined ? undefined : items(list).some((one) => same(one, wanted) === true)
}

export const operators: Readonly<Record<string, Operator>> = {
  and: logic((a, b) => a === false || b === false ? false : a === undefined || b === undefined ? undefined : true),
  or: logic((a, b) => a === true || b === true ? true : a === undefined || b === undefined ? undefined : false),
  xor: logic((a, b) => a === undefined || b === undefined ? undefined : a !== b),
  implies: logic((a, b) => a === false || b === true ? true : a === undefined || b === undefined ? undefined : false),
  '=': (left, right) => lift((a, b) => equal(a, b, sameness(left, right)), ['boolean'])(left, right),
  '!=': (left, right) => lift((a, b) => opposite(equal(a, b, sameness(left, right))), ['boolean'])(left, right),
  '~': lift(equivalent, ['boolean']),
  '!~': lift((a, b) => !equivalent(a, b), ['boolean']),
  '<': compared((order) => order < 0),
  '<=': compared((order) => order <= 0),
  '>': compared((order) => order > 0),
  '>=': compared((order) => order >= 0),
  '|': (left, right) => lift((a, b) => valueOf(distinct([...items(a), ...items(b)])), left.types === undefined || right.types === undefined ? undefined : [...new Set([...left.types, ...right.types])])(left, right),
  '+': plus,
  '-': arithmetic((a, b) => a - b, decimal),
  '*': arithmetic((a, b) => a * b, decimal),
  '/': arithmetic((a, b) => a / b, decimal),
  div: arithmetic((a, b) => Math.trunc(a / b), integer),
  mod: arithmetic((a, b) => a % b, decimal),
  '&': lift((a, b) => text(a) + text(b), ['string']),
  in: (left, right) => lift((a, b) => membership(a, b, sameness(left, right)), ['boolean'])(left, right),
  contains: (left, right) => lift((a, b) => membership(b, a, sameness(left, right)), ['boolean'])(left, right),
}
