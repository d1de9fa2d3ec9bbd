// The seed wrapped by a recovery kit or by a passkey (WebAuthn Level 3, PRF extension): what may rest with the account provider.
import { fromBase64Url, toBase64Url, utf8 } from '@mhmd/base'
import type { Randomness } from '@mhmd/base'
import { deriveKey, open, seal, sha256, signingKeyFromSeed } from '@mhmd/crypto'
import type { SigningKey } from '@mhmd/crypto'
import { documentType } from '@mhmd/schema'
import Type from 'typebox'
import { accountsErrors } from './errors.ts'
import type { Seed } from './seed.ts'

/** What the secret is that wraps, and its length: both have too many bits to be guessed, so no slow hash is needed. */
const secretBytes = { 'recovery-kit': 20, passkey: 32 } as const
export type WrapKind = keyof typeof secretBytes

const Wrapped = Type.Object({
  format: Type.Literal('mhmd-wrapped-seed/1'),
  kind: Type.Union([Type.Literal('recovery-kit'), Type.Literal('passkey')]),
  salt: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }),
  sealed: Type.String({ pattern: '^[A-Za-z0-9_-]{80}$' }),
}, { additionalProperties: false })
export type WrappedSeed = Type.Static<typeof Wrapped>
export const wrappedSeedDocument = documentType('wrapped-seed', Wrapped)

/** What a page asks a passkey's PRF to evaluate (`prf.eval.first`): the same everywhere, so that any of her devices gets the same secret. */
export const passkeyPrfInput = (): Uint8Array => sha256(utf8('mhmd/1/passkey-prf'))

export function wrapSeed(seed: Seed, secret: Uint8Array, { kind, randomness }: { readonly kind: WrapKind; readonly randomness: Randomness }): WrappedSeed {
  if (seed.length !== 32) throw accountsErrors.BAD_SEED()
  const salt = randomness.bytes(32)
  const sealed = seal(keyOf(secret, kind, salt), seed, contextOf(kind))
  return { format: 'mhmd-wrapped-seed/1', kind, salt: toBase64Url(salt), sealed: toBase64Url(sealed) }
}

/** By this key a wrapped seed is left with a provider and fetched again: whoever has the secret needs nothing else to find it, and the provider can't tell whose it is. */
export const accessKey = (secret: Uint8Array, kind: WrapKind): SigningKey => signingKeyFromSeed(deriveKey(checked(secret, kind), `wrapped-seed-access/${kind}`))

/** Throws ACCOUNTS_WRONG_SECRET, ACCOUNTS_BAD_WRAPPED_SEED, ACCOUNTS_BAD_SECRET. */
export function unwrapSeed(wrapped: unknown, secret: Uint8Array): Seed {
  if (!wrappedSeedDocument.is(wrapped)) throw accountsErrors.BAD_WRAPPED_SEED()
  const key = keyOf(secret, wrapped.kind, fromBase64Url(wrapped.salt))
  try {
    return new Uint8Array(open(key, fromBase64Url(wrapped.sealed), contextOf(wrapped.kind)))
  } catch (cause) {
    throw accountsErrors.WRONG_SECRET({ kind: wrapped.kind }, { cause })
  }
}

const contextOf = (kind: WrapKind): string => `mhmd/1/wrapped-seed/${kind}`

const keyOf = (secret: Uint8Array, kind: WrapKind, salt: Uint8Array): Uint8Array => deriveKey(checked(secret, kind), `wrapped-seed/${kind}`, salt)

function checked(secret: Uint8Array, kind: WrapKind): Uint8Array {
  if (secret.length !== secretBytes[kind]) throw accountsErrors.BAD_SECRET({ kind, expected: secretBytes[kind] })
  return secret
}
