// What must be said of a proof, in every language.

type Says<D> = (details: D) => string

export interface Words {
  readonly operation: Says<{ operation: string; network: string; height: number; code: string }>
  readonly batch: Says<{ operation: string }>
  /** What a transaction records of a person, by the first part of its key. */
  readonly about: Readonly<Record<string, string>>
  readonly states: Readonly<Record<string, string>>
  readonly state: Says<{ about: string; subject: string; holder: string; version: number; state: string; time: string }>
  readonly more: Says<{ count: number }>
  readonly signed: Says<{ members: string; size: number }>
  readonly witnessed: Says<{ witnesses: string; time: string }>
  readonly unwitnessed: Says<void>
  readonly others: Says<void>
  readonly hidden: Says<{ count: number }>
  readonly notContent: Says<void>
  readonly notLatest: Says<void>
  readonly notRoots: Says<void>
  readonly and: (items: readonly string[]) => string
  /** The refusals, where the language is not that of `proofRefusals`. */
  readonly refusals: Readonly<Record<string, { readonly says: string; readonly remedy: string }>>
}
