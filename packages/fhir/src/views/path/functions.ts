// Functions of FHIRPath that views have: the specification's required and experimental ones, and those that cost a line each.
import { digitsOf } from '../exact.ts'
import type { ExactNumber } from '../exact.ts'
import type { Compiled, Scope } from './compiled.ts'
import { referenceKey, resourceKey } from './keys.ts'
import { truth } from './operators.ts'
import { boundary } from './temporal.ts'
import { isTemporal } from './types.ts'
import { count, distinct, isEmpty, isNumber, items, member, single, textOf, valueOf } from './values.ts'
import type { Value } from './values.ts'

/** What a function is made of: its input, and its arguments, those of `each` with every item of the input as `$this`. */
export interface Call {
  readonly of: Compiled
  readonly args: readonly Compiled[]
  /** A type named as argument. */
  readonly type?: string
}

export interface PathFunction {
  readonly args: readonly [least: number, most: number]
  /** Whether the arguments are evaluated on each item of the input. */
  readonly each?: true
  /** Whether the argument names a type. */
  readonly namesType?: true
  readonly make: (call: Call) => Compiled
}

type Run = Compiled['run']

/** A function of the input alone. */
const plain = (of: (value: Value) => Value, types?: readonly string[] | 'same'): PathFunction => ({
  args: [0, 0],
  make: ({ of: input }) => ({ run: (self, scope) => of(input.run(self, scope)), types: types === 'same' ? input.types : types }),
})

/** A function of a text and texts or numbers. */
const textual = (args: readonly [number, number], of: (text: string, ...args: readonly unknown[]) => Value, type: string): PathFunction => ({
  args,
  make: ({ of: input, args: given }) => ({
    run: (self, scope) => {
      const text = single(input.run(self, scope))
      const values = given.map((arg) => single(arg.run(self, scope)))
      return typeof text !== 'string' || values.includes(undefined) ? undefined : of(text, ...values)
    },
    types: [type],
  }),
})

const numeric = (of: (value: number) => number): PathFunction => plain((value) => {
  const item = single(value)
  return isNumber(item) ? of(Number(item)) : undefined
}, ['decimal'])

const filtering = (pick: (list: readonly unknown[], holds: (item: unknown) => boolean) => Value, types: readonly string[] | 'same', least: 0 | 1 = 1): PathFunction => ({
  args: [least, 1], each: true,
  make: ({ of, args: [criterion] }) => ({
    run: (self, scope) => pick(items(of.run(self, scope)), criterion === undefined ? () => true : (item) => criterion.run(item, scope) === true),
    types: types === 'same' ? of.types : types,
  }),
})

/** Part of the input by a number. */
const part = (of: (list: readonly unknown[], n: number) => readonly unknown[]): PathFunction => ({
  args: [1, 1],
  make: ({ of: input, args: [n] }) => ({ run: (self, scope) => valueOf(of(items(input.run(self, scope)), Number(single(n?.run(self, scope)) ?? 0))), types: input.types }),
})

const first = (value: Value): Value => Array.isArray(value) ? value[0] as unknown : value

export const functions: Readonly<Record<string, PathFunction>> = {
  where: filtering((list, holds) => valueOf(list.filter(holds)), 'same'),
  exists: filtering((list, holds) => list.some(holds), ['boolean'], 0),
  all: filtering((list, holds) => list.every(holds), ['boolean']),
  select: { args: [1, 1], each: true, make: ({ of, args: [projection] }) => ({ run: (self, scope) => valueOf(items(of.run(self, scope)).flatMap((item) => items(projection?.run(item, scope)))), types: projection?.types }) },
  empty: plain(isEmpty, ['boolean']),
  not: plain((value) => {
    const is = truth(value)
    return is === undefined ? undefined : !is
  }, ['boolean']),
  count: plain(count, ['integer']),
  first: plain(first, 'same'),
  last: plain((value) => items(value).at(-1), 'same'),
  tail: plain((value) => valueOf(items(value).slice(1)), 'same'),
  skip: part((list, n) => list.slice(Math.max(n, 0))),
  take: part((list, n) => list.slice(0, Math.max(n, 0))),
  distinct: plain((value) => valueOf(distinct(items(value))), 'same'),
  iif: { args: [2, 3], make: makeIif },
  join: { args: [0, 1], make: ({ of, args: [separator] }) => ({ run: (self, scope) => joined(of.run(self, scope), separator?.run(self, scope)), types: ['string'] }) },
  extension: { args: [1, 1], make: makeExtension },
  startsWith: textual([1, 1], (text, start) => text.startsWith(String(start)), 'boolean'),
  endsWith: textual([1, 1], (text, end) => text.endsWith(String(end)), 'boolean'),
  contains: textual([1, 1], (text, part) => text.includes(String(part)), 'boolean'),
  indexOf: textual([1, 1], (text, part) => text.indexOf(String(part)), 'integer'),
  substring: textual([1, 2], (text, start, length) => Number(start) < 0 || Number(start) >= text.length ? undefined : text.slice(Number(start), length === undefined ? undefined : Number(start) + Number(length)), 'string'),
  replace: textual([2, 2], (text, from, to) => text.replaceAll(String(from), () => String(to)), 'string'),
  upper: textual([0, 0], (text) => text.toUpperCase(), 'string'),
  lower: textual([0, 0], (text) => text.toLowerCase(), 'string'),
  trim: textual([0, 0], (text) => text.trim(), 'string'),
  length: textual([0, 0], (text) => text.length, 'integer'),
  toString: plain((value) => {
    const item = single(value)
    return isNumber(item) ? digitsOf(item) : typeof item === 'string' || typeof item === 'boolean' ? String(item) : undefined
  }, ['string']),
  toInteger: plain((value) => numberFrom(single(value), /^[+-]?\d+$/), ['integer']),
  toDecimal: plain((value) => numberFrom(single(value), /^[+-]?\d+(?:\.\d+)?$/), ['decimal']),
  abs: numeric(Math.abs),
  round: numeric((value) => Math.sign(value) * Math.round(Math.abs(value))),
  floor: numeric(Math.floor),
  ceiling: numeric(Math.ceil),
  lowBoundary: makeBoundary('low'),
  highBoundary: makeBoundary('high'),
  getResourceKey: plain((value) => resourceKey(single(value)), ['string']),
  getReferenceKey: { args: [0, 1], namesType: true, make: ({ of, type }) => ({ run: (self, scope) => valueOf(items(of.run(self, scope)).map((item) => referenceKey(item, type)).filter((key) => key !== undefined)), types: ['string'] }) },
}

function makeIif({ of, args }: Call): Compiled {
  const [criterion, yes, no] = args as [Compiled, Compiled, Compiled?]
  const run: Run = (self, scope) => {
    const input = of.run(self, scope)
    return criterion.run(input, scope) === true ? yes.run(input, scope) : no?.run(input, scope)
  }
  return { run, types: no === undefined ? yes.types : yes.types === undefined || no.types === undefined ? undefined : [...new Set([...yes.types, ...no.types])] }
}

/** Of nothing: the empty text, as the specification's test files have it. */
function joined(value: Value, separator: Value): string {
  return items(value).map(textOf).join(textOf(single(separator) ?? ''))
}

function makeExtension({ of, args }: Call): Compiled {
  const [url] = args as [Compiled]
  const holder = of.beside ?? of.run
  const run = (self: Value, scope: Scope): Value => {
    const wanted = single(url.run(self, scope))
    const found = items(holder(self, scope)).flatMap((item) => {
      return items(member(item, 'extension')).filter((one) => member(one, 'url') === wanted)
    })
    return valueOf(found)
  }
  return { run, types: ['Extension'] }
}

function numberFrom(item: unknown, shape: RegExp): number | undefined {
  if (typeof item === 'boolean') return item ? 1 : 0
  if (isNumber(item)) return shape.test(String(Number(item))) ? Number(item) : undefined
  return typeof item === 'string' && shape.test(item) ? Number(item) : undefined
}

function makeBoundary(side: 'low' | 'high'): PathFunction {
  return {
    args: [0, 0],
    make: ({ of }) => {
      const type = of.types?.length === 1 ? of.types[0] : undefined
      const asTemporal = isTemporal(of.types) ? (type === 'instant' ? 'dateTime' : type) as 'date' | 'dateTime' | 'time' | undefined : undefined
      const run: Run = (self, scope) => {
        const item = single(of.run(self, scope))
        if (isNumber(item)) return decimalBoundary(item, side)
        return typeof item === 'string' && asTemporal !== undefined ? boundary(item, asTemporal, side) : undefined
      }
      return { run, types: of.types }
    },
  }
}

/** Half of the last digit away. */
function decimalBoundary(value: number | ExactNumber, side: 'low' | 'high'): number {
  const digits = digitsOf(value)
  if (!/^-?\d+(?:\.\d+)?$/.test(digits)) return Number(value)
  const places = digits.split('.')[1]?.length ?? 0
  const scaled = BigInt(digits.replace('.', '')) * 10n + (side === 'low' ? -5n : 5n)
  return Number(`${scaled}e-${places + 1}`)
}
