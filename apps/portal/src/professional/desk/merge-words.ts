// Merges as the node gives them, and the reasons that staff may give.
export const mergeReasons = ['REGISTERED_TWICE', 'PROVISIONAL_NUMBER', 'PATIENT_SAYS_SO', 'INDEX_SAYS_SO'] as const
export type MergeReason = typeof mergeReasons[number]
export const endReasons = ['TWO_PEOPLE', 'PATIENT_SAYS_SO', 'INDEX_SAYS_SO'] as const
export type EndReason = typeof endReasons[number]

export interface Merge {
  readonly id: string
  readonly at: number
  readonly origin: 'staff' | 'source'
  readonly state: 'merged' | 'ended' | 'proposed' | 'declined'
  readonly by: string | null
  readonly reason: MergeReason | null
  readonly ended: { readonly at: number; readonly origin: 'staff' | 'source'; readonly by: string | null; readonly reason: EndReason | null } | null
  readonly link: { readonly patient: string; readonly other: string } | null
}
