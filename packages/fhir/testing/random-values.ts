// Random values of FHIR types, right in structure and often wrong in sense: members are left out at will, texts come from a few words that invariants ask for.
import fc from 'fast-check'
import type { Arbitrary } from 'fast-check'
import { isPrimitive, typeDefinition } from '../src/definitions.ts'
import type { ElementDefinition } from '../src/definitions.ts'

const fixed: Readonly<Record<string, Arbitrary<unknown>>> = {
  boolean: fc.boolean(),
  number: fc.constantFrom(-1, 0, 0.5, 1, 2, 101),
  date: fc.constantFrom('2020', '2020-02', '2020-02-03', '2020-03-01'),
  dateTime: fc.constantFrom('2020-02-03', '2020-02-03T10:00:00Z', '2020-02-03T10:00:00+01:00', '2020-02-03T09:30:00Z', '2021'),
  time: fc.constantFrom('10:00:00', '11:00:00'),
  xhtml: fc.constantFrom('<div xmlns="http://www.w3.org/1999/xhtml">a</div>', '<div xmlns="http://www.w3.org/1999/xhtml"> </div>'),
  Resource: fc.constantFrom({ resourceType: 'Composition', id: 'a' }, { resourceType: 'MessageHeader', meta: { versionId: '1' } }, { resourceType: 'Patient', id: 'b' }),
}
const alike: Readonly<Record<string, string>> = { decimal: 'number', integer: 'number', positiveInt: 'number', unsignedInt: 'number', instant: 'dateTime' }

export interface RandomOptions {
  /** Texts that the expression under test compares with. */
  readonly words: readonly string[]
  /** The members to fill: those that the expression names. */
  readonly likely: ReadonlySet<string>
  readonly depth: number
}

/** A value of a type by its name: `Period`, `Patient.contact`, `Bundle`. */
export function randomValue(type: string, options: RandomOptions): Arbitrary<unknown> {
  const text = fc.constantFrom('a', '#a', 'Name', 'Patient.name', 'http://a.example/_history/1', '7', '*', ...options.words)
  const made = new Map<string, Arbitrary<unknown>>()

  const valueOf = (name: string, depth: number): Arbitrary<unknown> => {
    const given = fixed[alike[name] ?? name] ?? (isPrimitive(name) ? text : undefined) ?? made.get(`${name} ${depth}`)
    if (given !== undefined) return given
    const one = complex(name, depth)
    made.set(`${name} ${depth}`, one)
    return one
  }
  const complex = (name: string, depth: number): Arbitrary<unknown> => {
    const definition = typeDefinition(name)
    const members = depth === 0 ? [] : (definition?.elements ?? []).filter((element) => options.likely.has(element.name))
    return fc.tuple(...members.map((element) => memberOf(element, depth - 1)))
      .map((list) => ({ ...(definition?.resource === true ? { resourceType: name } : {}), ...Object.assign({}, ...list) as object }))
  }
  const memberOf = (element: ElementDefinition, depth: number): Arbitrary<object> => fc.oneof(fc.constant({}), ...element.types.slice(0, 6).map((use) => {
    const name = element.choice ? element.name + use.type.charAt(0).toUpperCase() + use.type.slice(1) : element.name
    const one = valueOf(use.type, depth)
    return (element.list ? fc.array(one, { maxLength: 3 }).map((list) => list.filter((item) => !isEmpty(item))) : one).map((value) => isEmpty(value) ? {} : { [name]: value })
  }))
  return valueOf(type, options.depth)
}

const isEmpty = (value: unknown): boolean => typeof value === 'object' && value !== null && Object.keys(value).length === 0
