// What is wrong with a document, by place and rule, never by value: the names and limits that are told are the schema's own.
import { Settings } from 'typebox/system'

export interface Problem {
  readonly keyword: string
  readonly schemaPath: string
  readonly instancePath: string
  readonly params: object
}

const maxProblems = 8
const maxNames = 40

// A union reports what each of its kinds misses: more of them than the library gives unasked.
Settings.Set({ maxErrors: 1000 })

/** One kind of a union, told from the others by a constant member. */
const kind = /^(?<union>.*?\/anyOf)\/(?<variant>\d+)\/properties\/(?<member>[^/]+)$/

interface Union {
  readonly at: string
  readonly member: string
  readonly others: Set<string>
  readonly names: unknown[]
}

/** Of a union only the kind that the document names counts; where it names none, that is the problem. */
export function problemsOf(errors: readonly Problem[]): string {
  const unions = unionsOf(errors)
  const isOfAnother = ({ schemaPath, instancePath }: Problem): boolean => [...unions].some(([path, { at, others }]) => isWithin(instancePath, at) && [...others].some((variant) => isWithin(schemaPath, `${path.slice(0, path.indexOf(' '))}/${variant}`)))
  const left = errors.filter((error) => error.keyword !== 'boolean' && error.keyword !== 'anyOf' && !isOfAnother(error))
  const unnamed = [...unions].filter(([path, { at }]) => !left.some(({ schemaPath, instancePath }) => isWithin(instancePath, at) && isWithin(schemaPath, path.slice(0, path.indexOf(' ')))))
  const told = [...unnamed.map(([, { at, member, names }]) => `${at}/${member} (none of: ${listed(names)})`), ...left.map((error) => `${error.instancePath === '' ? '/' : error.instancePath} (${ruleOf(error)})`)]
  return [...new Set(told.length === 0 ? ['/'] : told)].slice(0, maxProblems).join(', ')
}

function unionsOf(errors: readonly Problem[]): Map<string, Union> {
  const unions = new Map<string, Union>()
  const named = errors.flatMap((error) => {
    const { union, variant, member } = kind.exec(error.schemaPath)?.groups ?? {}
    return union === undefined || variant === undefined || member === undefined ? [] : [{ ...error, variant, member, at: error.instancePath.slice(0, -member.length - 1), key: `${union} ${error.instancePath}` }]
  })
  for (const { keyword, key, member, at } of named) if (keyword === 'const') unions.set(key, { at, member, others: new Set(), names: [] })
  // A kind may have several names.
  for (const { keyword, key, variant, params } of named) {
    const known = ['const', 'enum'].includes(keyword) ? unions.get(key) : undefined
    known?.others.add(variant)
    known?.names.push(...namesOf(params))
  }
  return unions
}

const namesOf = (params: { readonly allowedValue?: unknown; readonly allowedValues?: readonly unknown[] }): readonly unknown[] => params.allowedValues ?? [params.allowedValue]

const isWithin = (path: string, parent: string): boolean => path === parent || path.startsWith(`${parent}/`)

const listed = (names: readonly unknown[]): string => `${names.slice(0, maxNames).map(String).join(', ')}${names.length > maxNames ? ', …' : ''}`

// Names of unknown members are the sender's text, so an unknown member is reported at the object that holds it.
function ruleOf({ keyword, params }: Problem): string {
  const of = params as { readonly requiredProperties?: readonly string[]; readonly type?: string | readonly string[]; readonly allowedValues?: readonly unknown[]; readonly comparison?: string; readonly limit?: number }
  const more = of.requiredProperties?.join() ?? of.type?.toString() ?? (of.allowedValues === undefined ? undefined : listed(of.allowedValues)) ?? (of.limit === undefined ? undefined : `${of.comparison ?? ''} ${of.limit}`.trim())
  return more === undefined ? keyword : `${keyword}: ${more}`
}
