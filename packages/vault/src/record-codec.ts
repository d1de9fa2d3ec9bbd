// The stored form of a record: a MAC of its text, by which an unchanged record is known without opening it, then the text, deflated and sealed.
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { SubjectKeys } from './subject-keys.ts'

const DIGEST_BYTES = 16
/** Far above the largest resource a reader lets through. */
const MOST_BYTES = 256_000_000

export function encodeRecord(keys: SubjectKeys, place: string, text: Uint8Array): Uint8Array {
  return Buffer.concat([keys.digestOf(text), keys.seal('record', place, deflateRawSync(text, { level: 1 }))])
}

export function isSameRecord(keys: SubjectKeys, stored: Uint8Array, text: Uint8Array): boolean {
  return Buffer.compare(stored.subarray(0, DIGEST_BYTES), keys.digestOf(text)) === 0
}

export function decodeRecord(keys: SubjectKeys, place: string, stored: Uint8Array): Uint8Array {
  return inflateRawSync(keys.open('record', place, stored.subarray(DIGEST_BYTES)), { maxOutputLength: MOST_BYTES })
}
