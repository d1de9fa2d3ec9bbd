// Encodings in the language alone, for browsers: the same functions as `node.ts`, held equal to it by a test.
type Bytes = Uint8Array

const hexDigits = '0123456789abcdef'
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

export const hexOf = (bytes: Bytes): string => Array.from(bytes, (byte) => hexDigits.charAt(byte >> 4) + hexDigits.charAt(byte & 15)).join('')

export const bytesOfHex = (text: string): Bytes => Uint8Array.from({ length: text.length / 2 }, (_, at) => parseInt(text.slice(2 * at, 2 * at + 2), 16))

export function base64UrlOf(bytes: Bytes): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
    for (let place = 0; place < Math.min(left, 3) + 1; place++) text += alphabet.charAt((group >> (18 - 6 * place)) & 63)
  }
  return text
}

export function bytesOfBase64Url(text: string): Bytes {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4))
  let buffer = 0
  let bits = 0
  let at = 0
  for (const character of text) {
    buffer = ((buffer << 6) | alphabet.indexOf(character)) & 0xfff
    bits += 6
    if (bits >= 8) bytes[at++] = (buffer >> (bits -= 8)) & 255
  }
  return bytes
}

const encoder = new TextEncoder()
export const bytesOfUtf8 = (text: string): Bytes => encoder.encode(text)
