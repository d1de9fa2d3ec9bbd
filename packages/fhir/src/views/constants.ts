// Constants of a view: their values, checked against the types they are given as.
import { isPrimitive, primitivePatterns } from '../definitions.ts'
import { viewErrors } from './errors.ts'
import type { Constant } from './path/compiled.ts'

const json: Readonly<Record<string, string>> = { boolean: 'boolean', integer: 'number', integer64: 'number', decimal: 'number', positiveInt: 'number', unsignedInt: 'number' }

export function constantsOf(definitions: readonly Readonly<Record<string, unknown>>[]): Map<string, Constant> {
  const constants = new Map<string, Constant>()
  definitions.forEach((definition, index) => {
    const { name, ...values } = definition
    const [member = '', value] = Object.entries(values)[0] ?? []
    const type = typeOf(member)
    if (typeof name !== 'string' || type === undefined || constants.has(name) || name === 'rowIndex' || name === 'resource' || !isOfType(value, type)) throw viewErrors.BAD_CONSTANT({ at: `/constant/${index}` })
    constants.set(name, { value, type: type === 'integer64' ? 'integer' : type })
  })
  return constants
}

/** `valueDateTime` is a `dateTime`. */
function typeOf(member: string): string | undefined {
  const type = (member[5] ?? '').toLowerCase() + member.slice(6)
  return isPrimitive(type) || type === 'integer64' ? type : undefined
}

function isOfType(value: unknown, type: string): boolean {
  const pattern = primitivePatterns[type === 'integer64' ? 'integer' : type]
  return typeof value === (json[type] ?? 'string') && pattern !== undefined && new RegExp(`^(?:${pattern})$`).test(String(value))
}
