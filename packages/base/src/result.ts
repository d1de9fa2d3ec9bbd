// An expected answer that may be a refusal: refusals are values with a code, errors are for calls that could not be carried out.

/** A refusal as it is recorded and shown: a stable code and details that are ids, codes and counts. */
export interface Refusal {
  readonly code: string
  readonly details?: Readonly<Record<string, string | number | boolean>>
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal }

export const accepted = <T>(value: T): Result<T> => ({ ok: true, value })

export const refused = (code: string, details?: Refusal['details']): { readonly ok: false; readonly refusal: Refusal } =>
  ({ ok: false, refusal: details === undefined ? { code } : { code, details } })
