// Signs for a Fabric identity with node:crypto: ECDSA P-256 with SHA-256, DER, and the lower of the two values of s, which Fabric demands.
import { createPrivateKey, sign } from 'node:crypto'
import type { Signer } from '@hyperledger/fabric-gateway'

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/** Takes whole messages: give the gateway `hash.none`. */
export function p256Signer(privateKeyPem: string): Signer {
  const key = createPrivateKey(privateKeyPem)
  return async (message) => {
    const raw = sign('sha256', message, { key, dsaEncoding: 'ieee-p1363' })
    const s = BigInt(`0x${raw.subarray(32).toString('hex')}`)
    const low = s > ORDER / 2n ? ORDER - s : s
    return sequence(integer(raw.subarray(0, 32)), integer(Buffer.from(low.toString(16).padStart(64, '0'), 'hex')))
  }
}

const sequence = (...parts: Uint8Array[]): Uint8Array => {
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.from([0x30, body.length]), body])
}

/** A positive DER INTEGER: no leading zeros but the one that keeps it positive. */
function integer(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0)
  const trimmed = bytes.subarray(first < 0 ? bytes.length - 1 : first)
  const body = (trimmed[0] ?? 0) > 0x7f ? Buffer.concat([Buffer.of(0), trimmed]) : trimmed
  return Buffer.concat([Buffer.from([0x02, body.length]), body])
}
