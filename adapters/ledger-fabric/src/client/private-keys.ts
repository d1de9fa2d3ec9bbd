// The keys of a member's private values, in its own folder: a peer holds sealed bytes only, and destroying the key ends them in every backup of a peer.
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, statSync, unlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { encodeKey, fromBase64Url, toBase64Url, utf8 } from '@mhmd/base'
import type { Key, Randomness } from '@mhmd/base'
import { open, seal, sha256 } from '@mhmd/crypto'
import { ledgerErrors } from '@mhmd/ledger'

interface Entry {
  readonly keyHash: string
  readonly valueHash: string
  readonly secret: string
}

const CONTEXT = 'mhmd/1/fabric-private-value'

export class PrivateKeys {
  readonly #folder: string
  readonly #randomness: Randomness

  constructor(folder: string, randomness: Randomness) {
    this.#folder = folder
    this.#randomness = randomness
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  }

  /** Seals a value under a fresh key, which is durable before the sealed bytes are given. */
  seal(key: Key, { keyHash, valueHash }: { readonly keyHash: string; readonly valueHash: string }, value: Uint8Array): Uint8Array {
    const secret = this.#randomness.bytes(32)
    this.#forget(this.#file(key))
    this.#write(this.#file(key), { keyHash, valueHash, secret: toBase64Url(secret) })
    return seal(secret, value, CONTEXT)
  }

  /** Which hash a key has now. */
  hashOf(key: Key): string | undefined {
    return this.#read(this.#file(key))?.keyHash
  }

  open(key: Key, sealed: Uint8Array): Uint8Array | undefined {
    const entry = this.#read(this.#file(key))
    if (entry === undefined) return undefined
    const value = open(fromBase64Url(entry.secret), sealed, CONTEXT)
    if (toBase64Url(sha256(value)) !== entry.valueHash) throw ledgerErrors.BAD_PRIVATE_VALUE({ why: 'the peer holds another value' })
    return value
  }

  /** Destroys the key: overwritten, then removed. */
  destroy(key: Key): void {
    this.#forget(this.#file(key))
  }

  /** By the hash of a key, for a purge that names no other. */
  destroyHash(keyHash: string): void {
    const named = join(this.#folder, `hash-${nameOf(keyHash)}`)
    if (!existsSync(named)) return
    const file = readFileSync(named, 'utf8')
    unlinkSync(named)
    if (this.#read(file)?.keyHash === keyHash) this.#forget(file)
  }

  #file(key: Key): string {
    return join(this.#folder, nameOf(encodeKey(key)))
  }

  #read(file: string): Entry | undefined {
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) as Entry : undefined
  }

  #write(file: string, entry: Entry): void {
    durable(join(this.#folder, `hash-${nameOf(entry.keyHash)}`), file)
    durable(file, JSON.stringify(entry))
  }

  #forget(file: string): void {
    if (!existsSync(file)) return
    const descriptor = openSync(file, 'r+')
    writeSync(descriptor, Buffer.alloc(statSync(file).size))
    fsyncSync(descriptor)
    closeSync(descriptor)
    unlinkSync(file)
  }
}

const nameOf = (text: string): string => toBase64Url(sha256(utf8(text)))

function durable(file: string, text: string): void {
  const descriptor = openSync(`${file}.new`, 'w', 0o600)
  writeSync(descriptor, text)
  fsyncSync(descriptor)
  closeSync(descriptor)
  renameSync(`${file}.new`, file)
}
