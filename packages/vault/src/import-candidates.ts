// From what a reader gives to what may be stored: each resource checked, and told whose it is; or its issues, with paths and codes and no value.
import { factsOf, isAboutNobody, isProblem, parseReference, patientReferences, validateResource } from '@mhmd/fhir'
import type { Facts, Issue, ReadResource, SourceItem } from '@mhmd/fhir'
import { identifierName, referenceName } from './people-names.ts'

export type ImportIssueCode = Issue['code'] | 'VAULT_NO_PATIENT' | 'VAULT_PATIENT_NOT_FOUND' | 'VAULT_IDENTIFIER_CONFLICT'
export interface ImportIssue {
  readonly path: string
  readonly code: ImportIssueCode
  readonly severity: 'error' | 'warning'
}

/**
 * Whose record it is: nobody's; whoever has one of these names in the source system, met now or before; or whoever is already known by this name.
 * By the names in `also` she can be looked up, but nobody is taken for her because of them.
 */
export type Owner = { readonly kind: 'nobody' } | { readonly kind: 'names'; readonly names: readonly string[]; readonly also: readonly string[] } | { readonly kind: 'known'; readonly name: string }

export interface Candidate {
  /** Counts items of the source from 1. */
  readonly number: number
  readonly offset: number
  readonly type: string | undefined
  readonly issues: readonly ImportIssue[]
  /** Undefined where the resource stays out. */
  readonly record: { readonly identity: string; readonly text: Uint8Array; readonly facts: Facts; readonly owner: Owner } | undefined
}

/** What the entries of one bundle are called: address → type and id. */
export type BundleIndex = ReadonlyMap<string, { readonly type: string; readonly id: string | undefined }>

export interface CandidateContext {
  readonly number: number
  readonly index: BundleIndex | undefined
  readonly onReference: (reference: string) => void
}

/** A resource with a thousand mistakes is told apart from a good one by the first few. */
const MOST_ISSUES = 20

export function candidateOf(item: SourceItem, context: CandidateContext): Candidate {
  const { number } = context
  if (isProblem(item)) return { number, offset: item.offset, type: undefined, issues: [{ path: '', code: item.code, severity: 'error' }], record: undefined }
  const { offset, resource, text } = item
  const found = validateResource(resource, { onReference: context.onReference, resolve: (reference) => typeOf(reference, context.index) })
  const type = found[0]?.code === 'FHIR_UNKNOWN_TYPE' ? undefined : String(resource['resourceType'])
  const refuse = (issues: readonly ImportIssue[]): Candidate => ({ number, offset, type, issues, record: undefined })
  if (found.length > 0) return refuse(found.slice(0, MOST_ISSUES))
  const owner = ownerOf(item, context.index)
  if (owner === undefined) return refuse([{ path: String(type), code: 'VAULT_NO_PATIENT', severity: 'error' }])
  return { number, offset, type, issues: [], record: { identity: identityOf(item), text, facts: factsOf(resource), owner } }
}

/** Inside a bundle a urn must be an entry's; elsewhere it leads nowhere. Other references may lead out of the source. */
function typeOf(reference: string, index: BundleIndex | undefined): string | null | undefined {
  return index?.get(reference)?.type ?? (reference.startsWith('urn:uuid:') ? null : undefined)
}

/** What makes two resources the same one: type and id, else the bundle's address, else every byte. */
export function identityOf({ resource, fullUrl, text }: ReadResource): string {
  const type = String(resource['resourceType'])
  if (typeof resource['id'] === 'string') return `${type}/${resource['id']}`
  return fullUrl ?? `${type}\n${Buffer.from(text).toString('latin1')}`
}

function ownerOf(item: ReadResource, index: BundleIndex | undefined): Owner | undefined {
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
function patientNamed(reference: string, index: BundleIndex | undefined): Owner | undefined {
  const entry = index?.get(reference)
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
