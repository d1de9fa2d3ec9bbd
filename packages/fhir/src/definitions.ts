// The compact R4 definitions (../definitions/r4.json) as rows: what elements each type has.
import r4 from '../definitions/r4.json' with { type: 'json' }

export interface TypeUse {
  readonly type: string
  /** For references: the types that may be referred to; undefined for any. */
  readonly targets: readonly string[] | undefined
}

export interface ElementDefinition {
  /** Without `[x]`. */
  readonly name: string
  readonly min: number
  readonly max: number
  /** Whether JSON gives it as a list. */
  readonly list: boolean
  readonly choice: boolean
  readonly types: readonly TypeUse[]
  /** Name of the code set of a required binding. */
  readonly codes: string | undefined
}

export interface TypeDefinition {
  readonly name: string
  readonly resource: boolean
  readonly base: string | undefined
  /** Its own and its bases' elements. */
  readonly elements: readonly ElementDefinition[]
}

interface Row { readonly kind: string; readonly base?: string; readonly elements: Readonly<Record<string, string>> }
const rows = r4.types as unknown as Readonly<Record<string, Row>>

export const primitivePatterns = r4.primitives as Readonly<Record<string, string>>
export const codeSets = r4.codes as unknown as Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>

/** The definition of a type by its name, `Patient`, `HumanName`, `Patient.contact`. */
export function typeDefinition(name: string): TypeDefinition | undefined {
  const row = Object.hasOwn(rows, name) ? rows[name] : undefined
  if (row === undefined) return undefined
  const inherited = row.base === undefined ? [] : typeDefinition(row.base)?.elements ?? []
  const own = Object.entries(row.elements).map(([element, specification]) => parseElement(element, specification))
  return { name, resource: row.kind === 'resource', base: row.base, elements: [...inherited, ...own] }
}

export const isPrimitive = (type: string): boolean => Object.hasOwn(primitivePatterns, type)

/** Concrete resource types: `Resource` and `DomainResource` are bases only. */
export const resourceTypes: ReadonlySet<string> = new Set(Object.keys(rows).filter((name) => rows[name]?.kind === 'resource' && name !== 'Resource' && name !== 'DomainResource'))

/** A row is `MIN..MAX TYPE,TYPE… =CODESET`, the last part only for a required binding; references are `Reference(A|B)`. */
function parseElement(element: string, specification: string): ElementDefinition {
  const [cardinality = '', types = '', codes] = specification.split(' ')
  const [min, max] = cardinality.split('..')
  const choice = element.endsWith('[x]')
  return {
    name: choice ? element.slice(0, -3) : element,
    min: Number(min),
    max: max === '*' ? Number.POSITIVE_INFINITY : Number(max),
    list: max !== '1',
    choice,
    types: types.split(',').map(parseType),
    codes: codes?.slice(1),
  }
}

function parseType(text: string): TypeUse {
  const open = text.indexOf('(')
  return open < 0 ? { type: text, targets: undefined } : { type: text.slice(0, open), targets: text.slice(open + 1, -1).split('|') }
}
