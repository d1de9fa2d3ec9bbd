// What members a FHIR type has, as an expression names them: a choice by its name without a type.
import { isPrimitive, resourceTypes, typeDefinition } from '../definitions.ts'

export interface ElementUse {
  /** Properties in JSON. */
  readonly properties: readonly string[]
  readonly types: readonly string[]
}

const known = new Map<string, ReadonlyMap<string, ElementUse>>()

/** The member of a type by its name, or undefined; primitives have none here. */
export const elementNamed = (type: string, name: string): ElementUse | undefined => isPrimitive(type) ? undefined : elementsOf(type).get(name)

function elementsOf(type: string): ReadonlyMap<string, ElementUse> {
  const before = known.get(type)
  if (before !== undefined) return before
  const elements = typeDefinition(type)?.elements ?? []
  const made = new Map(elements.map(({ name, choice, types }) => {
    const names = types.map((use) => use.type)
    return [name, { types: names, properties: choice ? names.map((one) => name + one.charAt(0).toUpperCase() + one.slice(1)) : [name] }] as const
  }))
  known.set(type, made)
  return made
}

let choiceNames: ReadonlySet<string> | undefined

/** Whether any resource or type calls a choice so: then its property can't be told without the type. */
export function isChoiceName(name: string): boolean {
  choiceNames ??= new Set(choicesFrom([...resourceTypes]))
  return choiceNames.has(name)
}

function choicesFrom(types: readonly string[]): string[] {
  const met = new Set<string>()
  const found: string[] = []
  const visit = (type: string): void => {
    if (met.has(type)) return
    met.add(type)
    for (const element of typeDefinition(type)?.elements ?? []) {
      if (element.choice) found.push(element.name)
      for (const use of element.types) visit(use.type)
    }
  }
  for (const type of types) visit(type)
  return found
}
