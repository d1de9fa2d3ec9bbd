// Signature checks as one transferable buffer: for each, well-formed (1), public key (32), signature (64), length (4, big-endian), bytes.
import { fromBase64Url } from '@mhmd/base'
import type { SignatureCheck } from '@mhmd/contracts'

export const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')
const HEADER = 1 + 32 + 64 + 4

export interface PackedCheck {
  /** False where the key or the signature was no base64url of its length: such a check never holds. */
  readonly wellFormed: boolean
  readonly publicKey: Buffer
  readonly signature: Buffer
  readonly bytes: Buffer
}

export function packChecks(checks: readonly SignatureCheck[]): Uint8Array<ArrayBuffer> {
  const packed = Buffer.from(new ArrayBuffer(checks.reduce((sum, check) => sum + HEADER + check.bytes.length, 0)))
  let at = 0
  for (const check of checks) {
    const key = rawOf(check.publicKey, 32)
    const signature = rawOf(check.signature, 64)
    if (key !== undefined && signature !== undefined) {
      packed[at] = 1
      packed.set(key, at + 1)
      packed.set(signature, at + 33)
    }
    packed.writeUInt32BE(check.bytes.length, at + 97)
    packed.set(check.bytes, at + HEADER)
    at += HEADER + check.bytes.length
  }
  return packed
}

function rawOf(text: string, length: number): Uint8Array | undefined {
  try {
    const raw = fromBase64Url(text)
    return raw.length === length ? raw : undefined
  } catch {
    return undefined
  }
}

export function* readPacked(packed: Uint8Array): Generator<PackedCheck> {
  const buffer = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength)
  for (let at = 0; at < buffer.length;) {
    const length = buffer.readUInt32BE(at + 97)
    yield { wellFormed: buffer[at] === 1, publicKey: buffer.subarray(at + 1, at + 33), signature: buffer.subarray(at + 33, at + 97), bytes: buffer.subarray(at + HEADER, at + HEADER + length) }
    at += HEADER + length
  }
}
