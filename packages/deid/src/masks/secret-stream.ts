// Random whole numbers from a secret: HMAC-SHA-256 over a counter, so that whoever holds the secret can repeat every draw and nobody else can guess one.
import { utf8 } from '@mhmd/base'
import { deriveKey, mac, secretKey } from '@mhmd/crypto'
import type { SecretKey } from '@mhmd/crypto'

/** Unpredictable bits; each call gives new ones. Tests may give a seeded one. */
export interface BitSource {
  /** The next n bytes. */
  bytes(length: number): Uint8Array
}

const BLOCK = 32

/** One stream a secret and purpose; different purposes give independent streams. */
export class SecretStream implements BitSource {
  readonly #key: SecretKey
  #block = new Uint8Array(0)
  #at = 0
  #counter = 0

  constructor(secret: Uint8Array, ...purpose: readonly (string | number)[]) {
    this.#key = secretKey(deriveKey(secret, 'deid-draws', utf8(JSON.stringify(purpose))))
  }

  bytes(length: number): Uint8Array {
    const out = new Uint8Array(length)
    for (let i = 0; i < length; i++) {
      if (this.#at === this.#block.length) this.#refill()
      out[i] = this.#block[this.#at++] as number
    }
    return out
  }

  #refill(): void {
    const counter = new Uint8Array(8)
    new DataView(counter.buffer).setBigUint64(0, BigInt(this.#counter++))
    this.#block = Uint8Array.from(mac(this.#key, counter).subarray(0, BLOCK))
    this.#at = 0
  }
}

/** The same stream for the same text: a person's shift, a value's pseudonym. */
export function streamOfText(secret: Uint8Array, text: string, purpose: string): SecretStream {
  return new SecretStream(mac(deriveKey(secret, `deid-text/${purpose}`), utf8(text)))
}
