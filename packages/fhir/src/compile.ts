// Compiles type definitions into functions that check a value: one function per element and type, made when first needed.
// Paths cost nothing for valid content: an issue starts with an empty path, and each level puts its part in front on the way out.
import { codeSets, isPrimitive, resourceTypes, typeDefinition } from './definitions.ts'
import type { ElementDefinition, TypeUse } from './definitions.ts'
import type { Issue, IssueCode } from './errors.ts'
import { rulesAt } from './invariants/rules.ts'
import type { Rule } from './invariants/rules.ts'
import { primitiveChecks } from './primitives.ts'
import { parseReference } from './references.ts'

type Writable<T> = { -readonly [K in keyof T]: T[K] }
type Members = Readonly<Record<string, unknown>>

/** The state of one validation. */
export interface Run {
  readonly issues: Writable<Issue>[]
  /** Contained resources of the resource being looked at: id → type. */
  contained: ReadonlyMap<string, string>
  readonly onReference: ((reference: string) => void) | undefined
  /** The type of a resource referred to: undefined where this run can't tell, null where it is known not to be there. */
  readonly resolve: ((reference: string) => string | null | undefined) | undefined
  /** Whether invariants are asked too. */
  readonly full: boolean
  /** The resource that the value is in, and the one that this is contained in. */
  resource: Members
  root: Members
}

export type Check = (value: unknown, run: Run, depth: number) => void

const DEEPEST = 100

const report = (run: Run, code: IssueCode, path = ''): void => {
  run.issues.push({ path, code, severity: 'error' })
}

/** Invariants are asked only of values of sound structure: that is what they are written for. */
function checkRules(rules: readonly Rule[], value: unknown, run: Run): void {
  for (const { key, severity, holds } of rules) if (!holds({ value, resource: run.resource, root: run.root })) run.issues.push({ path: '', code: 'FHIR_INVARIANT', severity, rule: key })
}

const isObject = (value: unknown): value is Members => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Puts `part` in front of the paths of the issues found since `before`. */
function prefix(run: Run, before: number, part: string): void {
  for (let index = before; index < run.issues.length; index++) {
    const issue = run.issues[index] as Writable<Issue>
    issue.path = part + issue.path
  }
}

interface Field {
  readonly part: string
  readonly check: Check
  readonly list: boolean
  readonly min: number
  readonly max: number
  /** The other half of a primitive: `_birthDate` of `birthDate` and the reverse. Undefined for other types. */
  readonly sibling: string | undefined
  /** For choices: the element's number in its type, and this type's number in the choice. */
  readonly choice: number
  readonly variant: number
}

const checks = new Map<string, Check>()

/** The check of a complex type by name. Recursive types refer to themselves through the table. */
function checkOfType(name: string): Check {
  const known = checks.get(name)
  if (known !== undefined) return known
  let made: Check | undefined
  const late: Check = (value, run, depth) => {
    made ??= compileType(name)
    checks.set(name, made)
    made(value, run, depth)
  }
  checks.set(name, late)
  return late
}

function compileType(name: string): Check {
  const definition = typeDefinition(name)
  if (definition === undefined) throw new Error(`no FHIR type ${name}`)
  const fields = new Map<string, Field>()
  const required: string[][] = []
  definition.elements.forEach((element, index) => {
    const names = addFields(fields, element, { index, path: `${name}.${element.name}${element.choice ? '[x]' : ''}` })
    if (element.min > 0) required.push(names)
  })
  const extra = name === 'Extension' ? checkExtensionShape : undefined
  let rules: readonly Rule[] | undefined
  return (value, run, depth) => {
    const before = run.issues.length
    if (!isObject(value)) return report(run, 'FHIR_WRONG_TYPE')
    if (depth > DEEPEST) return report(run, 'FHIR_TOO_DEEP')
    checkMembers(value, fields, run, depth)
    for (const names of required) {
      if (!names.some((property) => value[property] !== undefined)) report(run, 'FHIR_MISSING', `.${names[0] ?? ''}`)
    }
    extra?.(value, run)
    if (run.full && run.issues.length === before) checkRules(rules ??= rulesOf(name), value, run)
  }
}

/** Rules that the structure's own checks cover, with codes of their own. As written, ref-1 would fail any reference without an address. */
const covered = new Set(['dom-2', 'ext-1', 'ref-1'])

/** A type's own rules and its bases'. What stands beside a primitive (`_x`) may be an id alone, and that is what the bare type Element is for. */
function rulesOf(name: string): readonly Rule[] {
  const rules: Rule[] = []
  for (let type: string | undefined = name; type !== undefined; type = typeDefinition(type)?.base) rules.push(...rulesAt(type))
  return rules.filter(({ key }) => !covered.has(key) && (key !== 'ele-1' || name !== 'Element'))
}

function checkMembers(value: Members, fields: ReadonlyMap<string, Field>, run: Run, depth: number): void {
  let empty = true
  let variants: Map<number, number> | undefined
  for (const property in value) {
    empty = false
    const field = fields.get(property)
    if (field === undefined) {
      // Only resources have `implicitRules`, and only resources say their type.
      if (property !== 'resourceType' || !fields.has('implicitRules')) report(run, 'FHIR_UNKNOWN_PROPERTY')
      continue
    }
    if (field.choice >= 0) checkChoice(field, variants ??= new Map<number, number>(), run)
    const before = run.issues.length
    if (field.list) checkList(value, property, { field, run, depth })
    else field.check(value[property], run, depth + 1)
    if (run.issues.length > before) prefix(run, before, field.part)
  }
  if (empty) report(run, 'FHIR_EMPTY')
}

function checkChoice(field: Field, variants: Map<number, number>, run: Run): void {
  const before = variants.get(field.choice)
  if (before !== undefined && before !== field.variant) report(run, 'FHIR_CHOICE_REPEATED', field.part)
  variants.set(field.choice, field.variant)
}

function checkList(owner: Members, property: string, { field, run, depth }: { field: Field; run: Run; depth: number }): void {
  const list = owner[property]
  if (!Array.isArray(list)) return report(run, 'FHIR_WRONG_TYPE')
  if (list.length === 0) return report(run, 'FHIR_EMPTY')
  if (list.length > field.max) report(run, 'FHIR_TOO_MANY')
  if (list.length < field.min) report(run, 'FHIR_TOO_FEW')
  for (let index = 0; index < list.length; index++) {
    const item: unknown = list[index]
    const before = run.issues.length
    if (item !== null || !isHeldBySibling(owner, field, index)) field.check(item, run, depth + 1)
    if (run.issues.length > before) prefix(run, before, `[${index}]`)
  }
}

/** In lists of primitives, null stands for "only an extension here" (and the reverse in the `_` list). */
function isHeldBySibling(owner: Members, field: Field, index: number): boolean {
  if (field.sibling === undefined) return false
  const other = owner[field.sibling]
  return Array.isArray(other) && other[index] !== null && other[index] !== undefined
}

/** Adds an element's JSON properties and gives their names: several for a choice, and with `_` for primitives. */
function addFields(fields: Map<string, Field>, element: ElementDefinition, { index, path }: { index: number; path: string }): string[] {
  const names: string[] = []
  element.types.forEach((use, variant) => {
    const name = element.choice ? element.name + use.type.charAt(0).toUpperCase() + use.type.slice(1) : element.name
    const shared = { part: `.${name}`, list: element.list, max: element.max, min: element.min, choice: element.choice ? index : -1, variant }
    const primitive = isPrimitive(use.type)
    fields.set(name, { ...shared, check: withRules(path === 'Extension.extension' ? checkOfType('Extension') : checkOfUse(use, element.codes), path), sibling: primitive ? `_${name}` : undefined })
    names.push(name)
    if (!primitive) return
    fields.set(`_${name}`, { ...shared, check: checkOfType('Element'), sibling: name })
    names.push(`_${name}`)
  })
  return names
}

/** Rules of an element itself, beside those of its type. */
function withRules(check: Check, path: string): Check {
  const rules = typeDefinition(path) === undefined ? rulesAt(path) : []
  if (rules.length === 0) return check
  return (value, run, depth) => {
    const before = run.issues.length
    check(value, run, depth)
    if (run.full && run.issues.length === before) checkRules(rules, value, run)
  }
}

function checkOfUse(use: TypeUse, codes: string | undefined): Check {
  if (isPrimitive(use.type)) return primitiveCheck(use.type, codes)
  if (use.type === 'Reference') return referenceCheck(use.targets)
  if (use.type === 'Resource') return checkContained
  if (use.type === 'Extension') return checkExtension
  const check = checkOfType(use.type)
  return codes === undefined ? check : boundCheck(check, use.type, codes)
}

function primitiveCheck(type: string, codes: string | undefined): Check {
  const check = primitiveChecks[type]
  if (check === undefined) throw new Error(`no FHIR primitive ${type}`)
  const allowed = codes === undefined ? undefined : new Set(Object.values(codeSets[codes] ?? {}).flat())
  return (value, run) => {
    const code = check(value)
    if (code !== undefined) report(run, code)
    else if (allowed !== undefined && !allowed.has(value as string)) report(run, 'FHIR_NOT_IN_BINDING')
    else if (run.full && type === 'canonical' && !isCanonical(value as string)) report(run, 'FHIR_CANONICAL')
  }
}

const isCanonical = (value: string): boolean => value.startsWith('#') || absolute.test(value)

/** A Coding must be of the value set; a CodeableConcept needs one coding that is. */
function boundCheck(check: Check, type: string, codes: string): Check {
  const allowed = new Map(Object.entries(codeSets[codes] ?? {}).map(([system, list]) => [system, new Set(list)]))
  const isAllowed = (coding: unknown): boolean => isObject(coding) && allowed.get(String(coding['system']))?.has(String(coding['code'])) === true
  return (value, run, depth) => {
    const before = run.issues.length
    check(value, run, depth)
    if (run.issues.length > before || !isObject(value)) return
    const codings: unknown = type === 'CodeableConcept' ? value['coding'] : [value]
    if (!Array.isArray(codings) || !codings.some(isAllowed)) report(run, 'FHIR_NOT_IN_BINDING')
  }
}

function checkExtensionShape(value: Members, run: Run): void {
  let values = 0
  for (const property in value) if (property.startsWith('value') || property.startsWith('_value')) values++
  if ((values > 0) === (value['extension'] !== undefined)) report(run, 'FHIR_EXTENSION_SHAPE')
}

const absolute = /^[A-Za-z][A-Za-z0-9+.-]*:/

/** An extension that is not inside another one. */
const checkExtension: Check = (value, run, depth) => {
  const before = run.issues.length
  checkOfType('Extension')(value, run, depth)
  if (run.issues.length === before && !absolute.test(String((value as Members)['url']))) report(run, 'FHIR_EXTENSION_URL', '.url')
}

function referenceCheck(targets: readonly string[] | undefined): Check {
  const check = checkOfType('Reference')
  const allowed = targets === undefined ? undefined : new Set(targets)
  const refuse = (type: unknown): boolean => typeof type === 'string' && allowed !== undefined && resourceTypes.has(type) && !allowed.has(type)
  return (value, run, depth) => {
    const before = run.issues.length
    check(value, run, depth)
    if (run.issues.length > before) return
    const { type, reference } = value as Members
    if (refuse(type)) report(run, 'FHIR_REFERENCE_TARGET', '.type')
    if (typeof reference === 'string' && refuse(checkLiteral(reference, run))) report(run, 'FHIR_REFERENCE_TARGET', '.reference')
  }
}

/** The type of the resource referred to, as far as it can be told. */
function checkLiteral(reference: string, run: Run): string | undefined {
  const form = parseReference(reference)
  if (form === undefined) {
    report(run, 'FHIR_BAD_REFERENCE', '.reference')
    return undefined
  }
  if (form.kind === 'contained') return form.id === '' ? undefined : known(run.contained.get(form.id) ?? null, run)
  if (form.kind === 'conditional') return form.type
  run.onReference?.(reference)
  return known(run.resolve?.(reference), run) ?? (form.kind === 'urn' ? undefined : form.type)
}

function known(type: string | null | undefined, run: Run): string | undefined {
  if (type === null) report(run, 'FHIR_REFERENCE_UNRESOLVED', '.reference')
  return type ?? undefined
}

/** A resource inside a resource: contained, a bundle's entry, a parameter. */
const checkContained: Check = (value, run, depth) => {
  if (!isObject(value)) return report(run, 'FHIR_WRONG_TYPE')
  const { contained, resource, root } = run
  if (value['contained'] !== undefined) run.contained = containedTypes(value)
  // A bundle's entry begins anew; what is contained does not.
  if (!(resource['contained'] as readonly unknown[] | undefined)?.includes(value)) run.root = value
  run.resource = value
  checkOfResource(value, run, depth)
  Object.assign(run, { contained, resource, root })
}

/** Checks a value as the resource its `resourceType` says. */
export function checkOfResource(value: Members, run: Run, depth: number): void {
  const type = value['resourceType']
  if (typeof type !== 'string' || !resourceTypes.has(type)) return report(run, 'FHIR_UNKNOWN_TYPE')
  checkOfType(type)(value, run, depth)
}

/** The contained resources by id. Their own shape is checked with the rest. */
export function containedTypes(resource: Members): ReadonlyMap<string, string> {
  const list = resource['contained']
  const types = new Map<string, string>()
  if (!Array.isArray(list)) return types
  for (const one of list) if (isObject(one) && typeof one['id'] === 'string' && typeof one['resourceType'] === 'string') types.set(one['id'], one['resourceType'])
  return types
}
