// Where our verdict and the HAPI validator's differ, each with its reason. A difference that no line here explains fails the run.
import type { HapiFinding } from './hapi.ts'

/** What HAPI refuses and we take: every finding of a resource must be explained by a line. `id` is HAPI's name of the rule. */
const taken: readonly { readonly id: string; readonly text?: RegExp; readonly reason: string }[] = [
  { id: 'Validation_VAL_Profile_Unknown', reason: 'a profile that is not at hand: we judge by FHIR R4 itself, as a source system may name any profile' },
  { id: 'Terminology_PassThrough_TX_Message', reason: 'a unit or code looked up in UCUM or a code system, without a required binding: needs a terminology service' },
  { id: 'TYPE_SPECIFIC_CHECKS_DT_IDENTIFIER_IETF_SYSTEM_VALUE', reason: 'advice on identifiers, in no rule of FHIR R4' },
  { id: 'Type_Specific_Checks_DT_XHTML_Resolve', reason: 'links inside a narrative are not followed: narratives are never released' },
  { id: 'Type_Specific_Checks_DT_XHTML_Resolve_Img', reason: 'images inside a narrative are not followed: narratives are never released' },
  { id: 'TYPE_SPECIFIC_CHECKS_DT_ATT_HASH_MISMATCH', reason: 'attachments are not opened' },
  { id: 'TYPE_SPECIFIC_CHECKS_DT_ATT_B64_DECODE_FAIL', text: /Illegal base64 character (?:20|a|d)$/, reason: 'FHIR R4 allows white space in base64' },
  { id: 'BUNDLE_BUNDLE_ENTRY_NOTFOUND_CANNOT', reason: 'a reference to a resource of another server with the same type and id as one in the bundle: it may lead out of the bundle' },
  { id: 'BUNDLE_BUNDLE_ENTRY_NOTFOUND_APPARENT', reason: 'as BUNDLE_BUNDLE_ENTRY_NOTFOUND_CANNOT' },
  { id: 'Extension_EXT_SubExtension_Invalid', reason: 'definitions of extensions are not at hand: extensions are kept and never read' },
  { id: 'MEASURE_M_CRITERIA_CQL_NO_LIB', reason: 'measures are not evaluated' },
  { id: 'VALIDATION_HL7_PUBLISHER_MISMATCH', reason: 'a rule for HL7\'s own publications' },
]

/** What we refuse and HAPI takes, by our code; `among` narrows it to some groups of resources. */
const refused: readonly { readonly code: string; readonly among?: RegExp; readonly reason: string }[] = [
  { code: 'FHIR_REFERENCE_TARGET', reason: 'the type of a reference is looked at by us alone' },
  { code: 'FHIR_PROFILE_TYPE', among: /^profiles/, reason: 'as FHIR_REFERENCE_TARGET, where a profile narrows the types' },
  { code: 'FHIR_BAD_REFERENCE', reason: 'a reference names a type of FHIR R4, which HAPI does not look at' },
  { code: 'ele-1', reason: 'an id alone is no content by the rule as it is written; HAPI does not ask it of every element' },
  { code: 'FHIR_BAD_FORMAT', among: /control character/, reason: 'FHIR R4 allows no control characters in text; HAPI does not look for them' },
  { code: 'FHIR_EMPTY', among: /empty list/, reason: 'a list without items is no valid JSON of FHIR; HAPI overlooks those of primitives' },
]

export const isRefusalExplained = (code: string, group: string): boolean => refused.some((one) => one.code === code && (one.among === undefined || one.among.test(group)))

/** The reason why we take what has this finding, or undefined. */
export const explains = (finding: HapiFinding): string | undefined => taken.find(({ id, text }) => id === finding.id && (text === undefined || text.test(finding.text)))?.reason
