// The two forms of RFC 8941 structured fields that request signatures use: a byte sequence, and a dictionary with one member.
import { fromBase64Url, toBase64Url } from '@mhmd/base'

/** `:base64:` (RFC 8941 §3.3.5). */
export function byteSequence(bytes: Uint8Array): string {
  const text = toBase64Url(bytes).replaceAll('-', '+').replaceAll('_', '/')
  return `:${text.padEnd(Math.ceil(text.length / 4) * 4, '=')}:`
}

/** The bytes of `NAME=:base64:`; undefined when the text is anything else. */
export function namedBytes(text: string, name: string): Uint8Array | undefined {
  const found = /^([a-z][a-z0-9*-]*)=:([A-Za-z0-9+/]*)(={0,2}):$/.exec(text)
  if (found === null || found[1] !== name || (String(found[2]).length + String(found[3]).length) % 4 !== 0) return undefined
  try {
    return fromBase64Url(String(found[2]).replaceAll('+', '-').replaceAll('/', '_'))
  } catch {
    return undefined
  }
}
