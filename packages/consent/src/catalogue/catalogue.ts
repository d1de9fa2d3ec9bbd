// What a translation must say: one plain sentence a reason, for a reader of twelve.
import type { ReasonCode } from '../reasons.ts'

export type Locale = 'en' | 'it'

export interface Catalogue {
  readonly answers: { readonly permit: string; readonly deny: string; readonly undetermined: string }
  readonly reasons: Readonly<Record<ReasonCode, string>>
}
