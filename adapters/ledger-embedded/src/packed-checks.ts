// Signature checks as one transferable buffer: for each, well-formed (1), public key (32), signature (64), length (4, big-endian), bytes.
import type { SignatureCheck } from '@mhmd/contracts'

const HEADER = 1 + 32 + 64 + 4
/** The one unpadded base64url form of 32 and of 64 bytes: no bit to spare is set. */
const KEY_TEXT = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/
const SIGNATURE_TEXT = /^[A-Za-z0-9_-]{85}[AQgw]$/

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
    if (KEY_TEXT.test(check.publicKey) && SIGNATURE_TEXT.test(check.signature)) {
      packed[at] = 1
      packed.write(check.publicKey, at + 1, 32, 'base64url')
      packed.write(check.signature, at + 33, 64, 'base64url')
    }
    packed.writeUInt32BE(check.bytes.length, at + 97)
    packed.set(check.bytes, at + HEADER)
    at += HEADER + check.bytes.length
  }
  return packed
}

export function* readPacked(packed: Uint8Array): Generator<PackedCheck> {
  const buffer = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength)
  for (let at = 0; at < buffer.length;) {
    const length = buffer.readUInt32BE(at + 97)
    yield { wellFormed: buffer[at] === 1, publicKey: buffer.subarray(at + 1, at + 33), signature: buffer.subarray(at + 33, at + 97), bytes: buffer.subarray(at + HEADER, at + HEADER + length) }
    at += HEADER + length
  }
}
