// Primitive values against the formats of FHIR R4 (hl7.org/fhir/R4/datatypes.html#primitive).
// FHIR's own expressions are used where they take linear time and mean the same in JavaScript; the others are written out.
import { primitivePatterns } from './definitions.ts'

/** What is wrong with a value of a primitive type, or undefined. */
export type PrimitiveCheck = (value: unknown) => 'FHIR_WRONG_TYPE' | 'FHIR_BAD_FORMAT' | 'FHIR_EMPTY' | undefined

const text = (matches: (value: string) => boolean): PrimitiveCheck => (value) => {
  if (typeof value !== 'string') return 'FHIR_WRONG_TYPE'
  if (value.length === 0) return 'FHIR_EMPTY'
  return matches(value) ? undefined : 'FHIR_BAD_FORMAT'
}

const pattern = (type: string): RegExp => new RegExp(`^(?:${primitivePatterns[type] ?? ''})$`)

const whole = (least: number): PrimitiveCheck => (value) => {
  if (typeof value !== 'number') return 'FHIR_WRONG_TYPE'
  return Number.isInteger(value) && value >= least && value <= 0x7fffffff ? undefined : 'FHIR_BAD_FORMAT'
}

/** Text of characters that FHIR allows: no control characters but tab, line feed and carriage return. */
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/
const isText = (value: string): boolean => !forbidden.test(value) && value.isWellFormed()

// FHIR's expression for base64 repeats repeated white space and takes exponential time on bad input.
const notBase64 = /[^0-9A-Za-z+/=\s]/
const isBase64 = (value: string): boolean => {
  if (notBase64.test(value)) return false
  const packed = value.replaceAll(/\s/g, '')
  const padding = packed.indexOf('=')
  return packed.length % 4 === 0 && (padding < 0 || padding >= packed.length - 2 && packed.endsWith('='))
}

const noSpace = /^\S+$/
const daysOfMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** FHIR's expressions allow 31 days in each month; the calendar doesn't. */
function isCalendarDay(value: string): boolean {
  if (value.length < 10) return true
  const month = Number(value.slice(5, 7))
  const day = Number(value.slice(8, 10))
  if (month !== 2 || day < 29) return day <= (daysOfMonth[month - 1] ?? 0)
  const year = Number(value.slice(0, 4))
  return day === 29 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}

function dated(type: string): PrimitiveCheck {
  const format = pattern(type)
  return text((value) => format.test(value) && isCalendarDay(value))
}

function formatted(type: string): PrimitiveCheck {
  const format = pattern(type)
  return text((value) => format.test(value))
}

const oid = /^urn:oid:[0-2](?:\.(?:0|[1-9][0-9]*))+$/
const uuid = /^urn:uuid:[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/
const isUrn = (value: string): boolean => !value.startsWith('urn:') || (value.startsWith('urn:oid:') ? oid.test(value) : !value.startsWith('urn:uuid:') || uuid.test(value))
const uri = text((value) => noSpace.test(value) && isText(value) && isUrn(value))

export const primitiveChecks: Readonly<Record<string, PrimitiveCheck>> = {
  base64Binary: text(isBase64),
  boolean: (value) => typeof value === 'boolean' ? undefined : 'FHIR_WRONG_TYPE',
  canonical: uri,
  code: text((value) => value.isWellFormed() && codeFormat.test(value)),
  date: dated('date'),
  dateTime: dated('dateTime'),
  decimal: (value) => typeof value !== 'number' ? 'FHIR_WRONG_TYPE' : Number.isFinite(value) ? undefined : 'FHIR_BAD_FORMAT',
  id: formatted('id'),
  instant: dated('instant'),
  integer: whole(-0x80000000),
  markdown: text(isText),
  oid: formatted('oid'),
  positiveInt: whole(1),
  string: text(isText),
  time: formatted('time'),
  unsignedInt: whole(0),
  uri,
  url: uri,
  uuid: formatted('uuid'),
  xhtml: text((value) => /^\s*<div[\s>]/.test(value) && isText(value)),
}

const codeFormat = pattern('code')
