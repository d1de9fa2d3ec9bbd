// Checks a person's signed request: profile, window, body, server, signature, and that it comes for the first time.
import { ordinal, toBase64Url } from '@mhmd/base'
import type { Clock } from '@mhmd/base'
import { verifySignature } from '@mhmd/crypto'
import type { PublicKey } from '@mhmd/crypto'
import type { Store } from '@mhmd/store'
import { messagesErrors } from './errors.ts'
import { contentDigestOf, coveredComponents, signatureBase } from './signature-base.ts'
import type { RequestLine } from './signature-base.ts'
import { namedBytes } from './structured-fields.ts'

/** A request as it came. Header names are lower case; a header that came twice is a list. */
export interface ReceivedRequest extends RequestLine {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: Uint8Array
}

/** Remembers nonces until their signature is out of its window anyway. */
export interface ReplayStore {
  /** True the first time, false ever after; durable, so that a restart opens no window. */
  firstUse(key: PublicKey, nonce: string, untilSeconds: number): Promise<boolean>
}

export interface VerifyOptions {
  readonly clock: Clock
  readonly replays: ReplayStore
  /** The authorities this server is known by: a request signed for another server is refused here. */
  readonly authorities: readonly string[]
}

const WINDOW_SECONDS = 60
const LONGEST_LIFE_SECONDS = 300

/** The key that signed. Whether it is known, and may do this, is for the handler. Throws MESSAGES_REQUEST_…. */
export async function verifyRequest(request: ReceivedRequest, options: VerifyOptions): Promise<PublicKey> {
  const { params, created, expires, nonce, keyid, signature } = readHeaders(request)
  checkWindow(created, expires, Math.floor(options.clock.now() / 1000))
  const digest = contentDigestOf(request.body)
  if (request.headers['content-digest'] !== digest) throw messagesErrors.REQUEST_DIGEST_MISMATCH()
  if (!options.authorities.includes(request.authority)) throw messagesErrors.REQUEST_WRONG_AUTHORITY()
  const base = signatureBase(coveredComponents(request, digest), params)
  if (!verifySignature(keyid, base, signature)) throw messagesErrors.REQUEST_BAD_SIGNATURE()
  // Last, so that only the holder of the key can use up a nonce.
  if (!await options.replays.firstUse(keyid, nonce, expires + WINDOW_SECONDS)) throw messagesErrors.REQUEST_REPLAYED()
  return keyid
}

const profile = /^mhmd=(\("@method" "@authority" "@path" "@query" "content-digest"\);created=(\d{1,12});expires=(\d{1,12});nonce="([A-Za-z0-9_-]{22,64})";keyid="([A-Za-z0-9_-]{43})";alg="ed25519")$/

interface SignatureParameters {
  readonly params: string
  readonly created: number
  readonly expires: number
  readonly nonce: string
  readonly keyid: PublicKey
  readonly signature: string
}

function readHeaders({ headers }: ReceivedRequest): SignatureParameters {
  const [input, signatureText] = [headers['signature-input'], headers['signature']]
  if (input === undefined && signatureText === undefined) throw messagesErrors.REQUEST_NOT_SIGNED()
  const found = typeof input === 'string' ? profile.exec(input) : null
  const signature = typeof signatureText === 'string' ? namedBytes(signatureText, 'mhmd') : undefined
  if (found === null || signature === undefined) throw messagesErrors.REQUEST_SIGNATURE_MALFORMED()
  const [, params = '', created, expires, nonce = '', keyid = ''] = found
  return { params, created: Number(created), expires: Number(expires), nonce, keyid, signature: toBase64Url(signature) }
}

function checkWindow(created: number, expires: number, now: number): void {
  const inWindow = Math.abs(now - created) <= WINDOW_SECONDS && now <= expires
  if (!inWindow || expires < created || expires - created > LONGEST_LIFE_SECONDS) throw messagesErrors.REQUEST_OUTSIDE_WINDOW()
}

const TABLE = 'request-nonces'
const PRUNED_AT_ONCE = 16

/** A replay store in the node's store. Each use removes a few nonces that are over. */
export function storedReplays(store: Store, clock: Clock): ReplayStore {
  return {
    firstUse: (key, nonce, untilSeconds) => store.write(async (tx) => {
      const row = [ordinal(untilSeconds), key, nonce]
      if (await tx.get(TABLE, row) !== undefined) return false
      const over: (readonly string[])[] = []
      for await (const entry of tx.scan(TABLE, { limit: PRUNED_AT_ONCE })) if (entry.key[0] < ordinal(Math.floor(clock.now() / 1000))) over.push(entry.key)
      for (const old of over) await tx.delete(TABLE, old)
      await tx.put(TABLE, row, new Uint8Array(0))
      return true
    }),
  }
}
