// The forms a FHIR reference may have (hl7.org/fhir/R4/references.html#literal), and what type it names.
import { resourceTypes } from './definitions.ts'

export type ReferenceForm =
  | { readonly kind: 'local'; readonly type: string; readonly id: string }
  | { readonly kind: 'contained'; readonly id: string }
  | { readonly kind: 'urn' }
  | { readonly kind: 'absolute'; readonly type: string | undefined }
  | { readonly kind: 'conditional'; readonly type: string }

const local = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/
const conditional = /^([A-Z][A-Za-z]+)\?[^\s#]+$/
const absolute = /^https?:\/\/[^\s/?#]+(?:\/[^\s?#]*)?(?:[?#]\S*)?$/
const absoluteTail = /\/([A-Z][A-Za-z]+)\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/
const urn = /^urn:(?:uuid:[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|oid:[0-2](?:\.(?:0|[1-9][0-9]*))+)$/

/** The reference's form, or undefined where it has none: paths that climb, other schemes, unknown types. */
export function parseReference(reference: string): ReferenceForm | undefined {
  if (reference.startsWith('#')) return /^#[A-Za-z0-9\-.]{0,64}$/.test(reference) ? { kind: 'contained', id: reference.slice(1) } : undefined
  if (reference.startsWith('urn:')) return urn.test(reference) ? { kind: 'urn' } : undefined
  if (reference.startsWith('http')) return absolute.test(reference) ? { kind: 'absolute', type: knownType(absoluteTail.exec(reference)?.[1]) } : undefined
  return parseRelative(reference)
}

function parseRelative(reference: string): ReferenceForm | undefined {
  const found = local.exec(reference)
  if (found !== null) return withType(found[1], (type) => ({ kind: 'local', type, id: found[2] as string }))
  return withType(conditional.exec(reference)?.[1], (type) => ({ kind: 'conditional', type }))
}

const knownType = (type: string | undefined): string | undefined => type !== undefined && resourceTypes.has(type) ? type : undefined

function withType(type: string | undefined, make: (type: string) => ReferenceForm): ReferenceForm | undefined {
  const known = knownType(type)
  return known === undefined ? undefined : make(known)
}
