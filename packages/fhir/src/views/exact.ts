// JSON whose numbers keep their digits: FHIR's decimals say how precise they are (hl7.org/fhir/R4/datatypes.html#decimal), and 1.0 read as 1 says less.

/** A number that was written otherwise than JavaScript writes it. Computes as a number; `digits` is what stood there. */
export class ExactNumber extends Number {
  readonly digits: string
  constructor(digits: string) {
    super(digits)
    this.digits = digits
  }
}

/** A number that might not come back as it was written: a zero at its end, an exponent, or more digits than a double holds. Strings end in a quote and don't match. */
const MAY_LOSE_DIGITS = /(?:\.\d*0|[\d.][eE][+-]?\d+|[\d.]{16,})\s*[,}\]]/

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown
const parseWith = JSON.parse as (text: string, reviver: Reviver) => unknown

/** As `JSON.parse`, but a number whose digits would be lost is an `ExactNumber`. */
export function parseExact(text: string): unknown {
  if (!MAY_LOSE_DIGITS.test(text)) return JSON.parse(text)
  return parseWith(text, (_key, value, { source }) => typeof value === 'number' && source !== undefined && String(value) !== source ? new ExactNumber(source) : value)
}

/** A number as it was written. */
export const digitsOf = (value: number | ExactNumber): string => typeof value === 'number' ? String(value) : value.digits
