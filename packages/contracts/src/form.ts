// A form from a schema: its fields, groups and lists beside a value, each with its path, words and rule.
import type { Canonical } from '@mhmd/base'

/** The words of JSON Schema that the schemas of transactions use. */
export interface FormSchema {
  readonly type?: string
  readonly title?: string
  readonly description?: string
  readonly properties?: Readonly<Record<string, FormSchema>>
  readonly required?: readonly string[]
  readonly items?: FormSchema
  readonly anyOf?: readonly FormSchema[]
  readonly const?: string | number
  readonly pattern?: string
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly minProperties?: number
  readonly uniqueItems?: boolean
}

/** Members by name and items by place, from the payload down. */
export type FormPath = readonly (string | number)[]

interface Place {
  /** From the payload down. */
  readonly path: FormPath
  readonly isOptional: boolean
}

interface Placed extends Place {
  /** An optional part that was left out stands in the form all the same. */
  readonly value: Canonical | undefined
}

/** One value: `title` and `says` name its type, `options` are all it may be, where they are few. */
export interface FormField extends Placed {
  readonly kind: 'field'
  readonly title: string
  readonly says: string
  readonly options?: readonly (string | number)[]
}

export interface FormGroup extends Placed {
  readonly kind: 'group'
  readonly parts: readonly FormPart[]
}

export interface FormList extends Placed {
  readonly kind: 'list'
  readonly least: number
  readonly most: number
  readonly parts: readonly FormPart[]
}

export type FormPart = FormField | FormGroup | FormList

/** The part of a form that stands for `schema`, filled from `value`. */
export function formOf(schema: FormSchema, value: Canonical | undefined, place: Place = { path: [], isOptional: false }): FormPart {
  if (schema.type === 'object') return { kind: 'group', ...place, value, parts: membersOf(schema).map(({ name, inner, isRequired }) => formOf(inner, memberOf(value, name), { path: [...place.path, name], isOptional: !isRequired })) }
  return schema.type === 'array' ? listOf(schema, value, place) : fieldOf(schema, value, place)
}

function listOf({ items = {}, minItems = 0, maxItems = Infinity }: FormSchema, value: Canonical | undefined, place: Place): FormList {
  const present = Array.isArray(value) ? value as readonly Canonical[] : []
  return { kind: 'list', ...place, value, least: minItems, most: maxItems, parts: present.map((item, at) => formOf(items, item, { path: [...place.path, at], isOptional: false })) }
}

function fieldOf(schema: FormSchema, value: Canonical | undefined, place: Place): FormField {
  const options = optionsOf(schema)
  return { kind: 'field', ...place, value, title: schema.title ?? (options === undefined ? schema.type ?? 'any' : 'one of'), says: schema.description ?? '', ...(options === undefined ? {} : { options }) }
}

/** Every field of a form, in order. What an absent group or list would hold is left out. */
export function fieldsOf(part: FormPart): readonly FormField[] {
  if (part.kind === 'field') return [part]
  return part.isOptional && part.value === undefined ? [] : part.parts.flatMap(fieldsOf)
}

interface Member {
  readonly name: string
  readonly inner: FormSchema
  readonly isRequired: boolean
}
export const membersOf = ({ properties = {}, required = [] }: FormSchema): readonly Member[] => Object.entries(properties).map(([name, inner]) => ({ name, inner, isRequired: required.includes(name) }))

export const isRecord = (value: Canonical | undefined): value is Readonly<Record<string, Canonical>> => typeof value === 'object' && value !== null && !Array.isArray(value)
export const memberOf = (value: Canonical | undefined, name: string): Canonical | undefined => isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined

/** All that a value may be, where the schema lists it. */
export function optionsOf({ const: only, anyOf }: FormSchema): readonly (string | number)[] | undefined {
  if (only !== undefined) return [only]
  const options = anyOf?.map((each) => each.const).filter((each) => each !== undefined)
  return options !== undefined && options.length === anyOf?.length ? options : undefined
}

/** The smallest thing of a schema's shape: empty texts, the lowest numbers, the first option, the least items. What a new item of a list starts as. */
export function blankOf(schema: FormSchema): Canonical {
  if (schema.type === 'object') return Object.fromEntries(membersOf(schema).filter(({ isRequired }) => isRequired).map(({ name, inner }) => [name, blankOf(inner)]))
  if (schema.type === 'array') return Array.from({ length: schema.minItems ?? 0 }, () => blankOf(schema.items ?? {}))
  return optionsOf(schema)?.[0] ?? (schema.type === 'integer' ? schema.minimum ?? 0 : '')
}

/** The schema at a path of another. */
export function schemaAt(schema: FormSchema, [step, ...rest]: FormPath): FormSchema | undefined {
  if (step === undefined) return schema
  const inner = typeof step === 'number' ? schema.items : schema.properties !== undefined && Object.hasOwn(schema.properties, step) ? schema.properties[step] : undefined
  return inner === undefined ? undefined : schemaAt(inner, rest)
}

/** What was typed for a field, as its value: a whole number where the field is one and the text reads as one. */
export function typedValue(schema: FormSchema, text: string): Canonical {
  const option = optionsOf(schema)?.find((each) => String(each) === text)
  if (option !== undefined) return option
  return schema.type === 'integer' && /^-?\d{1,15}$/.test(text) ? Number(text) : text
}

/** The value with one part set, or left out where `part` is undefined. Steps on the way that are missing are made. */
export function withPart(value: Canonical | undefined, [step, ...rest]: FormPath, part: Canonical | undefined): Canonical | undefined {
  if (step === undefined) return part
  if (typeof step === 'number') {
    const items = Array.isArray(value) ? value as readonly Canonical[] : []
    const changed = withPart(items[step], rest, part)
    return [...items.slice(0, step), ...(changed === undefined ? [] : [changed]), ...items.slice(step + 1)]
  }
  const { [step]: before, ...others } = isRecord(value) ? value : {}
  const changed = withPart(before, rest, part)
  if (changed === undefined) return others
  // In its own place, so that a form doesn't move under the hand.
  return isRecord(value) && Object.hasOwn(value, step) ? { ...value, [step]: changed } : { ...others, [step]: changed }
}
