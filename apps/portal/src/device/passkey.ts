// A passkey's secret: the output of its PRF (WebAuthn Level 3 §10.1.4), the same each time she unlocks it. Nothing of the passkey goes to any server.
import { passkeyPrfInput } from '@mhmd/accounts'
import { portalErrors } from './errors.ts'
import { randomness } from './ports.ts'

const ES256 = -7
const RS256 = -257
const prf = (): { prf: { eval: { first: BufferSource } } } => ({ prf: { eval: { first: Uint8Array.from(passkeyPrfInput()) } } })
const fresh = (length: number): Uint8Array<ArrayBuffer> => Uint8Array.from(randomness.bytes(length))

/** WebAuthn knows no numeric addresses: on 127.0.0.1 there are no passkeys, on localhost there are. */
export const hasPasskeys = (): boolean => typeof PublicKeyCredential !== 'undefined' && !/^[0-9.]+$|^\[/.test(location.hostname)

/** Makes a passkey on this device and gives its secret. Throws PORTAL_PASSKEY_NOT_MADE, PORTAL_PASSKEY_WITHOUT_PRF. */
export async function makePasskey(name: string): Promise<Uint8Array> {
  const made = await asked(() => navigator.credentials.create({
    publicKey: {
      challenge: fresh(32), rp: { name: 'My Health My Data' }, user: { id: fresh(16), name, displayName: name },
      pubKeyCredParams: [{ type: 'public-key', alg: ES256 }, { type: 'public-key', alg: RS256 }],
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' }, extensions: prf(),
    },
  }), portalErrors.PASSKEY_NOT_MADE)
  const { prf: result } = made.getClientExtensionResults()
  if (result?.results?.first !== undefined) return bytesOf(result.results.first)
  if (result?.enabled !== true) throw portalErrors.PASSKEY_WITHOUT_PRF()
  // Some authenticators evaluate only when asked again.
  return usePasskey(made.rawId)
}

/** The secret of a passkey that she picks. Throws PORTAL_PASSKEY_NOT_USED, PORTAL_PASSKEY_WITHOUT_PRF. */
export async function usePasskey(id?: ArrayBuffer): Promise<Uint8Array> {
  const used = await asked(() => navigator.credentials.get({
    publicKey: { challenge: fresh(32), userVerification: 'required', extensions: prf(), ...(id === undefined ? {} : { allowCredentials: [{ type: 'public-key' as const, id }] }) },
  }), portalErrors.PASSKEY_NOT_USED)
  const first = used.getClientExtensionResults().prf?.results?.first
  if (first === undefined) throw portalErrors.PASSKEY_WITHOUT_PRF()
  return bytesOf(first)
}

async function asked(ask: () => Promise<Credential | null>, otherwise: (details?: undefined, options?: { cause?: unknown }) => Error): Promise<PublicKeyCredential> {
  const found = await ask().catch((cause: unknown) => {
    throw otherwise(undefined, { cause })
  })
  if (!(found instanceof PublicKeyCredential)) throw otherwise()
  return found
}

const bytesOf = (source: BufferSource): Uint8Array => source instanceof ArrayBuffer ? new Uint8Array(source) : new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
