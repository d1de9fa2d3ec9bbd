// From a piece of a source to what may be stored: each resource read, checked, told whose it is, and packed; or its issues, with paths and codes and no value.
// Needs no key and no store, so that it can be done on any thread.
import { toHex, utf8 } from '@mhmd/base'
import { sha256 } from '@mhmd/crypto'
import { factsOf, isAboutNobody, isProblem, parseReference, patientReferences, readCut, readProfile, validateResource } from '@mhmd/fhir'
import type { Facts, Issue, Profile, ReadLimits, ReadResource, SourceCut, SourceItem, ValidationContext, ValidationLevel } from '@mhmd/fhir'
import { identifierName, referenceName, referenceOf } from './people-names.ts'
import { packText } from './record-codec.ts'

export type ImportIssueCode = Issue['code'] | 'VAULT_NO_PATIENT' | 'VAULT_PATIENT_NOT_FOUND' | 'VAULT_IDENTIFIER_CONFLICT'
export interface ImportIssue {
  readonly path: string
  readonly code: ImportIssueCode
  readonly severity: 'error' | 'warning'
  readonly rule?: string
  /** The address of the profile that asks it. */
  readonly profile?: string
}

/**
 * Whose record it is: nobody's; whoever has one of these names in the source system, met now or before; or whoever is already known by this name.
 * By the names in `also` she can be looked up, but nobody is taken for her because of them.
 */
export type Owner = { readonly kind: 'nobody' } | { readonly kind: 'names'; readonly names: readonly string[]; readonly also: readonly string[] } | { readonly kind: 'known'; readonly name: string }

export interface Candidate {
  readonly offset: number
  readonly type: string | undefined
  readonly issues: readonly ImportIssue[]
  /** Undefined where the resource stays out. */
  readonly record: CandidateRecord | undefined
}

export interface CandidateRecord {
  readonly identity: string
  /** SHA-256 of the text as written, and the text deflated. */
  readonly digest: Uint8Array
  readonly packed: Uint8Array
  /** JSON of its facts, undefined where it has none. */
  readonly facts: string | undefined
  readonly owner: Owner
  /** A Patient's own, to other patients of the source. */
  readonly links?: readonly PatientLink[]
}

/** What a Patient record says of another: `replaced-by`, `replaces`, `refer` or `seealso` (hl7.org/fhir/R4/patient.html, Patient.link). */
export interface PatientLink {
  readonly other: string
  readonly type: string
}

/** The resources of one piece, in order. Names are digests of `Type/id`. */
export interface Prepared {
  readonly candidates: readonly Candidate[]
  /** By candidate; 0 where it has no id. */
  readonly names: BigUint64Array
  /** Resources that they refer to, each once. */
  readonly references: BigUint64Array
}

/** What the entries of one bundle are called: address → type and id. */
export type BundleIndex = ReadonlyMap<string, { readonly type: string; readonly id: string | undefined }>

/** A resource with a thousand mistakes is told apart from a good one by the first few. */
const MOST_ISSUES = 20

/** How far a resource is read, and how much of it is checked. */
export interface PrepareOptions {
  readonly limits: ReadLimits
  readonly level: ValidationLevel
  /** StructureDefinitions that resources may name, asked at level full. */
  readonly profiles: readonly unknown[]
}

const read = new WeakMap<PrepareOptions, readonly Profile[]>()

/** The profiles of an import, read once a thread. */
function profilesOf(options: PrepareOptions): readonly Profile[] {
  const known = read.get(options) ?? options.profiles.map((one) => readProfile(one))
  read.set(options, known)
  return known
}

/** Reads and checks one piece of a source. */
export function prepareCut(cut: Exclude<SourceCut, { form: 'stream' }>, options: PrepareOptions): Prepared {
  const preparation = new Preparation(options)
  for (const items of readCut(cut, options.limits)) preparation.add(items, indexOf(items))
  return preparation.end()
}

export function prepareItems(items: readonly SourceItem[], index: BundleIndex, options: PrepareOptions): Prepared {
  const preparation = new Preparation(options)
  preparation.add(items, index)
  return preparation.end()
}

/** The addresses of a bundle's entries, which may refer forward to each other. The first of two with one address counts. */
export function indexOf(items: readonly SourceItem[], index = new Map<string, { type: string; id: string | undefined }>()): Map<string, { type: string; id: string | undefined }> {
  for (const item of items) {
    if (isProblem(item) || item.fullUrl === undefined || index.has(item.fullUrl)) continue
    const id = item.resource['id']
    index.set(item.fullUrl, { type: String(item.resource['resourceType']), id: typeof id === 'string' ? id : undefined })
  }
  return index
}

type Checked = Required<Pick<ValidationContext, 'level' | 'profiles' | 'onReference'>>

class Preparation {
  readonly #candidates: Candidate[] = []
  readonly #names: bigint[] = []
  readonly #references = new Set<string>()
  readonly #checked: Checked

  constructor(options: PrepareOptions) {
    this.#checked = { level: options.level, profiles: profilesOf(options), onReference: (reference) => this.#want(reference) }
  }

  add(items: readonly SourceItem[], index: BundleIndex): void {
    for (const item of items) {
      this.#names.push(isProblem(item) || typeof item.resource['id'] !== 'string' ? 0n : nameOf(identityOf(item)))
      this.#candidates.push(candidateOf(item, index, this.#checked))
    }
  }

  end(): Prepared {
    return { candidates: inOneBuffer(this.#candidates), names: BigUint64Array.from(this.#names), references: BigUint64Array.from(this.#references, nameOf) }
  }

  #want(reference: string): void {
    const form = parseReference(reference)
    if (form?.kind === 'local') this.#references.add(`${form.type}/${form.id}`)
  }
}

/** 64 bits: of ten million names two are the same once in 400,000 imports. */
const nameOf = (identity: string): bigint => Buffer.from(sha256(utf8(identity))).readBigUInt64LE()

/** The packed texts one after another in a buffer of their own, which another thread can be given without a copy. */
function inOneBuffer(candidates: readonly Candidate[]): Candidate[] {
  const buffer = new Uint8Array(candidates.reduce((sum, { record }) => sum + (record === undefined ? 0 : record.digest.length + record.packed.length), 0))
  let at = 0
  const place = (bytes: Uint8Array): Uint8Array => {
    buffer.set(bytes, at)
    at += bytes.length
    return buffer.subarray(at - bytes.length, at)
  }
  return candidates.map((candidate) => (candidate.record === undefined ? candidate : { ...candidate, record: { ...candidate.record, digest: place(candidate.record.digest), packed: place(candidate.record.packed) } }))
}

function candidateOf(item: SourceItem, index: BundleIndex, checked: Checked): Candidate {
  if (isProblem(item)) return { offset: item.offset, type: undefined, issues: [{ path: '', code: item.code, severity: 'error' }], record: undefined }
  const { offset, resource, text } = item
  const found = validateResource(resource, { ...checked, resolve: (reference) => typeOf(reference, index) })
  const type = found[0]?.code === 'FHIR_UNKNOWN_TYPE' ? undefined : String(resource['resourceType'])
  const refuse = (issues: readonly ImportIssue[]): Candidate => ({ offset, type, issues, record: undefined })
  const errors = found.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) return refuse(errors.slice(0, MOST_ISSUES))
  const owner = ownerOf(item, index)
  if (owner === undefined) return refuse([{ path: String(type), code: 'VAULT_NO_PATIENT', severity: 'error' }])
  const facts = factsOf(resource)
  return { offset, type, issues: found.slice(0, MOST_ISSUES), record: { identity: identityOf(item), digest: sha256(text), packed: packText(text), facts: hasFacts(facts) ? JSON.stringify(facts) : undefined, owner, ...linksOf(resource, index) } }
}

/** Links to RelatedPersons, and to patients by a search, are no one's in particular. */
function linksOf(resource: ReadResource['resource'], index: BundleIndex): Pick<CandidateRecord, 'links'> {
  const given = resource['resourceType'] === 'Patient' ? resource['link'] : undefined
  if (!Array.isArray(given)) return {}
  const links = (given as readonly { readonly other?: { readonly reference?: string }; readonly type: string }[]).flatMap(({ other, type }) => {
    const owner = other?.reference === undefined ? undefined : patientNamed(other.reference, index)
    return owner?.kind === 'names' ? [{ other: referenceOf(owner.names[0] ?? ''), type }] : []
  })
  return links.length === 0 ? {} : { links }
}

const hasFacts = (facts: Facts): boolean => facts.coded.length > 0 || facts.sex !== undefined || facts.birthDate !== undefined

/** Inside a bundle a urn must be an entry's; elsewhere it leads nowhere. Other references may lead out of the source. */
function typeOf(reference: string, index: BundleIndex): string | null | undefined {
  return index.get(reference)?.type ?? (reference.startsWith('urn:uuid:') ? null : undefined)
}

/** What makes two resources the same one: type and id, else the bundle's address, else every byte. */
function identityOf({ resource, fullUrl, text }: ReadResource): string {
  const type = String(resource['resourceType'])
  if (typeof resource['id'] === 'string') return `${type}/${resource['id']}`
  return fullUrl ?? `${type}\n${toHex(sha256(text))}`
}

function ownerOf(item: ReadResource, index: BundleIndex): Owner | undefined {
  const { resource } = item
  if (resource['resourceType'] === 'Patient') return patientOwner(item)
  if (isAboutNobody(resource)) return { kind: 'nobody' }
  for (const reference of patientReferences(resource)) {
    const owner = patientNamed(reference, index)
    if (owner !== undefined) return owner
  }
  return undefined
}

/** Undefined where the reference is to something else. */
function patientNamed(reference: string, index: BundleIndex): Owner | undefined {
  const entry = index.get(reference)
  if (entry !== undefined) return entry.type === 'Patient' ? byReference(entry.id === undefined ? reference : `Patient/${entry.id}`) : undefined
  const form = parseReference(reference)
  if (form === undefined || !('type' in form) || form.type !== 'Patient') return undefined
  if (form.kind === 'conditional') return bySearch(reference)
  return byReference(form.kind === 'local' ? `Patient/${form.id}` : reference)
}

const byReference = (reference: string): Owner => ({ kind: 'names', names: [referenceName(reference)], also: [] })

/** `Patient?identifier=SYSTEM|VALUE`; other searches name nobody for certain. */
function bySearch(reference: string): Owner {
  const token = new URLSearchParams(reference.slice(reference.indexOf('?') + 1)).get('identifier') ?? ''
  const bar = token.indexOf('|')
  return { kind: 'known', name: identifierName({ system: token.slice(0, Math.max(0, bar)), value: token.slice(bar + 1) }) }
}

interface Identifier { readonly system?: string; readonly value?: string; readonly type?: { readonly coding?: readonly { readonly code?: string }[] } }

/** The holder's own numbers, typed `MR` (HL7 v2 table 0203), tell who she is; where none is typed so, every identifier does. */
function patientOwner(item: ReadResource): Owner {
  const all = ((item.resource['identifier'] ?? []) as readonly Identifier[]).filter(({ system, value }) => system !== undefined && value !== undefined)
  const isRecordNumber = ({ type }: Identifier): boolean => type?.coding?.some(({ code }) => code === 'MR') === true
  const own = all.some(isRecordNumber) ? all.filter(isRecordNumber) : all
  const nameOf = ({ system = '', value = '' }: Identifier): string => identifierName({ system, value })
  return { kind: 'names', names: [referenceName(identityOf(item)), ...own.map(nameOf)], also: all.filter((one) => !own.includes(one)).map(nameOf) }
}
