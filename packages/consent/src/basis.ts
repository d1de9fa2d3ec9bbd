// What a decision about one person rests on, as the holder knows it at a ledger height: what she decided, and what law or office gives.
import type { ConsentTerms, DataCategory, FhirType, Form, Purpose } from '@mhmd/schema'

/** Whether the holder has the signed record behind a version that the ledger shows. */
export type RecordState = 'held' | 'missing'
/** Who declared: she with her own key, or two members of staff at a desk. */
export type DeclaredBy = 'subject' | 'desk'

/** Her consent at one version; the highest version counts. */
export interface ConsentBasis {
  readonly basis: 'consent'
  readonly version: number
  readonly state: 'active' | 'withdrawn'
  readonly by: DeclaredBy
  /** End of the decision's life. */
  readonly expires: number
  readonly record: RecordState
  readonly terms: ConsentTerms | null
}

/** Her opt-out from secondary use at one version; it has no end but its withdrawal. */
export interface OptOutBasis {
  readonly basis: 'opt-out'
  readonly version: number
  readonly state: 'active' | 'withdrawn'
  readonly by: DeclaredBy
  /** Since when she has been opted out without interruption. */
  readonly since: number
  readonly record: RecordState
}

/** Her enrolled key at the holder; a closed one ends the consents given under it. */
export interface KeyBasis {
  readonly basis: 'key'
  readonly state: 'active' | 'closed'
}

/** A data permit (Art. 68) or an approved health data request (Art. 69). */
export interface PermitBasis {
  readonly basis: 'permit'
  readonly kind: 'data-permit' | 'data-request'
  readonly id: string
  readonly authority: string
  readonly user: string
  readonly purposes: readonly Purpose[]
  readonly categories: readonly DataCategory[]
  readonly fhirTypes?: readonly FhirType[]
  readonly form: Form
  readonly approved: number
  readonly from: number
  readonly until: number
  readonly state: 'active' | 'revoked'
  readonly record: RecordState
}

/** She asks for her own records and the holder has established that it is she. */
export interface OwnAccessBasis {
  readonly basis: 'own-access'
  readonly identifiedBy: 'key' | 'desk'
}

/** A provider treats her; she may have restricted its access (Art. 8). */
export interface CareBasis {
  readonly basis: 'care'
  readonly provider: string
  readonly from: number
  readonly until: number
  readonly restricted: boolean
}

/** A duty of the holder towards the records it keeps. */
export interface HolderDutyBasis {
  readonly basis: 'holder-duty'
  readonly holder: string
  readonly duty: 'import' | 'quality' | 'backup'
}

export type Basis = ConsentBasis | OptOutBasis | KeyBasis | PermitBasis | OwnAccessBasis | CareBasis | HolderDutyBasis
export type BasisName = Basis['basis']

/** The bases of one name; their order in the list never matters. */
export function basesNamed<N extends BasisName>(bases: readonly Basis[], name: N): Extract<Basis, { basis: N }>[] {
  return bases.filter((basis): basis is Extract<Basis, { basis: N }> => basis.basis === name)
}
