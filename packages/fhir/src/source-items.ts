// What readers give: resources as they were written, and problems with the place where they stand.
import { isDeeperThan } from './json-scan.ts'
import type { IssueCode } from './errors.ts'

/** A resource that parsed. `text` is its JSON as written (decimals keep their digits). */
export interface ReadResource {
  readonly offset: number
  readonly text: Uint8Array
  readonly resource: Readonly<Record<string, unknown>>
  /** The bundle entry's address of the resource, often `urn:uuid:…`. */
  readonly fullUrl: string | undefined
}

/** Something at this byte of the (uncompressed) source that could not be taken. `fatal`: nothing after it could be read. */
export interface ReadProblem {
  readonly offset: number
  readonly code: IssueCode
  readonly fatal: boolean
}

export type SourceItem = ReadResource | ReadProblem

export const isProblem = (item: SourceItem): item is ReadProblem => 'code' in item

export interface ReadLimits {
  /** Bytes of one resource. */
  readonly resourceBytes: number
  readonly depth: number
}

export const readLimits: ReadLimits = { resourceBytes: 50_000_000, depth: 100 }

/** Shallow texts needn't be looked through: a text this short can't nest deep enough to harm the parser. */
const SHORT = 65_536

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export const problem = (offset: number, code: IssueCode, fatal = false): ReadProblem => ({ offset, code, fatal })

/** Parses one resource's text; `broken` is the code for text that is not JSON. */
export function parseResource(text: Uint8Array, place: { offset: number; fullUrl?: string | undefined; limits: ReadLimits }): SourceItem {
  const { offset, fullUrl, limits } = place
  if (text.length > limits.resourceBytes) return problem(offset, 'FHIR_TOO_LARGE')
  if (text.length > SHORT && isDeeperThan(text, limits.depth)) return problem(offset, 'FHIR_TOO_DEEP')
  let decoded: string
  try {
    decoded = decoder.decode(text)
  } catch {
    return problem(offset, 'FHIR_BAD_ENCODING')
  }
  try {
    const resource: unknown = JSON.parse(decoded)
    if (typeof resource !== 'object' || resource === null || Array.isArray(resource)) return problem(offset, 'FHIR_WRONG_TYPE')
    return { offset, text, resource: resource as Record<string, unknown>, fullUrl }
  } catch {
    return problem(offset, 'FHIR_MALFORMED')
  }
}
