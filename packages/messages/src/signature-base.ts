// HTTP Message Signatures (RFC 9421): the signature base, and our profile of it for requests of people.
// Left out: responses, several signatures, parameters of components, and field values of more than one line.
import { sha256 } from '@mhmd/crypto'
import { utf8 } from '@mhmd/base'
import { byteSequence } from './structured-fields.ts'

/** A request as both sides see it. `authority` is host and port, lower case, without a default port; `path` and `query` are as sent. */
export interface RequestLine {
  readonly method: string
  readonly authority: string
  readonly path: string
  /** With its question mark; empty when there is none. */
  readonly query: string
}

/** One covered component: its identifier and its value. */
export type Component = readonly [name: string, value: string]

/** RFC 9421 §2.5. `params` is the value of `@signature-params`: the list of identifiers with its parameters. */
export function signatureBase(components: readonly Component[], params: string): Uint8Array {
  return utf8([...components.map(([name, value]) => `"${name}": ${value}`), `"@signature-params": ${params}`].join('\n'))
}

/** `("a" "b")` for the identifiers of the components. */
export const identifiers = (components: readonly Component[]): string => `(${components.map(([name]) => `"${name}"`).join(' ')})`

/** What our profile covers. RFC 9421 §2.2: an absent query is signed as a lone question mark. */
export function coveredComponents(request: RequestLine, contentDigest: string): readonly Component[] {
  return [['@method', request.method], ['@authority', request.authority], ['@path', request.path], ['@query', request.query === '' ? '?' : request.query], ['content-digest', contentDigest]]
}

/** RFC 9530 Content-Digest with sha-256, also of an empty body. */
export const contentDigestOf = (body: Uint8Array): string => `sha-256=${byteSequence(sha256(body))}`
