// Bytes as text and back: lower-case hex, unpadded base64url (RFC 4648 §5), and UTF-8; strict both ways.
import { base64UrlOf, bytesOfBase64Url, bytesOfHex, bytesOfUtf8, hexOf } from '#platform'
import { baseErrors } from './base-errors.ts'

export type Bytes = Uint8Array

export const toHex = (bytes: Bytes): string => hexOf(bytes)

/** Throws BASE_BAD_ENCODING unless the text is lower-case hex of whole bytes. */
export function fromHex(text: string): Bytes {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) throw baseErrors.BAD_ENCODING({ expected: 'lower-case hex' })
  return bytesOfHex(text)
}

export const toBase64Url = (bytes: Bytes): string => base64UrlOf(bytes)

/** Throws BASE_BAD_ENCODING unless the text is the one unpadded base64url form of its bytes. */
export function fromBase64Url(text: string): Bytes {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) throw baseErrors.BAD_ENCODING({ expected: 'unpadded base64url' })
  const bytes = bytesOfBase64Url(text)
  if (base64UrlOf(bytes) !== text) throw baseErrors.BAD_ENCODING({ expected: 'unpadded base64url' })
  return bytes
}

export const utf8 = (text: string): Bytes => bytesOfUtf8(text)

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Throws BASE_BAD_ENCODING where the bytes are not UTF-8. */
export function fromUtf8(bytes: Bytes): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw baseErrors.BAD_ENCODING({ expected: 'UTF-8' })
  }
}
