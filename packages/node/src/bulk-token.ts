// Access to a bulk export by SMART Backend Services (hl7.org/fhir/smart-app-launch/backend-services.html): the node shows its key by a signed assertion and gets a token for minutes.
import type { Clock } from '@mhmd/base'
import { exportJWK, generateKeyPair, importJWK, SignJWT } from 'jose'
import type { JWK } from 'jose'
import { nodeErrors } from './errors.ts'

export const assertionAlgorithms = ['ES384', 'RS384'] as const
export type AssertionAlgorithm = (typeof assertionAlgorithms)[number]

/** The node as the export server knows it. */
export interface BulkClientKey {
  readonly clientId: string
  readonly tokenUrl: string
  readonly scope: string
  readonly algorithm: AssertionAlgorithm
  /** Kept sealed; its public half is what the server's people register. */
  readonly key: JWK
}

export async function newAssertionKey(algorithm: AssertionAlgorithm, id: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true })
  return { ...await exportJWK(privateKey), kid: id, alg: algorithm, use: 'sig' }
}

const publicMembers = ['kty', 'crv', 'x', 'y', 'n', 'e', 'kid', 'alg', 'use'] as const

/** The public half: what the server's people register. */
export const publicKeyOf = (key: JWK): JWK => Object.fromEntries(publicMembers.filter((name) => key[name] !== undefined).map((name) => [name, key[name]]))

const ASSERTION_SECONDS = 240
/** A token is renewed so long before it ends. */
const MARGIN_MILLISECONDS = 20_000

export interface TokenSource {
  token(): Promise<string>
  /** The server didn't take the last one. */
  forget(): void
}

/** Keeps one token while it lasts. Throws NODE_BULK_REFUSED, NODE_BULK_UNREACHABLE. */
export function tokenSource(client: BulkClientKey, parts: { clock: Clock; newId: () => string; send: (url: string, init: RequestInit) => Promise<Response> }): TokenSource {
  let kept: { readonly token: string; readonly until: number } | undefined

  async function assertion(): Promise<string> {
    const now = Math.floor(parts.clock.now() / 1000)
    return new SignJWT().setProtectedHeader({ alg: client.algorithm, kid: client.key.kid ?? '', typ: 'JWT' })
      .setIssuer(client.clientId).setSubject(client.clientId).setAudience(client.tokenUrl).setJti(parts.newId()).setIssuedAt(now).setExpirationTime(now + ASSERTION_SECONDS)
      .sign(await importJWK(client.key, client.algorithm))
  }

  async function ask(): Promise<{ token: string; until: number }> {
    const answer = await parts.send(client.tokenUrl, {
      method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: client.scope, client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion: await assertion() }).toString(),
    })
    const body = await answer.json().catch(() => undefined) as { access_token?: unknown; expires_in?: unknown; token_type?: unknown } | undefined
    if (!answer.ok) throw nodeErrors.BULK_REFUSED({ step: 'token', status: answer.status })
    if (typeof body?.access_token !== 'string' || String(body.token_type).toLowerCase() !== 'bearer') throw nodeErrors.BULK_ANSWER({ step: 'token', why: 'no bearer token' })
    return { token: body.access_token, until: parts.clock.now() + 1000 * (typeof body.expires_in === 'number' ? body.expires_in : 60) }
  }

  return {
    token: async () => {
      if (kept === undefined || kept.until - MARGIN_MILLISECONDS < parts.clock.now()) kept = await ask()
      return kept.token
    },
    forget: () => { kept = undefined },
  }
}
