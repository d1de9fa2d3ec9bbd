// Byte-level looks at JSON text without parsing it: where a string ends, how deep it nests, where a member's value stands.

export const QUOTE = 0x22
const BACKSLASH = 0x5c
export const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
export const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d
export const COMMA = 0x2c
const COLON = 0x3a

export const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
export const opens = (byte: number): boolean => byte === OPEN_OBJECT || byte === OPEN_LIST
export const closes = (byte: number): boolean => byte === CLOSE_OBJECT || byte === CLOSE_LIST

/** Index of the closing quote of the string whose opening quote is at `start`, or −1. */
export function endOfString(bytes: Uint8Array, start: number): number {
  for (let at = bytes.indexOf(QUOTE, start + 1); at >= 0; at = bytes.indexOf(QUOTE, at + 1)) {
    let slashes = 0
    while (bytes[at - 1 - slashes] === BACKSLASH) slashes++
    if (slashes % 2 === 0) return at
  }
  return -1
}

/** Whether objects and lists nest deeper than `limit`. Text that is not JSON gives some answer and no error. */
export function isDeeperThan(bytes: Uint8Array, limit: number): boolean {
  let depth = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number
    if (byte === QUOTE) {
      at = endOfString(bytes, at)
      if (at < 0) return false
    } else if (opens(byte)) {
      if (++depth > limit) return true
    } else if (closes(byte)) depth--
  }
  return false
}

/** The values of an object's own members by name, as ranges of its text: the bytes as they were written, numbers included. */
export function memberRanges(bytes: Uint8Array): Map<string, Uint8Array> {
  const ranges = new Map<string, Uint8Array>()
  let depth = 0
  let name: string | undefined
  let start = -1
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number
    if (depth === 1 && start >= 0 && (byte === COMMA || byte === CLOSE_OBJECT)) {
      if (name !== undefined) ranges.set(name, bytes.subarray(start, at))
      start = -1
      name = undefined
    } else if (depth === 1 && start < 0 && byte === COLON) start = at + 1
    if (byte === QUOTE) {
      const end = endOfString(bytes, at)
      if (end < 0) return ranges
      if (depth === 1 && start < 0) name = Buffer.from(bytes.buffer, bytes.byteOffset + at + 1, end - at - 1).toString('latin1')
      at = end
    } else if (opens(byte)) depth++
    else if (closes(byte)) depth--
  }
  return ranges
}
