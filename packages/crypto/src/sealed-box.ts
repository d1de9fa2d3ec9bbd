// Content sealed to one recipient's public key: HPKE (RFC 9180), base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.
import { randomBytes, x25519PublicKey } from '#platform'
import { Aes256Gcm, CipherSuite, HkdfSha256 } from '@hpke/core'
import { DhkemX25519HkdfSha256 } from '@hpke/dhkem-x25519'
import { fromBase64Url, toBase64Url, utf8 } from '@mhmd/base'
import { cryptoErrors } from './errors.ts'

/** A raw X25519 public key, 32 bytes, as unpadded base64url. */
export type MessageKey = string

const ENCAPSULATED = 32
const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })
const buffer = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer

/** A fresh X25519 pair: the public half for the member's record, the private half (32 bytes) for its folder. */
export function newMessageKey(): { publicKey: MessageKey; privateKey: Uint8Array } {
  const privateKey = randomBytes(32)
  return { publicKey: toBase64Url(x25519PublicKey(privateKey)), privateKey }
}

/** Seals bytes so that only the holder of the private key opens them, bound to `context`: encapsulated key (32) ‖ ciphertext. */
export async function sealTo(recipient: MessageKey, plain: Uint8Array, context: string): Promise<Uint8Array> {
  // The library names the browser's CryptoKey, which Node's types don't have: what it gives is handed back to it as it is.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-assignment
  const sealed = await suite.seal({ recipientPublicKey: await suite.kem.deserializePublicKey(buffer(fromBase64Url(recipient))), info: buffer(utf8(context)) }, buffer(plain))
  const bytes = new Uint8Array(ENCAPSULATED + sealed.ct.byteLength)
  bytes.set(new Uint8Array(sealed.enc))
  bytes.set(new Uint8Array(sealed.ct), ENCAPSULATED)
  return bytes
}

/** Opens what `sealTo` made with the same context. Throws CRYPTO_CANNOT_OPEN. */
export async function openSealed(recipient: { publicKey: MessageKey; privateKey: Uint8Array }, sealed: Uint8Array, context: string): Promise<Uint8Array> {
  try {
    const jwk = { kty: 'OKP', crv: 'X25519', x: recipient.publicKey, d: toBase64Url(recipient.privateKey) }
    // eslint-disable-next-line @typescript-eslint/no-unsafe-assignment
    const plain = await suite.open({ recipientKey: await suite.kem.importKey('jwk', jwk, false), enc: buffer(sealed.subarray(0, ENCAPSULATED)), info: buffer(utf8(context)) }, buffer(sealed.subarray(ENCAPSULATED)))
    return new Uint8Array(plain)
  } catch (cause) {
    throw cryptoErrors.CANNOT_OPEN({ what: 'The sealed message' }, { cause })
  }
}
