// The functions of FHIRPath (hl7.org/fhirpath/N1#functions, and FHIR's own `hasValue`, `htmlChecks`) that invariants of FHIR R4 use.
import { narrativeProblem } from './narrative.ts'
import { BeyondSubset } from './syntax.ts'
import type { Syntax } from './syntax.ts'
import { distinct, isObject, isSame, logical, no, nothing, onlyText, truth, yes } from './values.ts'
import type { Collection, Surroundings, Typed } from './values.ts'

type Types = readonly string[] | undefined
type Make = (syntax: Syntax, focus: Types) => Typed
/** A function from its arguments and the types of what it is called on. */
type Maker = (given: readonly Syntax[], types: Types, make: Make) => Typed

const system = ['System']

/** Of the collection alone. */
const plain = (evaluate: (items: Collection) => Collection, result: (types: Types) => Types = () => system): Maker => (given, types) => {
  if (given.length > 0) throw new BeyondSubset('arguments')
  return { evaluate, types: result(types) }
}

/** With a criterion asked of each item. */
const each = (evaluate: (items: Collection, holds: (item: unknown) => Collection) => Collection, result: (types: Types, criterion: Typed) => Types): Maker => (given, types, make) => {
  const criterion = make(argument(given), types)
  return { types: result(types, criterion), evaluate: (items, around) => evaluate(items, (item) => criterion.evaluate([item], around)) }
}

/** Of one text and one other, evaluated where the whole expression is. */
const textual = (evaluate: (text: string, other: string) => Collection): Maker => (given, types, make) => {
  const other = make(argument(given), types)
  return {
    types: system,
    evaluate: (items, around) => {
      const [a, b] = [onlyText(items), onlyText(other.evaluate(items, around))]
      return a === undefined || b === undefined ? nothing : evaluate(a, b)
    },
  }
}

/** Of two collections. */
const joined = (evaluate: (items: Collection, others: Collection) => Collection): Maker => (given, types, make) => {
  const others = make(argument(given), types)
  return { types: undefined, evaluate: (items, around: Surroundings) => evaluate(items, others.evaluate(items, around)) }
}

function argument(given: readonly Syntax[]): Syntax {
  if (given.length === 0 || given[0] === undefined) throw new BeyondSubset('no argument')
  return given[0]
}

const same = (types: Types): Types => types
const where = each((items, holds) => items.filter((item) => truth(holds(item)) === true), same)
const unknown = (): Types => undefined

export const functions: Readonly<Record<string, Maker | undefined>> = {
  exists: (given, types, make) => {
    const found = given.length === 0 ? undefined : where(given, types, make)
    return { types: system, evaluate: (items, around) => (found === undefined ? items : found.evaluate(items, around)).length > 0 ? yes : no }
  },
  empty: plain((items) => items.length === 0 ? yes : no),
  not: plain((items) => logical(truth(items) === undefined ? undefined : truth(items) !== true)),
  count: plain((items) => [items.length]),
  first: plain((items) => items.slice(0, 1), same),
  tail: plain((items) => items.slice(1), same),
  hasValue: plain((items) => logical(items.length === 1 && !isObject(items[0]))),
  isDistinct: plain((items) => logical(distinct(items).length === items.length)),
  allFalse: plain((items) => logical(items.every((item) => item === false))),
  toInteger: plain((items) => items.length === 0 ? nothing : toInteger(items)),
  toString: plain((items) => items.length === 1 && !isObject(items[0]) ? [String(items[0])] : nothing),
  children: plain(children, unknown),
  descendants: plain(descendants, unknown),
  htmlChecks: plain((items) => logical(items.every((item) => typeof item !== 'string' || narrativeProblem(item) === undefined))),
  trace: (_, types) => ({ evaluate: (items) => items, types }),
  where,
  select: each((items, project) => items.flatMap(project), (_, criterion) => criterion.types),
  all: each((items, holds) => logical(items.every((item) => truth(holds(item)) === true)), () => system),
  substring: (given, types, make) => {
    const start = make(argument(given), types)
    return { types: system, evaluate: (items, around) => items.length === 0 ? nothing : [(onlyText(items) ?? '').slice(Number(start.evaluate(items, around)[0]))] }
  },
  startsWith: textual((text, start) => logical(text.startsWith(start))),
  contains: textual((text, part) => logical(text.includes(part))),
  matches: textual((text, pattern) => logical(expressionOf(pattern).test(text))),
  intersect: joined((items, others) => distinct(items).filter((item) => others.some((other) => isSame(item, other)))),
  combine: joined((items, others) => [...items, ...others]),
  iif: (given, types, make) => {
    const [criterion, then, otherwise] = given.map((one) => make(one, types))
    if (criterion === undefined || then === undefined) throw new BeyondSubset('iif')
    return { types: undefined, evaluate: (items, around) => truth(criterion.evaluate(items, around)) === true ? then.evaluate(items, around) : otherwise?.evaluate(items, around) ?? nothing }
  },
  is: (given) => {
    const type = argument(given)
    // Only resources tell what they are.
    if (type.kind !== 'member' || !['Composition', 'MessageHeader'].includes(type.name)) throw new BeyondSubset('is')
    return { types: system, evaluate: (items) => items.length === 0 ? nothing : logical(isObject(items[0]) && items[0]['resourceType'] === type.name) }
  },
}

function toInteger([item, ...more]: Collection): Collection {
  if (more.length > 0 || typeof item !== 'string') throw new BeyondSubset('toInteger')
  return /^[+-]?\d+$/.test(item) ? [Number(item)] : nothing
}

const expressions = new Map<string, RegExp>()

/** `matches` finds its pattern anywhere in the text. The patterns are HL7's, fixed when this is built. */
function expressionOf(pattern: string): RegExp {
  const known = expressions.get(pattern) ?? new RegExp(pattern, 's')
  expressions.set(pattern, known)
  return known
}

/** Values of all members. What stands beside a primitive (`_x`) is part of it. */
function children(items: Collection): Collection {
  return items.flatMap((item) => isObject(item) ? Object.entries(item).flatMap(([name, value]) => isPartOfOther(item, name) ? [] : value) : [])
}

const isPartOfOther = (item: Readonly<Record<string, unknown>>, name: string): boolean => name === 'resourceType' || (name.startsWith('_') && item[name.slice(1)] !== undefined)

function descendants(items: Collection): Collection {
  const found: unknown[] = []
  for (let level = children(items); level.length > 0; level = children(level)) found.push(...level)
  return found
}
