// Reads a profile: a StructureDefinition that narrows a resource type (hl7.org/fhir/R4/profiling.html), by its differential or its snapshot, into a tree of rules by element and slice.
import { resourceTypes } from '../definitions.ts'
import { fhirErrors } from '../errors.ts'
import { arbiter, closureOf } from '../invariants/rules.ts'
import type { Rule } from '../invariants/rules.ts'
import { isObject } from '../invariants/values.ts'

export interface Discriminator {
  readonly type: 'value' | 'pattern' | 'exists' | 'type'
  readonly path: string
}

/** The rules of one element or slice. What the profile doesn't say is undefined. */
export interface ElementRules {
  /** Its id in the profile, `Patient.identifier:record-number`: what a finding names. */
  readonly id: string
  readonly children: Map<string, ElementRules>
  readonly slices: Map<string, ElementRules>
  min: number
  max: number
  fixed: unknown
  pattern: unknown
  /** Allowed types, where narrowed. */
  types: readonly string[] | undefined
  /** For references: types of resource that may be referred to. */
  targets: readonly string[] | undefined
  /** For extensions: the address that the slice is about. */
  extensionUrl: string | undefined
  /** For a required binding: `system|code` of its value set. */
  codes: ReadonlySet<string> | undefined
  rules: readonly Rule[]
  slicing: { readonly discriminators: readonly Discriminator[]; readonly closed: boolean } | undefined
}

export interface Profile {
  readonly url: string
  readonly type: string
  readonly root: ElementRules
  /** Elements that a system must be able to keep and show; noted, and no rule for one resource. */
  readonly mustSupport: readonly string[]
  /** What could not be read: ids of elements whose binding, discriminator or rule is beyond this reader. */
  readonly unread: readonly string[]
}

type Json = Readonly<Record<string, unknown>>

const list = (value: unknown): readonly Json[] => Array.isArray(value) ? value.filter(isObject) : []
const text = (value: unknown): string => typeof value === 'string' ? value : ''

/** Throws FHIR_NOT_A_PROFILE. `valueSets` are those that its required bindings may name. */
export function readProfile(definition: unknown, valueSets: readonly unknown[] = []): Profile {
  if (!isObject(definition) || definition['resourceType'] !== 'StructureDefinition' || definition['derivation'] !== 'constraint' || !resourceTypes.has(text(definition['type'])) || text(definition['url']) === '') throw fhirErrors.NOT_A_PROFILE()
  const elements = list((isObject(definition['snapshot']) ? definition['snapshot'] : definition['differential'] as Json | undefined)?.['element'])
  if (elements.length === 0) throw fhirErrors.NOT_A_PROFILE()
  const type = text(definition['type'])
  const reader = new ProfileReader(type, new Map(valueSets.filter(isObject).map((set) => [text(set['url']), set])))
  for (const element of elements) reader.take(element)
  return { url: text(definition['url']), type, root: reader.root, mustSupport: elements.filter((one) => one['mustSupport'] === true).map(idOf), unread: reader.unread }
}

const emptyRules = (id: string): ElementRules =>
  ({ id, children: new Map(), slices: new Map(), min: 0, max: Number.POSITIVE_INFINITY, fixed: undefined, pattern: undefined, types: undefined, targets: undefined, extensionUrl: undefined, codes: undefined, rules: [], slicing: undefined })

/** An element without an id is told by its path, and its slice by name. */
const idOf = (element: Json): string => text(element['id']) || `${text(element['path'])}${element['sliceName'] === undefined ? '' : `:${text(element['sliceName'])}`}`

class ProfileReader {
  readonly root: ElementRules
  readonly unread: string[] = []
  readonly #valueSets: ReadonlyMap<string, Json>

  constructor(type: string, valueSets: ReadonlyMap<string, Json>) {
    this.root = emptyRules(type)
    this.#valueSets = valueSets
  }

  take(element: Json): void {
    const rules = this.#placeOf(idOf(element))
    if (typeof element['min'] === 'number') rules.min = element['min']
    if (typeof element['max'] === 'string' && element['max'] !== '*') rules.max = Number(element['max'])
    for (const [name, value] of Object.entries(element)) {
      if (name.startsWith('fixed')) rules.fixed = value
      if (name.startsWith('pattern')) rules.pattern = value
    }
    this.#readTypes(element, rules)
    this.#readBinding(element, rules)
    this.#readSlicing(element, rules)
    rules.rules = [...rules.rules, ...list(element['constraint']).flatMap((one) => this.#ruleOf(one, text(element['path'])))]
  }

  #placeOf(id: string): ElementRules {
    let at = this.root
    let path = this.root.id
    for (const part of id.split('.').slice(1)) {
      const [name = '', slice] = part.split(':')
      at = inside(at.children, name, `${path}.${name}`)
      if (slice !== undefined) at = inside(at.slices, slice, `${path}.${part}`)
      path = at.id
    }
    return at
  }

  #readTypes(element: Json, rules: ElementRules): void {
    const types = list(element['type'])
    if (types.length === 0) return
    const codes = types.map((one) => text(one['code']))
    // FHIRPath's own types stand for `id` and `url` in HL7's snapshots.
    if (!codes.some((code) => code.startsWith('http'))) rules.types = codes
    const profiles = types.flatMap((one) => Array.isArray(one['profile']) ? one['profile'].map(text) : [])
    if (codes[0] === 'Extension') rules.extensionUrl = profiles[0]
    const targets = types.flatMap((one) => Array.isArray(one['targetProfile']) ? one['targetProfile'].map(text) : [])
    const names = targets.map((url) => url.slice(url.lastIndexOf('/') + 1))
    // A profile of a resource type, in place of the type, is known by no name here.
    if (names.length > 0 && names.every((name) => resourceTypes.has(name))) rules.targets = names
  }

  #readBinding(element: Json, rules: ElementRules): void {
    const binding = element['binding']
    if (!isObject(binding) || binding['strength'] !== 'required') return
    const set = this.#valueSets.get(text(binding['valueSet']).split('|')[0] ?? '')
    rules.codes = set === undefined ? undefined : codesOf(set)
    if (rules.codes === undefined && !text(binding['valueSet']).startsWith('http://hl7.org/fhir/ValueSet/')) this.unread.push(rules.id)
  }

  #readSlicing(element: Json, rules: ElementRules): void {
    const slicing = element['slicing']
    if (!isObject(slicing)) return
    const discriminators = list(slicing['discriminator']).map((one) => ({ type: text(one['type']), path: text(one['path']) }))
    const known = discriminators.filter((one): one is Discriminator => ['value', 'pattern', 'exists', 'type'].includes(one.type) && !one.path.includes('('))
    if (known.length < discriminators.length) this.unread.push(rules.id)
    else rules.slicing = { discriminators: known, closed: slicing['rules'] === 'closed' }
  }

  /** A profile's own rules; HL7's are asked at level full in any case. */
  #ruleOf(constraint: Json, path: string): Rule[] {
    const [key, expression] = [text(constraint['key']), text(constraint['expression'])]
    if (expression === '' || /^http:\/\/hl7\.org\/fhir\/StructureDefinition\/[A-Z]\w*$/.test(text(constraint['source'])) || /^(?:ele|dom|ext)-\d$/.test(key)) return []
    try {
      const holds = closureOf(path, expression) ?? arbiter(path, expression)
      return [{ key, expression, severity: constraint['severity'] === 'warning' ? 'warning' : 'error', holds }]
    } catch {
      this.unread.push(`${path} ${key}`)
      return []
    }
  }
}

function inside(map: Map<string, ElementRules>, name: string, id: string): ElementRules {
  const rules = map.get(name) ?? emptyRules(id)
  map.set(name, rules)
  return rules
}

/** `system|code` of a value set that lists its codes, or undefined. */
function codesOf(set: Json): ReadonlySet<string> | undefined {
  const includes = list((set['compose'] as Json | undefined)?.['include'])
  const isListed = includes.length > 0 && includes.every((one) => Array.isArray(one['concept']) && one['filter'] === undefined && one['valueSet'] === undefined)
  if (isListed) return new Set(includes.flatMap((one) => list(one['concept']).map((concept) => `${text(one['system'])}|${text(concept['code'])}`)))
  const expanded = list((set['expansion'] as Json | undefined)?.['contains'])
  return expanded.length > 0 ? new Set(expanded.map((one) => `${text(one['system'])}|${text(one['code'])}`)) : undefined
}
