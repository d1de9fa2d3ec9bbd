// Copies of the shipped synthetic patients, so that a hospital has enough people to be counted: other ids, no names, bills or notes, dates moved back by the same days throughout; always the same ones.
import { createHash } from 'node:crypto'

interface Identifier {
  readonly system?: string
  readonly value?: string
}

interface Resource {
  readonly resourceType: string
  readonly id?: string
  readonly identifier?: readonly Identifier[]
}

/** A Synthea bundle, as far as this launcher looks into it. */
export interface Bundle {
  readonly entry: readonly { readonly resource: Resource }[]
}

const DAY_MILLISECONDS = 86_400_000
/** Far enough apart that copies of one patient differ in age; near enough that what they have still fits it. */
const [LEAST_DAYS, DAYS] = [40, 1500]

const digestOf = (...parts: readonly (string | number)[]): Buffer => createHash('sha256').update(parts.join(' ')).digest()

/** Another UUID for the same thing in the n-th copy (version 8, RFC 9562, section 5.8). */
export function copiedId(id: string, copy: number): string {
  const hex = digestOf('id', copy, id).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** UUIDs, times with their dates, and the UIDs of images, in one pass; the text holds a value of each between quotes or delimiters. */
const changing = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|"\d{4}-\d{2}-\d{2}(?=["T])|1\.2\.840\.99999999[.0-9]*/g

/** What the copies of one patient have in common. */
export interface Original {
  readonly patient: string
  readonly text: string
  readonly ids: ReadonlySet<string | undefined>
}

/** The text of the n-th copy. */
export function copiedText({ patient, text, ids }: Original, copy: number): string {
  const shift = (LEAST_DAYS + digestOf('days', copy, patient).readUInt32BE() % DAYS) * DAY_MILLISECONDS
  return text.replace(changing, (found) => {
    if (found.startsWith('"')) return `"${new Date(Date.parse(found.slice(1)) - shift).toISOString().slice(0, 10)}`
    if (found.startsWith('1.')) return `${found}.${copy}`
    return ids.has(found) ? copiedId(found, copy) : found
  })
}

interface Named extends Resource {
  readonly name?: readonly { readonly family?: string; readonly given?: readonly string[] }[]
  readonly address?: readonly { readonly city?: string; readonly state?: string; readonly postalCode?: string; readonly country?: string }[]
  readonly extension?: readonly { readonly url: string; readonly valueString?: string }[]
}

/** Bills are most of a bundle's bytes; notes have the patient's name within base64. */
const leftOut: ReadonlySet<string> = new Set(['Claim', 'ExplanationOfBenefit', 'DocumentReference', 'SupplyDelivery'])

/** A bundle without the patient's names, numbers and street, without bills and notes. */
export function originalOf(bundle: Bundle): Original {
  const patient = bundle.entry.find(({ resource }) => resource.resourceType === 'Patient')?.resource as Named
  const entry = bundle.entry.filter(({ resource }) => !leftOut.has(resource.resourceType))
  const ids = new Set(entry.map(({ resource }) => resource.id))
  const kept = entry.map((one) => ({ ...one, resource: one.resource === patient ? unnamed(patient) : withoutNotes(one.resource as Noted, ids) }))
  const names = (patient.name ?? []).flatMap(({ family, given }) => [family ?? [], given ?? []].flat())
  // Synthea's names end in digits: nothing else looks like them.
  const text = names.filter((name) => /^\p{L}[\p{L}'-]*\d+$/u.test(name)).reduce((without, name) => without.replaceAll(name, 'Copy'), JSON.stringify({ ...bundle, entry: kept }))
  return { patient: patient.id ?? '', text, ids }
}

function unnamed(patient: Named): Resource {
  const { telecom: _, ...rest } = patient as Named & { telecom?: unknown }
  const copied = {
    ...rest,
    // The first two are the synthetic record's own number; the others would be a person's.
    identifier: (patient.identifier ?? []).slice(0, 2),
    name: [{ use: 'anonymous', family: 'Copy', given: ['Copy'] }],
    address: patient.address?.map(({ city, state, postalCode, country }) => ({ city, state, postalCode, country })),
    extension: patient.extension?.filter(({ url }) => !/mothersMaidenName|birthPlace/.test(url)),
  }
  return copied
}

interface Noted extends Resource {
  readonly presentedForm?: unknown
  readonly target?: readonly { readonly reference?: string }[]
}

/** A report's note goes; a Provenance names only what is still there. */
function withoutNotes({ presentedForm: _, ...resource }: Noted, ids: ReadonlySet<string | undefined>): Resource {
  return resource.target === undefined ? resource : { ...resource, target: resource.target.filter(({ reference }) => ids.has(reference?.replace('urn:uuid:', ''))) } as Resource
}
