// The one error class of the house, and the tables that packages declare their errors in.

/** What went wrong, seen from the caller. `node` maps kinds to HTTP, FHIR OperationOutcome and dataspace messages. */
export type ErrorKind = 'invalid' | 'unauthenticated' | 'forbidden' | 'not-found' | 'conflict' | 'unavailable' | 'bug'

/** Details hold ids, codes and counts only: never a value from a person's record. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | undefined>>

/** A call that could not be carried out. Expected answers (a refusal, an unsafe release) are values, not errors. Check by `code`, which survives two copies of a package and a worker boundary. */
export class MhmdError extends Error {
  readonly code: string
  readonly kind: ErrorKind
  readonly details: ErrorDetails
  readonly remedy: string

  constructor(properties: { code: string; kind: ErrorKind; message: string; remedy: string; details?: ErrorDetails; cause?: unknown }) {
    super(properties.message, properties.cause === undefined ? undefined : { cause: properties.cause })
    this.name = 'MhmdError'
    this.code = properties.code
    this.kind = properties.kind
    this.details = properties.details ?? {}
    this.remedy = properties.remedy
  }

  /** True for any copy of this class: by shape, not by prototype. */
  static isInstance(value: unknown): value is MhmdError {
    return value instanceof Error && typeof (value as Partial<MhmdError>).code === 'string' && typeof (value as Partial<MhmdError>).kind === 'string' && typeof (value as Partial<MhmdError>).remedy === 'string'
  }

  toJSON(): { code: string; kind: ErrorKind; message: string; remedy: string; details: ErrorDetails } {
    return { code: this.code, kind: this.kind, message: this.message, remedy: this.remedy, details: this.details }
  }
}

/** One row of an error table: what the code says (from details alone) and what the reader can do. */
export interface ErrorRow<D extends ErrorDetails> {
  readonly kind: ErrorKind
  readonly says: (details: D) => string
  readonly remedy: string
}

// Rows are written with their own detail types, so the table's constraint must accept any of them.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type ErrorRows = Record<string, ErrorRow<any>>

/** Constructors by code, plus the table itself (for the error reference and its two-way check). */
export type ErrorTable<P extends string, R extends ErrorRows> = {
  readonly [K in keyof R & string]: Parameters<R[K]['says']> extends []
    ? (details?: undefined, options?: { cause?: unknown }) => MhmdError
    : (details: Parameters<R[K]['says']>[0], options?: { cause?: unknown }) => MhmdError
} & { readonly table: { readonly prefix: P; readonly rows: R } }

/**
 * Declares a package's errors: `defineErrors('LEDGER', { WRITE_CONFLICT: { kind, says, remedy } })` gives
 * `ledgerErrors.WRITE_CONFLICT({ … })`, an error whose code is `LEDGER_WRITE_CONFLICT`.
 */
export function defineErrors<P extends string, R extends ErrorRows>(prefix: P, rows: R): ErrorTable<P, R> {
  const constructors: Record<string, unknown> = { table: { prefix, rows } }
  for (const [name, row] of Object.entries(rows)) {
    constructors[name] = (details: ErrorDetails, options?: { cause?: unknown }) =>
      new MhmdError({ code: `${prefix}_${name}`, kind: row.kind, message: row.says(details), remedy: row.remedy, details, cause: options?.cause })
  }
  return constructors as ErrorTable<P, R>
}

/** The error as it may be shown outside: a bug shows only that it is one, and a correlation id. */
export function publicError(error: unknown, correlationId: string): { code: string; kind: ErrorKind; message: string; remedy: string; details: ErrorDetails } {
  if (MhmdError.isInstance(error) && error.kind !== 'bug') return error.toJSON()
  return { code: 'INTERNAL', kind: 'bug', message: 'Something went wrong on this side.', remedy: `Nothing was changed by this call. Tell the operator the correlation id ${correlationId}.`, details: { correlationId } }
}
