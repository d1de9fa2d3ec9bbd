// Makes a function of an expression: FHIRPath's subset that the invariants of FHIR R4 use, over plain JSON, with types known from the definitions where they matter.
import { elementNamed, isChoiceName } from './elements.ts'
import type { ElementUse } from './elements.ts'
import { functions } from './functions.ts'
import { BeyondSubset } from './syntax.ts'
import type { Syntax } from './syntax.ts'
import { distinct, equals, isObject, isSame, logical, no, nothing, onlyText, order, truth } from './values.ts'
import type { Collection, Typed } from './values.ts'

type Types = readonly string[] | undefined

const system = ['System']

/** The function of an expression asked of values of these types, in a resource of this type. Throws BeyondSubset. */
export function makeClosure(syntax: Syntax, focus: Types, resource: Types): Typed {
  switch (syntax.kind) {
    case 'literal': {
      const value = syntax.value === undefined ? nothing : [syntax.value]
      return { evaluate: () => value, types: system }
    }
    case 'this': return { evaluate: (items) => items, types: focus }
    case 'constant': return constant(syntax.name, resource)
    case 'member': return member(syntax, focus, resource)
    case 'call': return call(syntax, focus, resource)
    case 'operator': return operator(syntax, focus, resource)
  }
}

const ucum = ['http://unitsofmeasure.org']
const constants: Readonly<Record<string, Typed>> = {
  ucum: { evaluate: () => ucum, types: system },
  resource: { evaluate: (_, { resource }) => [resource], types: undefined },
  rootResource: { evaluate: (_, { root }) => [root], types: undefined },
}

function constant(name: string, resource: Types): Typed {
  const found = constants[name]
  if (found === undefined) throw new BeyondSubset(`%${name}`)
  return name === 'resource' ? { ...found, types: resource } : found
}

function member({ of, name }: Syntax & { kind: 'member' }, focus: Types, resource: Types): Typed {
  const on = of === undefined ? undefined : makeClosure(of, focus, resource)
  const from = on === undefined ? focus : on.types
  if (on === undefined && focus?.[0] === name) return { evaluate: (items) => items, types: focus }
  const step = from === undefined ? plainStep(name) : knownStep(from, name)
  return { types: step.types, evaluate: on === undefined ? (items) => walk(items, step.properties) : (items, around) => walk(on.evaluate(items, around), step.properties) }
}

interface Step { readonly properties: readonly string[]; readonly types: Types }

function plainStep(name: string): Step {
  if (isChoiceName(name)) throw new BeyondSubset(`choice ${name} of no known type`)
  return { properties: [name], types: undefined }
}

function knownStep(from: readonly string[], name: string): Step {
  const uses = from.map((type) => elementNamed(type, name)).filter((use): use is ElementUse => use !== undefined)
  // Values of the other types don't have it.
  if (uses.length === 0) throw new BeyondSubset(`no ${name}`)
  const types = uses.flatMap((use) => use.types)
  return { properties: [...new Set(uses.flatMap((use) => use.properties))], types: types.includes('Resource') ? undefined : types }
}

/** An element that is only extensions stands for itself as the object that holds them. */
function walk(items: Collection, properties: readonly string[]): Collection {
  const found: unknown[] = []
  for (const item of items) {
    if (!isObject(item)) continue
    for (const property of properties) {
      const value = item[property]
      const beside = item[`_${property}`]
      if (Array.isArray(value)) value.forEach((one: unknown, index) => found.push(one ?? (beside as Collection | undefined)?.[index]))
      else if (value !== undefined) found.push(value)
      else if (Array.isArray(beside)) found.push(...beside.filter((one) => one !== null) as Collection)
      else if (beside !== undefined) found.push(beside)
    }
  }
  return found
}

function call({ of, name, arguments: given }: Syntax & { kind: 'call' }, focus: Types, resource: Types): Typed {
  const on: Typed = of === undefined ? { evaluate: (items) => items, types: focus } : makeClosure(of, focus, resource)
  const made = (Object.hasOwn(functions, name) ? functions[name] : undefined)?.(given, on.types, (syntax, types) => makeClosure(syntax, types, resource))
  if (made === undefined) throw new BeyondSubset(`${name}()`)
  return { types: made.types, evaluate: (items, around) => made.evaluate(on.evaluate(items, around), around) }
}

type Operation = (left: Collection, right: Collection) => Collection

const operations: Readonly<Record<string, Operation>> = {
  '=': (a, b) => logical(equals(a, b)),
  '!=': (a, b) => logical(negated(equals(a, b))),
  '<=': (a, b) => compared(a, b, (by) => by <= 0),
  '>=': (a, b) => compared(a, b, (by) => by >= 0),
  '<': (a, b) => compared(a, b, (by) => by < 0),
  '>': (a, b) => compared(a, b, (by) => by > 0),
  '|': (a, b) => distinct([...a, ...b]),
  '+': (a, b) => a.length === 0 || b.length === 0 ? nothing : [sum(a, b)],
  '&': (a, b) => [(onlyText(a) ?? '') + (onlyText(b) ?? '')],
  in: (a, b) => a.length === 0 ? nothing : b.length === 0 ? no : logical(b.some((one) => isSame(one, only(a)))),
  contains: (a, b) => b.length === 0 ? nothing : a.length === 0 ? no : logical(a.some((one) => isSame(one, only(b)))),
  xor: (a, b) => logical(either(truth(a), truth(b))),
}

const negated = (value: boolean | undefined): boolean | undefined => value === undefined ? undefined : !value

/** Undefined where one of the two is. */
const either = (x: boolean | undefined, y: boolean | undefined): boolean | undefined => x === undefined || y === undefined ? undefined : x !== y

const compared = (a: Collection, b: Collection, holds: (by: number) => boolean): Collection => {
  const by = order(a, b)
  return by === undefined ? nothing : logical(holds(by))
}

function only(items: Collection): unknown {
  if (items.length !== 1) throw new BeyondSubset('several items')
  return items[0]
}

function sum(a: Collection, b: Collection): number | string {
  const [x, y] = [only(a), only(b)]
  if (typeof x === 'number' && typeof y === 'number') return x + y
  if (typeof x === 'string' && typeof y === 'string') return x + y
  throw new BeyondSubset('+')
}

/** `and`, `or` and `implies` look at their right side only where the left doesn't decide; three values, undefined being "unknown". */
const lazy: Readonly<Record<string, (left: boolean | undefined, right: () => boolean | undefined) => boolean | undefined>> = {
  and: (left, right) => left === false ? false : both(left, right()),
  or: (left, right) => left === true ? true : negated(both(negated(left), negated(right()))),
  implies: (left, right) => left === false ? true : negated(both(left, negated(right()))),
}

const both = (x: boolean | undefined, y: boolean | undefined): boolean | undefined => x === false || y === false ? false : x === undefined || y === undefined ? undefined : true

function operator({ name, left, right }: Syntax & { kind: 'operator' }, focus: Types, resource: Types): Typed {
  const [a, b] = [makeClosure(left, focus, resource), makeClosure(right, focus, resource)]
  const decide = lazy[name]
  if (decide !== undefined) return { types: system, evaluate: (items, around) => logical(decide(truth(a.evaluate(items, around)), () => truth(b.evaluate(items, around)))) }
  const operate = operations[name]
  if (operate === undefined) throw new BeyondSubset(name)
  const types = name === '|' ? (a.types === undefined || b.types === undefined ? undefined : [...a.types, ...b.types]) : system
  return { types, evaluate: (items, around) => operate(a.evaluate(items, around), b.evaluate(items, around)) }
}

