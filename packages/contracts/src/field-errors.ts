// What is wrong with which field of a payload: each with its path and the rule it breaks.
import type { Canonical } from '@mhmd/base'
import { isRecord, memberOf, membersOf, optionsOf } from './form.ts'
import type { FormPath, FormSchema } from './form.ts'

/** Which rule a field breaks; `limit` is what the rule asks for. */
export interface FieldError {
  readonly path: FormPath
  readonly rule: 'missing' | 'unexpected' | 'kind' | 'option' | 'pattern' | 'longest' | 'least' | 'most' | 'fewest-items' | 'most-items' | 'twice' | 'fewest-members'
  readonly limit?: string | number
}

/** Every field of `value` that is not as `schema` says; none exactly where the schema's validator takes it. */
export function fieldErrors(schema: FormSchema, value: Canonical | undefined, path: FormPath = []): readonly FieldError[] {
  if (value !== undefined && schema.type === 'object') return isRecord(value) ? memberErrors(schema, value, path) : [{ path, rule: 'kind', limit: 'object' }]
  if (value !== undefined && schema.type === 'array') return Array.isArray(value) ? itemErrors(schema, value as readonly Canonical[], path) : [{ path, rule: 'kind', limit: 'list' }]
  return leafErrors(schema, value).map((broken) => ({ path, ...broken }))
}

type Broken = Omit<FieldError, 'path'>

function leafErrors(schema: FormSchema, value: Canonical | undefined): Broken[] {
  if (value === undefined) return [{ rule: 'missing' }]
  const options = optionsOf(schema)
  if (options !== undefined) return options.some((option) => option === value) ? [] : [{ rule: 'option', limit: options.join(', ') }]
  return schema.type === 'integer' ? numberErrors(schema, value) : textErrors(schema, value)
}

function memberErrors(schema: FormSchema, value: Readonly<Record<string, Canonical>>, path: FormPath): FieldError[] {
  const members = membersOf(schema)
  const unexpected = Object.keys(value).filter((name) => !members.some((member) => member.name === name)).map((name): FieldError => ({ path: [...path, name], rule: 'unexpected' }))
  const few: FieldError[] = Object.keys(value).length < (schema.minProperties ?? 0) ? [{ path, rule: 'fewest-members', limit: schema.minProperties ?? 0 }] : []
  return [...few, ...members.flatMap(({ name, inner, isRequired }) => Object.hasOwn(value, name) || isRequired ? fieldErrors(inner, memberOf(value, name), [...path, name]) : []), ...unexpected]
}

function itemErrors({ items = {}, minItems = 0, maxItems = Infinity, uniqueItems = false }: FormSchema, value: readonly Canonical[], path: FormPath): FieldError[] {
  const count: FieldError[] = value.length < minItems ? [{ path, rule: 'fewest-items', limit: minItems }] : value.length > maxItems ? [{ path, rule: 'most-items', limit: maxItems }] : []
  const texts = value.map((item) => JSON.stringify(item))
  const twice = uniqueItems ? texts.flatMap((text, at): FieldError[] => texts.indexOf(text) < at ? [{ path: [...path, at], rule: 'twice' }] : []) : []
  return [...count, ...value.flatMap((item, at) => fieldErrors(items, item, [...path, at])), ...twice]
}

function numberErrors({ minimum = -Infinity, maximum = Infinity }: FormSchema, value: Canonical): Broken[] {
  if (typeof value !== 'number' || !Number.isInteger(value)) return [{ rule: 'kind', limit: 'whole number' }]
  if (value < minimum) return [{ rule: 'least', limit: minimum }]
  return value > maximum ? [{ rule: 'most', limit: maximum }] : []
}

function textErrors({ pattern, maxLength = Infinity, title }: FormSchema, value: Canonical): Broken[] {
  if (typeof value !== 'string') return [{ rule: 'kind', limit: 'text' }]
  if (value.length > maxLength) return [{ rule: 'longest', limit: maxLength }]
  return pattern !== undefined && !new RegExp(pattern, 'u').test(value) ? [{ rule: 'pattern', ...(title === undefined ? {} : { limit: title }) }] : []
}
