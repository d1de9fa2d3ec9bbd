// Checks a resource that is sound in structure against a profile: cardinality, fixed values and patterns, types, bindings, slices, and the profile's own rules.
import { typeDefinition } from '../definitions.ts'
import type { Issue, IssueCode } from '../errors.ts'
import { isObject, isSame } from '../invariants/values.ts'
import { parseReference } from '../references.ts'
import type { Discriminator, ElementRules, Profile } from './read-profile.ts'

type Json = Readonly<Record<string, unknown>>

interface Item {
  readonly value: unknown
  readonly path: string
  /** The type by its name, known for choices. */
  readonly type: string | undefined
}

/** Issues by path below the resource, each with the id of the profile's element as its rule. */
export function checkProfile(resource: Json, profile: Profile): Issue[] {
  const check = new ProfileCheck(resource)
  check.value({ value: resource, path: '', type: profile.type }, profile.root)
  return check.issues
}

class ProfileCheck {
  readonly issues: Issue[] = []
  readonly #resource: Json

  constructor(resource: Json) {
    this.#resource = resource
  }

  #tell(path: string, code: IssueCode, rule: string, severity: Issue['severity'] = 'error'): void {
    this.issues.push({ path, code, severity, rule })
  }

  /** One value against the rules of its element or slice. */
  value(item: Item, rules: ElementRules): void {
    const { value, path } = item
    for (const [code, isBroken] of broken) if (isBroken(item, rules)) this.#tell(path, code, rules.id)
    for (const rule of rules.rules) if (!rule.holds({ value, resource: this.#resource, root: this.#resource })) this.#tell(path, 'FHIR_PROFILE_INVARIANT', rule.key, rule.severity)
    if (!isObject(value)) return
    for (const [name, child] of rules.children) this.#element(itemsOf(item, name), `${path}.${name.replace('[x]', '')}`, child)
  }

  #element(items: readonly Item[], path: string, rules: ElementRules): void {
    this.#count(items, path, rules)
    for (const item of items) this.value(item, rules)
    if (rules.slices.size > 0) this.#slices(items, path, rules)
  }

  #count(items: readonly Item[], path: string, { id, min, max }: ElementRules): void {
    if (items.length < min) this.#tell(path, 'FHIR_PROFILE_MISSING', id)
    if (items.length > max) this.#tell(path, 'FHIR_PROFILE_TOO_MANY', id)
  }

  /** Each item is of the first slice whose discriminators it fits; those of none are free unless the slicing is closed. */
  #slices(items: readonly Item[], path: string, { slices, slicing, id }: ElementRules): void {
    // Slices of a choice are told apart by type, whether the profile says so or not.
    const { discriminators, closed } = slicing ?? { discriminators: [{ type: 'type', path: '$this' }] as const, closed: false }
    const left = new Set(items)
    for (const slice of slices.values()) {
      const own = [...left].filter((item) => discriminators.every((one) => isOfSlice(item, slice, one)))
      for (const item of own) left.delete(item)
      this.#element(own, path, slice)
    }
    if (closed) for (const item of left) this.#tell(item.path, 'FHIR_PROFILE_SLICE', id)
  }
}

/** What one value alone can be wrong in. */
const broken: readonly (readonly [IssueCode, (item: Item, rules: ElementRules) => boolean])[] = [
  ['FHIR_PROFILE_VALUE', ({ value }, { fixed }) => fixed !== undefined && !isSame(value, fixed)],
  ['FHIR_PROFILE_VALUE', ({ value }, { pattern }) => pattern !== undefined && !fits(value, pattern)],
  ['FHIR_PROFILE_TYPE', ({ type }, { types }) => types !== undefined && type !== undefined && !types.includes(type)],
  ['FHIR_PROFILE_TYPE', ({ value }, { targets }) => targets !== undefined && refersElsewhere(value, targets)],
  ['FHIR_PROFILE_BINDING', ({ value }, { codes }) => codes !== undefined && !isBound(value, codes)],
]

/** What stands at a name; of a choice whatever type is there. A primitive that is only extensions stands for itself as the object that holds them. */
function itemsOf({ value, path, type }: Item, name: string): Item[] {
  const owner = value as Json
  if (name.endsWith('[x]')) {
    const stem = name.slice(0, -3)
    const found = Object.keys(owner).filter((one) => one.startsWith(stem) && /^[A-Z]/.test(one.slice(stem.length)))
    return found.map((one) => ({ value: owner[one], path: `${path}.${one}`, type: typeOfChoice(type, stem, one) }))
  }
  const given = owner[name] ?? owner[`_${name}`]
  if (Array.isArray(given)) return given.map((one: unknown, index) => ({ value: one, path: `${path}.${name}[${index}]`, type: undefined }))
  return given === undefined ? [] : [{ value: given, path: `${path}.${name}`, type: undefined }]
}

/** `valueQuantity` is of type Quantity, `valueString` of type string. */
function typeOfChoice(owner: string | undefined, stem: string, name: string): string {
  const suffix = name.slice(stem.length)
  const known = owner === undefined ? undefined : typeDefinition(owner)?.elements.find((one) => one.choice && one.name === stem)?.types.find((one) => one.type.toLowerCase() === suffix.toLowerCase())
  return known?.type ?? (typeDefinition(suffix) === undefined ? suffix.charAt(0).toLowerCase() + suffix.slice(1) : suffix)
}

function isOfSlice(item: Item, slice: ElementRules, { type, path }: Discriminator): boolean {
  const steps = path === '$this' ? [] : path.split('.')
  const rules = steps.reduce<ElementRules | undefined>((at, step) => at?.children.get(step) ?? at?.children.get(`${step}[x]`), slice)
  const found = steps.reduce<Item[]>((items, step) => items.flatMap((one) => isObject(one.value) ? [...itemsOf(one, step), ...itemsOf(one, `${step}[x]`)] : []), [item])
  if (type === 'exists') return rules?.max === 0 ? found.length === 0 : found.length > 0
  if (type === 'type') return rules?.types === undefined || found.some((one) => isOfType(one, rules.types ?? []))
  if (rules === undefined) return steps.join('.') === 'url' && slice.extensionUrl !== undefined && found.some(({ value }) => value === slice.extensionUrl)
  return found.some(({ value }) => hasValueOf(value, rules))
}

const isOfType = ({ value, type }: Item, types: readonly string[]): boolean => type === undefined ? isObject(value) && types.includes(String(value['resourceType'])) : types.includes(type)

/** By its fixed value, its pattern, its binding, or those of what is in it. */
function hasValueOf(value: unknown, rules: ElementRules): boolean {
  if (rules.fixed !== undefined) return isSame(value, rules.fixed)
  if (rules.pattern !== undefined) return fits(value, rules.pattern)
  if (rules.codes !== undefined) return isBound(value, rules.codes)
  const deeper = [...rules.children].filter(([, child]) => child.fixed !== undefined || child.pattern !== undefined || child.children.size > 0)
  return deeper.length > 0 && isObject(value) && deeper.every(([name, child]) => itemsOf({ value, path: '', type: undefined }, name).some((one) => hasValueOf(one.value, child)))
}

/** A pattern's members must be there with its values; each item of its lists must be met by some item. */
function fits(value: unknown, pattern: unknown): boolean {
  if (Array.isArray(pattern)) return Array.isArray(value) && pattern.every((wanted) => value.some((one) => fits(one, wanted)))
  if (isObject(pattern)) return isObject(value) && Object.entries(pattern).every(([name, wanted]) => fits(value[name], wanted))
  return value === pattern
}

function isBound(value: unknown, codes: ReadonlySet<string>): boolean {
  if (typeof value === 'string') return [...codes].some((one) => one.endsWith(`|${value}`))
  if (!isObject(value)) return false
  const codings: unknown = value['coding'] ?? [value]
  return Array.isArray(codings) && codings.some((one) => isObject(one) && codes.has(`${String(one['system'])}|${String(one['code'])}`))
}

function refersElsewhere(value: unknown, targets: readonly string[]): boolean {
  const reference = isObject(value) ? value['reference'] : undefined
  const form = typeof reference === 'string' ? parseReference(reference) : undefined
  return form !== undefined && 'type' in form && form.type !== undefined && !targets.includes(form.type)
}
