// A person's requests to one node: signed with her key, or in a session of her browser; errors as they were thrown there. Needs `fetch` and nothing else of its surroundings.
import { MhmdError, utf8 } from '@mhmd/base'
import type { Clock, Randomness } from '@mhmd/base'
import type { SigningKey } from '@mhmd/crypto'
import { reviveError, signRequest } from '@mhmd/messages'
import { clientErrors } from './errors.ts'

export interface PeopleClientOptions {
  /** The node's people port: `http://127.0.0.1:7101`. */
  readonly baseUrl: string
  /** The organisation's name, for whoever reads that it can't be reached. */
  readonly name?: string | undefined
  readonly key: SigningKey
  readonly clock: Clock
  readonly randomness: Randomness
  readonly fetch?: typeof globalThis.fetch
  /** How long a node may take to answer. Default 60 s; streams have no end. */
  readonly timeoutMs?: number
}

/**
 * Answers are what the node sent: callers that act on them check them. Errors: the node's own, by their codes, and
 * CLIENT_UNREACHABLE, CLIENT_ABORTED, CLIENT_BAD_ANSWER.
 */
export interface PeopleClient {
  get<T = unknown>(path: string, signal?: AbortSignal): Promise<T>
  post<T = unknown>(path: string, body: unknown, signal?: AbortSignal): Promise<T>
  delete<T = unknown>(path: string, signal?: AbortSignal): Promise<T>
  /** The answer's bytes as they come. */
  stream(path: string, signal?: AbortSignal): Promise<AsyncIterable<Uint8Array>>
}

interface Sent {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly body?: unknown
  readonly signal?: AbortSignal | undefined
}

/** Signs each request (RFC 9421). */
export const peopleClient = (options: PeopleClientOptions): PeopleClient => clientShowing((request) => ({ ...signRequest(request, options.key, options) }), options)

/** Staff's own pages: the browser shows the session's cookie by itself, and what changes something shows the session's token. */
export const sessionClient = ({ csrf, ...options }: Pick<PeopleClientOptions, 'baseUrl' | 'name' | 'fetch' | 'timeoutMs'> & { readonly csrf: string }): PeopleClient =>
  clientShowing(({ method }): Record<string, string> => method === 'GET' ? {} : { 'x-mhmd-csrf': csrf }, options)

type Shown = (request: { readonly method: string; readonly url: URL; readonly body: Uint8Array }) => Record<string, string>

function clientShowing(shown: Shown, options: Pick<PeopleClientOptions, 'baseUrl' | 'name' | 'fetch' | 'timeoutMs'>): PeopleClient {
  const { baseUrl } = options
  const fetchOf = options.fetch ?? globalThis.fetch
  const timed = (signal: AbortSignal | undefined): AbortSignal => {
    const timeout = AbortSignal.timeout(options.timeoutMs ?? 60_000)
    return signal === undefined ? timeout : AbortSignal.any([signal, timeout])
  }

  async function send({ method, path, body, signal }: Sent): Promise<Response> {
    const url = new URL(path, baseUrl)
    const bytes = body === undefined ? new Uint8Array(0) : utf8(JSON.stringify(body))
    const headers = { ...shown({ method, url, body: bytes }), ...(body === undefined ? {} : { 'content-type': 'application/json' }) }
    // A redirect would carry a signature to an address it was not made for.
    const answer = await fetchOf(url, { method, headers, redirect: 'error', ...(body === undefined ? {} : { body: Uint8Array.from(bytes) }), ...(signal === undefined ? {} : { signal }) })
    if (answer.ok) return answer
    throw reviveError(await answer.json().catch(() => undefined)) ?? clientErrors.BAD_ANSWER({ address: baseUrl, status: answer.status })
  }

  const named = async <T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (cause) {
      if (MhmdError.isInstance(cause)) throw cause
      throw signal?.aborted === true ? clientErrors.ABORTED({ address: baseUrl }, { cause }) : clientErrors.UNREACHABLE({ address: baseUrl, name: options.name }, { cause })
    }
  }

  const json = <T>(sent: Sent): Promise<T> => named(sent.signal, async () => {
    const answer = await send({ ...sent, signal: timed(sent.signal) })
    const text = await answer.text()
    try {
      return (text === '' ? undefined : JSON.parse(text)) as T
    } catch (cause) {
      throw clientErrors.BAD_ANSWER({ address: baseUrl, status: answer.status }, { cause })
    }
  })

  return {
    get: (path, signal) => json({ method: 'GET', path, signal }),
    post: (path, body, signal) => json({ method: 'POST', path, body, signal }),
    delete: (path, signal) => json({ method: 'DELETE', path, signal }),
    stream: (path, signal) => named(signal, async () => (await send({ method: 'GET', path, signal })).body as unknown as AsyncIterable<Uint8Array>),
  }
}
