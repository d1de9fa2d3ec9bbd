// Her decision, sealed to the holder (HPKE) and padded to one size, so that any member can carry it and learns only where it goes.
import { fromBase64Url, fromUtf8, toBase64Url, utf8 } from '@mhmd/base'
import { openSealed, sealTo } from '@mhmd/crypto'
import type { MessageKey } from '@mhmd/crypto'
import { accountsErrors } from './errors.ts'

/** Every sealed decision has this size, whatever is in it. */
const PLAIN_BYTES = 16_384
const OVERHEAD_BYTES = 32 + 16
/** Characters of a sealed decision in base64url. */
export const RELAYED_CHARACTERS = Math.ceil((PLAIN_BYTES + OVERHEAD_BYTES) * 4 / 3)

const context = (at: { readonly network: string; readonly holder: string }): string => `relayed-decision/${at.network}/${at.holder}`

/** Throws ACCOUNTS_TOO_LARGE_TO_RELAY. */
export async function sealForHolder(decision: unknown, at: { readonly network: string; readonly holder: string; readonly messageKey: MessageKey }): Promise<string> {
  const bytes = utf8(JSON.stringify(decision))
  if (bytes.length > PLAIN_BYTES) throw accountsErrors.TOO_LARGE_TO_RELAY({ limit: PLAIN_BYTES })
  const padded = new Uint8Array(PLAIN_BYTES).fill(0x20)
  padded.set(bytes)
  return toBase64Url(await sealTo(at.messageKey, padded, context(at)))
}

/** What was sealed, unchecked. Throws CRYPTO_CANNOT_OPEN, ACCOUNTS_BAD_RELAYED. */
export async function openRelayed(sealed: string, at: { readonly network: string; readonly holder: string; readonly publicKey: MessageKey; readonly privateKey: Uint8Array }): Promise<unknown> {
  const plain = await openSealed(at, fromBase64Url(sealed), context(at))
  try {
    return JSON.parse(fromUtf8(plain)) as unknown
  } catch (cause) {
    throw accountsErrors.BAD_RELAYED(undefined, { cause })
  }
}
