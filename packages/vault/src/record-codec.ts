// The stored form of a record: a MAC of its text's digest, by which an unchanged record is known without opening it, then the text, deflated and sealed.
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { SubjectKeys } from './subject-keys.ts'

const DIGEST_BYTES = 16
/** Far above the largest resource a reader lets through. */
const MOST_BYTES = 256_000_000

export const packText = (text: Uint8Array): Uint8Array => deflateRawSync(text, { level: 1 })

export function encodeRecord(keys: SubjectKeys, place: string, { digest, packed }: { readonly digest: Uint8Array; readonly packed: Uint8Array }): Uint8Array {
  return Buffer.concat([keys.digestOf(digest), keys.seal('record', place, packed)])
}

export function isSameRecord(keys: SubjectKeys, stored: Uint8Array, digest: Uint8Array): boolean {
  return Buffer.compare(stored.subarray(0, DIGEST_BYTES), keys.digestOf(digest)) === 0
}

export function decodeRecord(keys: SubjectKeys, place: string, stored: Uint8Array): Uint8Array {
  return inflateRawSync(keys.open('record', place, stored.subarray(DIGEST_BYTES)), { maxOutputLength: MOST_BYTES })
}
