// Canonical bytes of a value: JSON Canonicalization Scheme (RFC 8785) over the part of JSON whose encoding is beyond doubt.
// Left out on purpose: fractions, numbers beyond ±(2^53 − 1), and lone surrogates; they are refused, never rounded.
import { bytesOfUtf8 } from '#platform'
import { baseErrors } from './base-errors.ts'

/** What may be signed or hashed. `undefined` members of objects are left out, as JSON does. */
export type Canonical = string | number | boolean | null | readonly Canonical[] | { readonly [key: string]: Canonical | undefined }

/** The canonical text: members sorted by UTF-16 code units, no white space. Throws BASE_NOT_CANONICAL. */
export function canonicalText(value: Canonical): string {
  // The platform's own writer is several times faster, and gives the same text for what is in order already, as whatever was read from a canonical text is.
  return isInOrder(value) ? JSON.stringify(value) : write(value, '$')
}

/** Whether `JSON.stringify` writes the canonical text: nothing without a canonical form inside, and all members sorted. False is never wrong, only slower. */
function isInOrder(value: Canonical | undefined): boolean {
  if (typeof value === 'string') return value.isWellFormed()
  if (typeof value === 'number') return Number.isSafeInteger(value) && !Object.is(value, -0)
  if (typeof value !== 'object' || value === null) return value === null || typeof value === 'boolean'
  if (isArray(value)) return Object.getPrototypeOf(value) === Array.prototype && value.every((item) => isInOrder(item)) && !value.includes(undefined as unknown as Canonical)
  return Object.getPrototypeOf(value) === Object.prototype && areMembersInOrder(value)
}

function areMembersInOrder(value: { readonly [key: string]: Canonical | undefined }): boolean {
  let before = ''
  // Of a plain object these are its own, and no list of them is made.
  for (const key in value) {
    if (key < before || !key.isWellFormed() || !isInOrder(value[key])) return false
    before = key
  }
  return true
}

/** The canonical UTF-8 bytes. */
export function canonicalBytes(value: Canonical): Uint8Array {
  return bytesOfUtf8(canonicalText(value))
}

function write(value: Canonical, at: string): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return writeString(value, at)
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw baseErrors.NOT_CANONICAL({ at, why: 'a number that is not a safe integer' })
    return String(value)
  }
  if (isArray(value)) return `[${value.map((item, index) => write(item, `${at}[${index}]`)).join(',')}]`
  if (typeof value === 'object') return writeObject(value, at)
  throw baseErrors.NOT_CANONICAL({ at, why: `a ${typeof value}` })
}

function isArray(value: Canonical): value is readonly Canonical[] {
  return Array.isArray(value)
}

function writeString(value: string, at: string): string {
  if (!value.isWellFormed()) throw baseErrors.NOT_CANONICAL({ at, why: 'a lone surrogate' })
  return JSON.stringify(value)
}

function writeObject(value: { readonly [key: string]: Canonical | undefined }, at: string): string {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) throw baseErrors.NOT_CANONICAL({ at, why: 'an object of a class' })
  const members: string[] = []
  for (const key of Object.keys(value).sort(byCodeUnits)) {
    const member = value[key]
    if (member !== undefined) members.push(`${writeString(key, at)}:${write(member, `${at}.*`)}`)
  }
  return `{${members.join(',')}}`
}

/** Order of strings by UTF-16 code units: the same on every machine and in every locale. */
export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
