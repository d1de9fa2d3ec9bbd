// What a path's values are, told from FHIR's definitions when the path is compiled.
import { isPrimitive, typeDefinition } from '../../definitions.ts'
import type { ElementDefinition } from '../../definitions.ts'

/** The types a value may have; undefined where they can't be told. */
export type Types = readonly string[] | undefined

/** Where an element stands in JSON, one member a type. */
export interface Place {
  readonly member: string
  readonly type: string
}

const elements = new Map<string, ReadonlyMap<string, ElementDefinition>>()

function elementsOf(type: string): ReadonlyMap<string, ElementDefinition> {
  let known = elements.get(type)
  if (known === undefined) elements.set(type, known = new Map((typeDefinition(type)?.elements ?? elementOfPrimitive(type)).map((element) => [element.name, element])))
  return known
}

/** A primitive has an id and extensions, which JSON gives beside it. */
const elementOfPrimitive = (type: string): readonly ElementDefinition[] => isPrimitive(type) ? typeDefinition('Element')?.elements ?? [] : []

/** Any resource may stand where the definitions say Resource. */
const ANY_RESOURCE = new Set(['Resource', 'DomainResource'])
export const isAnyResource = (types: Types): boolean => types !== undefined && types.some((type) => ANY_RESOURCE.has(type))

/** Where the element stands in values of these types: nowhere where the types have none, undefined where it can't be told. */
export function placesOf(types: Types, name: string): readonly Place[] | undefined {
  if (types === undefined || isAnyResource(types)) return undefined
  const places = types.flatMap((type) => {
    const element = elementsOf(type).get(name)
    if (element === undefined) return []
    return element.types.map((use) => ({ member: element.choice ? name + use.type[0]?.toUpperCase() + use.type.slice(1) : name, type: use.type }))
  })
  return [...new Map(places.map((place) => [`${place.member} ${place.type}`, place])).values()]
}

const parents: Readonly<Record<string, string>> = { code: 'string', id: 'string', markdown: 'string', url: 'uri', canonical: 'uri', uuid: 'uri', oid: 'uri', positiveInt: 'integer', unsignedInt: 'integer' }

/** Whether a value of type `type` is also one of `other`. */
export function isA(type: string, other: string): boolean {
  if (type === other) return true
  const parent = parents[type] ?? baseOf(type)
  return parent !== undefined && isA(parent, other)
}

const bases = new Map<string, string | undefined>()

function baseOf(type: string): string | undefined {
  if (bases.has(type)) return bases.get(type)
  const definition = typeDefinition(type)
  // Names that a record makes up are not remembered.
  if (definition !== undefined) bases.set(type, definition.base)
  return definition?.base
}

export const isType = (name: string): boolean => isPrimitive(name) || typeDefinition(name) !== undefined
export { isPrimitive }

const temporal = new Set(['date', 'dateTime', 'instant', 'time'])
/** The type as which two values are compared, where both may be dates, moments or times. */
export const isTemporal = (types: Types): boolean => types !== undefined && types.length > 0 && types.every((type) => temporal.has(type))
