// Invariants written by hand: ele-1 and dom-3 are asked of everything and everywhere, ctm-1 needs references followed, que-7 is about a type that JSON tells by its name.
import { typeDefinition } from '../definitions.ts'
import { isObject } from './values.ts'
import type { Surroundings } from './values.ts'

/** ele-1: an element has a value or children; an id alone is neither. */
export function hasValueOrChildren({ value }: Surroundings): boolean {
  if (!isObject(value)) return true
  for (const name in value) if (name !== 'id') return true
  return false
}

/** dom-3: whatever is contained is referred to from the resource, or refers to it. */
export function hasReferredContained({ value }: Surroundings): boolean {
  if (!isObject(value) || !Array.isArray(value['contained'])) return true
  const targets = new Set<string>()
  addTargets(value, String(value['resourceType']), targets)
  return value['contained'].every((one: unknown) => !isObject(one) || typeof one['id'] !== 'string' || targets.has(`#${one['id']}`) || refersToContainer(one))
}

function refersToContainer(contained: Readonly<Record<string, unknown>>): boolean {
  const targets = new Set<string>()
  addTargets(contained, String(contained['resourceType']), targets)
  return targets.has('#')
}

const addresses = new Set(['canonical', 'uri', 'url'])

/** What the value refers to: references, and addresses of type canonical, uri and url. */
function addTargets(value: unknown, type: string, targets: Set<string>): void {
  if (Array.isArray(value)) {
    for (const one of value) addTargets(one, type, targets)
    return
  }
  if (typeof value === 'string' && addresses.has(type)) targets.add(value)
  if (!isObject(value)) return
  const own = type === 'Resource' ? String(value['resourceType']) : type
  for (const [name, member] of Object.entries(value)) {
    if (name === 'reference' && typeof member === 'string') targets.add(member)
    else addTargets(member, name.startsWith('_') ? 'Element' : typeOfMember(own, name), targets)
  }
}

const members = new Map<string, ReadonlyMap<string, string>>()

function typeOfMember(type: string, name: string): string {
  let known = members.get(type)
  if (known === undefined) {
    known = new Map((typeDefinition(type)?.elements ?? []).flatMap((element) =>
      element.types.map((use) => [element.choice ? element.name + use.type.charAt(0).toUpperCase() + use.type.slice(1) : element.name, use.type] as const)))
    members.set(type, known)
  }
  return known.get(name) ?? ''
}

/** ctm-1: on behalf of an organisation acts a practitioner; a member that cannot be looked up here passes, as HL7's expression has it. */
export function isOnBehalfOfPractitioner({ value, root }: Surroundings): boolean {
  if (!isObject(value) || value['onBehalfOf'] === undefined) return true
  const reference = isObject(value['member']) ? value['member']['reference'] : undefined
  if (typeof reference !== 'string' || !reference.startsWith('#') || !isObject(root) || !Array.isArray(root['contained'])) return true
  const found: unknown = root['contained'].find((one: unknown) => isObject(one) && `#${String(one['id'])}` === reference)
  return !isObject(found) || found['resourceType'] === 'Practitioner'
}

/** que-7: whether something exists is asked by a truth value. */
export const asksExistenceByBoolean = ({ value }: Surroundings): boolean => !isObject(value) || value['operator'] !== 'exists' || typeof value['answerBoolean'] === 'boolean'
