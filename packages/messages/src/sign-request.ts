// Signs a person's request to a node: RFC 9421 in the profile of `signature-base.ts`.
import { fromBase64Url, toBase64Url } from '@mhmd/base'
import type { Clock, Randomness } from '@mhmd/base'
import type { SigningKey } from '@mhmd/crypto'
import { contentDigestOf, coveredComponents, identifiers, signatureBase } from './signature-base.ts'
import { byteSequence } from './structured-fields.ts'

export interface RequestToSign {
  readonly method: string
  readonly url: URL | string
  readonly body: Uint8Array
}

export interface SignatureHeaders {
  readonly 'content-digest': string
  readonly 'signature-input': string
  readonly signature: string
}

const LIFE_SECONDS = 60

/** The headers that make the request this key's, once and for a minute. */
export function signRequest(request: RequestToSign, key: SigningKey, ports: { readonly clock: Clock; readonly randomness: Randomness }): SignatureHeaders {
  const url = new URL(request.url)
  const digest = contentDigestOf(request.body)
  const components = coveredComponents({ method: request.method.toUpperCase(), authority: url.host, path: url.pathname, query: url.search }, digest)
  const created = Math.floor(ports.clock.now() / 1000)
  const nonce = toBase64Url(ports.randomness.bytes(18))
  const params = `${identifiers(components)};created=${created};expires=${created + LIFE_SECONDS};nonce="${nonce}";keyid="${key.publicKey}";alg="ed25519"`
  const signature = fromBase64Url(key.sign(signatureBase(components, params)))
  return { 'content-digest': digest, 'signature-input': `mhmd=${params}`, signature: `mhmd=${byteSequence(signature)}` }
}
