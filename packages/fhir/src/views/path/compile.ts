// Compiles a FHIRPath expression into closures over plain JSON. Types are told here, from FHIR's definitions; nothing of a path is looked up while it runs.
import { viewErrors } from '../errors.ts'
import { EMPTY } from './compiled.ts'
import type { Compiled, Context, Scope } from './compiled.ts'
import { functions } from './functions.ts'
import { PathProblem } from './lex.ts'
import { operators } from './operators.ts'
import { parsePath } from './parse.ts'
import type { Node } from './parse.ts'
import { isA, isAnyResource, isPrimitive, isType, placesOf } from './types.ts'
import type { Place, Types } from './types.ts'
import { isEmpty, items, member, single, valueOf } from './values.ts'
import type { Value } from './values.ts'

/** What a path is compiled on: `$this`, and its types. */
const itself = (types: Types): Compiled => ({ run: (self) => self, types })

/** Throws VIEW_BAD_PATH, VIEW_UNKNOWN_FUNCTION, VIEW_BAD_ARGUMENTS, VIEW_UNKNOWN_TYPE, VIEW_TYPE_NOT_TOLD, VIEW_UNKNOWN_CONSTANT. */
export function compilePath(text: string, types: Types, context: Context): Compiled {
  try {
    return compile(parsePath(text), itself(types), context)
  } catch (error) {
    if (error instanceof PathProblem) throw viewErrors.BAD_PATH({ at: context.at, offset: error.offset, why: error.message })
    throw error
  }
}

function compile(node: Node, self: Compiled, context: Context): Compiled {
  switch (node.kind) {
    case 'literal': return constant(node.literal?.value, node.literal?.type)
    case 'this': return self
    case 'constant': return compileConstant(node.name, node.offset, context)
    case 'member': return compileMember(node, self, context)
    case 'call': return compileCall(node, self, context)
    case 'index': return compileIndex(compile(node.of, self, context), compile(node.index, self, context))
    case 'type': return compileTyped(node.of, { operator: node.operator, type: typeNamed(node.type, context), offset: node.offset }, self, context)
    case 'sign': return compileSign(compile(node.of, self, context), node.negative)
    case 'binary': return (operators[node.operator] as (left: Compiled, right: Compiled) => Compiled)(compile(node.left, self, context), compile(node.right, self, context))
  }
}

const constant = (value: unknown, type: string | undefined): Compiled => ({ run: () => value, types: type === undefined ? [] : [type] })

function compileConstant(name: string, offset: number, context: Context): Compiled {
  if (name === 'rowIndex') {
    context.onRowIndex()
    return { run: (_self, scope) => scope.rowIndex, types: ['integer'] }
  }
  if (name === 'resource') return { run: (_self, scope) => scope.resource, types: undefined }
  const known = context.constants.get(name)
  if (known === undefined) throw viewErrors.UNKNOWN_CONSTANT({ at: context.at, offset })
  return constant(known.value, known.type)
}

type MemberNode = Extract<Node, { kind: 'member' }>

function compileMember({ of, name, offset }: MemberNode, self: Compiled, context: Context): Compiled {
  const base = of === undefined ? self : compile(of, self, context)
  // A path may begin with the type it is about: Patient.name.
  if (of === undefined && base.types?.includes(name) === true) return base
  const places = placesOf(base.types, name)
  if (places === undefined) return { run: (value, scope) => ownMember(base.run(value, scope), name), types: undefined }
  if (places.length === 0) {
    // Nothing is known to be there, because nothing comes before it: no fault of this step.
    if (base.types?.length !== 0) context.onUnknownElement(offset)
    return EMPTY
  }
  return atPlaces(base, places)
}

/** The first of the places that has something: JSON gives one of a choice. */
function atPlaces(base: Compiled, places: readonly Place[]): Compiled {
  const types = [...new Set(places.map(({ type }) => type))]
  const members = [...new Set(places.map((place) => place.member))]
  const reader = (names: readonly string[]): Compiled['run'] => {
    const [only, ...others] = names as [string, ...string[]]
    if (others.length === 0) return (self, scope) => member(base.run(self, scope), only)
    return (self, scope) => {
      const value = base.run(self, scope)
      return valueOf(items(value).flatMap((item) => names.flatMap((name) => items(member(item, name)))))
    }
  }
  return { run: reader(members), types, ...(types.every(isPrimitive) ? { beside: reader(members.map((name) => `_${name}`)) } : {}) }
}

/** A member by a name that no definition vouches for. */
function ownMember(value: Value, name: string): Value {
  return member(valueOf(items(value).filter((item) => typeof item === 'object' && item !== null && Object.hasOwn(item, name))), name)
}

type CallNode = Extract<Node, { kind: 'call' }>

function compileCall(node: CallNode, self: Compiled, context: Context): Compiled {
  const { of, name, args, offset } = node
  if (name === 'ofType' || name === 'as' || name === 'is') {
    checkArguments(node, [1, 1], context)
    return compileTyped(of, { operator: name, type: typeNamed(args[0] as Node, context), offset }, self, context)
  }
  const known = Object.hasOwn(functions, name) ? functions[name] : undefined
  if (known === undefined) throw viewErrors.UNKNOWN_FUNCTION({ at: context.at, offset })
  checkArguments(node, known.args, context)
  const base = of === undefined ? self : compile(of, self, context)
  if (known.namesType === true) return known.make({ of: base, args: [], ...(args.length === 0 ? {} : { type: typeNamed(args[0] as Node, context) }) })
  const inner = known.each === true || name === 'iif' ? itself(base.types) : self
  return known.make({ of: base, args: args.map((arg) => compile(arg, inner, context)) })
}

function checkArguments({ args, offset }: CallNode, [least, most]: readonly [number, number], { at }: Context): void {
  if (args.length < least || args.length > most) throw viewErrors.BAD_ARGUMENTS({ at, offset, wanted: least === most ? `${least} arguments` : `${least} to ${most} arguments` })
}

function compileIndex(of: Compiled, index: Compiled): Compiled {
  return { run: (self, scope) => items(of.run(self, scope))[Number(single(index.run(self, scope)) ?? -1)], types: of.types }
}

function compileSign(of: Compiled, negative: boolean): Compiled {
  if (!negative) return of
  const run = (self: Value, scope: Scope): Value => {
    const item = single(of.run(self, scope))
    return item === undefined ? undefined : -Number(item)
  }
  return { run, types: of.types }
}

interface Asked {
  readonly operator: 'ofType' | 'as' | 'is'
  readonly type: string
  readonly offset: number
}

/** `ofType`, `as` and `is`. Behind an element with several types it becomes that type's own member of the JSON. */
function compileTyped(of: Node | undefined, asked: Asked, self: Compiled, context: Context): Compiled {
  const chosen = of?.kind === 'member' ? choiceOf(of, self, context) : undefined
  const base = chosen?.base ?? (of === undefined ? self : compile(of, self, context))
  const narrowed = chosen === undefined ? narrow(base, asked, context) : narrowChoice(chosen, asked)
  if (asked.operator !== 'is') return narrowed
  const whole = chosen === undefined ? base : atPlaces(chosen.base, chosen.places)
  return { run: (value, scope) => single(whole.run(value, scope)) === undefined ? undefined : !isEmpty(narrowed.run(value, scope)), types: ['boolean'] }
}

interface Choice {
  readonly base: Compiled
  readonly places: readonly Place[]
}

function choiceOf({ of, name }: MemberNode, self: Compiled, context: Context): Choice | undefined {
  const base = of === undefined ? self : compile(of, self, context)
  const places = placesOf(base.types, name)
  return places !== undefined && places.length > 1 && !isAnyResource(places.map(({ type }) => type)) ? { base, places } : undefined
}

function narrowChoice({ base, places }: Choice, { type }: Asked): Compiled {
  const fitting = places.filter((place) => isA(place.type, type))
  return fitting.length === 0 ? EMPTY : atPlaces(base, fitting)
}

function narrow(base: Compiled, { type, offset }: Asked, context: Context): Compiled {
  const { types } = base
  if (types === undefined || isAnyResource(types)) return ofResourceType(base, { type, offset, context })
  const fitting = types.filter((one) => isA(one, type))
  if (fitting.length === types.length) return { ...base, types: fitting }
  if (fitting.length === 0) return EMPTY
  throw viewErrors.TYPE_NOT_TOLD({ at: context.at, offset })
}

/** Resources say what they are. */
function ofResourceType(base: Compiled, { type, offset, context }: { type: string; offset: number; context: Context }): Compiled {
  if (isA(type, 'Resource')) {
    const fits = (item: unknown): boolean => {
      const told = (item as { resourceType?: unknown } | null)?.resourceType
      return typeof told === 'string' && isA(told, type)
    }
    return { run: (self, scope) => valueOf(items(base.run(self, scope)).filter(fits)), types: [type] }
  }
  throw viewErrors.TYPE_NOT_TOLD({ at: context.at, offset })
}

/** A type's name: Quantity, FHIR.Quantity. */
function typeNamed(node: Node, context: Context): string {
  const isNamed = node.kind === 'member' && (node.of === undefined || (node.of.kind === 'member' && node.of.of === undefined && node.of.name === 'FHIR'))
  if (!isNamed || !isType(node.name)) throw viewErrors.UNKNOWN_TYPE({ at: context.at, offset: node.offset })
  return node.name
}
