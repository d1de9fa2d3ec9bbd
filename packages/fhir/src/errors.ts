// The codes of `fhir`: of a source that can't be read on, and of the issues found in a resource.
import { defineErrors } from '@mhmd/base'

const structure = 'Correct the element at the path and import the resource again.'
const profile = 'The finding names the element of the profile; correct the resource, or ask its guide which profile it should name.'
const source = 'Export the file again and import it anew; what was complete before the place named is kept, and nothing is imported twice.'

export const fhirErrors = defineErrors('FHIR', {
  UNKNOWN_TYPE: { kind: 'invalid', says: () => 'The resource type is missing or not one of FHIR R4', remedy: structure },
  UNKNOWN_PROPERTY: { kind: 'invalid', says: () => 'The element has a property that FHIR R4 does not define', remedy: structure },
  WRONG_TYPE: { kind: 'invalid', says: () => 'The element is not of the type that FHIR R4 defines (text, number, list, object)', remedy: structure },
  BAD_FORMAT: { kind: 'invalid', says: () => 'The value does not have the format of its type', remedy: structure },
  EMPTY: { kind: 'invalid', says: () => 'The element is there but empty', remedy: 'Leave an element out rather than giving it no content.' },
  MISSING: { kind: 'invalid', says: () => 'A required element is missing', remedy: structure },
  TOO_MANY: { kind: 'invalid', says: () => 'The element is there more often than it may be', remedy: structure },
  TOO_FEW: { kind: 'invalid', says: () => 'The element is there less often than it must be', remedy: structure },
  CHOICE_REPEATED: { kind: 'invalid', says: () => 'A choice element is given in two types at once', remedy: structure },
  NOT_IN_BINDING: { kind: 'invalid', says: () => 'The code is not in the value set that FHIR R4 requires here', remedy: structure },
  EXTENSION_SHAPE: { kind: 'invalid', says: () => 'An extension has either a value or extensions, and not both (ext-1)', remedy: structure },
  EXTENSION_URL: { kind: 'invalid', says: () => 'The url of an extension is an absolute address, except inside another extension', remedy: structure },
  CONTAINED_SHAPE: { kind: 'invalid', says: () => 'A contained resource needs an id and may contain none itself (dom-2)', remedy: structure },
  BAD_REFERENCE: { kind: 'invalid', says: () => 'The reference has none of the forms Type/id, #id, urn:uuid, urn:oid, http(s) address or conditional', remedy: structure },
  REFERENCE_TARGET: { kind: 'invalid', says: () => 'The reference is to a type of resource that may not stand here', remedy: structure },
  REFERENCE_UNRESOLVED: { kind: 'invalid', says: () => 'The resource referred to is not there', remedy: 'Import the file that holds it as well.' },
  INVARIANT: { kind: 'invalid', says: () => 'A rule of FHIR R4 that the finding names does not hold here', remedy: 'Look the rule up in the definition of the resource type at hl7.org/fhir/R4, correct the element, and import the resource again.' },
  BUNDLE_FIRST: { kind: 'invalid', says: () => 'A document begins with a Composition and a message with a MessageHeader; this bundle does not, and nothing of it is taken', remedy: 'Export the bundle again as what it is, or as a collection.' },
  BUNDLE_REQUEST: { kind: 'invalid', says: () => 'An entry of a transaction or batch says by its request what is to be done with it; here there is none', remedy: 'Export the bundle again, or as a collection.' },
  BUNDLE_REMOVAL: { kind: 'invalid', says: () => 'The entry asks for a removal or a partial change, which an import does not carry out', remedy: 'Ask the steward to erase the record where that is meant; give changed resources whole.' },
  BUNDLE_REPEATED: { kind: 'invalid', says: () => 'Another entry before it in the same bundle has this fullUrl', remedy: 'Give each entry of a bundle an address of its own; the first one was taken.' },
  CANONICAL: { kind: 'invalid', says: () => 'A canonical address is absolute, or begins with # where it means something contained', remedy: structure },
  BUNDLE_ADDRESS: { kind: 'invalid', says: () => 'An entry needs a fullUrl that ends with the type and id of its resource, unless its bundle is a transaction or batch', remedy: structure },
  NOT_A_PROFILE: { kind: 'invalid', says: () => 'The document is no profile: a StructureDefinition that constrains a resource type of FHIR R4, with a differential or a snapshot', remedy: 'Give the StructureDefinition as JSON, as its guide publishes it.' },
  PROFILE_MISSING: { kind: 'invalid', says: () => 'An element that the profile requires is missing, or there less often than it must be', remedy: profile },
  PROFILE_TOO_MANY: { kind: 'invalid', says: () => 'The element is there more often than the profile allows', remedy: profile },
  PROFILE_VALUE: { kind: 'invalid', says: () => 'The element has another value than the profile fixes', remedy: profile },
  PROFILE_TYPE: { kind: 'invalid', says: () => 'The element is of a type, or refers to one, that the profile does not allow', remedy: profile },
  PROFILE_BINDING: { kind: 'invalid', says: () => 'The code is not in the value set that the profile requires', remedy: profile },
  PROFILE_SLICE: { kind: 'invalid', says: () => 'The item fits none of the slices to which the profile closes the list', remedy: profile },
  PROFILE_INVARIANT: { kind: 'invalid', says: () => 'A rule of the profile does not hold here', remedy: profile },
  TOO_DEEP: { kind: 'invalid', says: () => 'Elements are nested more than 100 deep', remedy: structure },
  TOO_LARGE: { kind: 'invalid', says: (d: { limit: number }) => `The resource is larger than ${d.limit} bytes`, remedy: 'Keep large content outside as an attachment with an address.' },
  DUPLICATE_ID: { kind: 'invalid', says: () => 'Another resource before it in the same source has this id', remedy: 'Give each resource of a source an id of its own; the first one was taken.' },
  MALFORMED: { kind: 'invalid', says: (d: { offset: number }) => `The text is not JSON at byte ${d.offset}`, remedy: source },
  TRUNCATED: { kind: 'invalid', says: (d: { offset: number }) => `The source ends in the middle of a resource that begins at byte ${d.offset}`, remedy: source },
  BAD_ENCODING: { kind: 'invalid', says: (d: { offset: number }) => `The text from byte ${d.offset} is not UTF-8`, remedy: 'Convert the file to UTF-8 and import it again.' },
  NOT_GZIP: { kind: 'invalid', says: (d: { offset: number }) => `The compressed data are damaged or end early (after ${d.offset} bytes of text)`, remedy: source },
  NOT_A_SOURCE: { kind: 'invalid', says: () => 'The source is neither a FHIR Bundle or resource in JSON nor NDJSON', remedy: 'Give Bundles as JSON or resources as NDJSON; both may be gzipped. XML is not read.' },
})

/** Codes that an issue of a resource may carry. */
export type IssueCode = `FHIR_${Exclude<keyof typeof fhirErrors, 'table'>}`

/** One finding: where (FHIRPath-like, element names of FHIR only) and what. Never a value, nor a property's name that FHIR doesn't define. */
export interface Issue {
  readonly path: string
  readonly code: IssueCode
  readonly severity: 'error' | 'warning'
  /** The definition's own name of the rule, where the code stands for many: `per-1`. */
  readonly rule?: string
  /** The address of the profile that asks it. */
  readonly profile?: string
}
