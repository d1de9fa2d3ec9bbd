// What the kind of a bundle asks of its entries as they come by (hl7.org/fhir/R4/bundle.html; bdl-3, bdl-7, bdl-11, bdl-12), and what an import can't do with one.
import type { IssueCode } from './errors.ts'

export interface EntryShape {
  readonly fullUrl: string | undefined
  readonly resourceType: string | undefined
  readonly versionId: string | undefined
  /** The HTTP method of its request, undefined where it has none. */
  readonly method: string | undefined
}

export interface EntryProblem {
  readonly code: IssueCode
  /** The bundle as a whole is none of its kind. */
  readonly fatal: boolean
}

const firstOf: Readonly<Record<string, string>> = { document: 'Composition', message: 'MessageHeader' }
const asking = new Set(['transaction', 'batch'])
const removing = new Set(['DELETE', 'PATCH'])

/** Follows one bundle. Its kind may be told only after its entries: then what would have been refused is told at the end. */
export class BundleRules {
  readonly #urls = new Set<string>()
  #first: EntryShape | undefined
  #unasked = false

  /** What is wrong with the next entry, or undefined. */
  next(kind: string | undefined, entry: EntryShape): EntryProblem | undefined {
    const isFirst = this.#first === undefined
    this.#first ??= entry
    this.#unasked ||= entry.method === undefined
    if (isFirst && isOtherFirst(kind, entry)) return { code: 'FHIR_BUNDLE_FIRST', fatal: true }
    if (entry.method !== undefined && removing.has(entry.method)) return { code: 'FHIR_BUNDLE_REMOVAL', fatal: false }
    if (kind !== undefined && asking.has(kind) && entry.method === undefined) return { code: 'FHIR_BUNDLE_REQUEST', fatal: false }
    if (kind !== 'history' && this.#isRepeated(entry)) return { code: 'FHIR_BUNDLE_REPEATED', fatal: false }
    return undefined
  }

  /** For a kind that was told after the entries. */
  end(kind: string | undefined): EntryProblem | undefined {
    if (this.#first === undefined || kind === undefined) return undefined
    if (isOtherFirst(kind, this.#first)) return { code: 'FHIR_BUNDLE_FIRST', fatal: true }
    return asking.has(kind) && this.#unasked ? { code: 'FHIR_BUNDLE_REQUEST', fatal: true } : undefined
  }

  #isRepeated({ fullUrl, versionId = '' }: EntryShape): boolean {
    if (fullUrl === undefined) return false
    const name = `${fullUrl} ${versionId}`
    if (this.#urls.has(name)) return true
    this.#urls.add(name)
    return false
  }
}

const isOtherFirst = (kind: string | undefined, { resourceType }: EntryShape): boolean => kind !== undefined && Object.hasOwn(firstOf, kind) && resourceType !== firstOf[kind]

const restful = /^https?:\/\/.*\/([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})$/

/** Whether the address of an entry says another type or id than its resource; missing ones are told where the kind needs them. */
export function isAddressWrong(kind: unknown, entry: Readonly<Record<string, unknown>>): boolean {
  const { fullUrl, resource } = entry as { fullUrl?: unknown; resource?: Readonly<Record<string, unknown>> }
  if (resource === undefined) return false
  if (typeof fullUrl !== 'string') return !asking.has(String(kind)) && !String(kind).endsWith('-response')
  const named = restful.exec(fullUrl)
  return named !== null && resource['id'] !== undefined && (named[1] !== resource['resourceType'] || named[2] !== resource['id'])
}
