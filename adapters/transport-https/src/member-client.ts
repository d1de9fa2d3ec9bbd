// Requests to other members: mutual TLS that names the server, trusts members' authorities only, and checks the key that the member has on the ledger.
import type { TLSSocket } from 'node:tls'
import { MhmdError } from '@mhmd/base'
import { reviveError } from '@mhmd/messages'
import { Agent, buildConnector, request as undiciRequest } from 'undici'
import type { Dispatcher } from 'undici'
import { pinOf } from './certificates.ts'
import type { KeyAndCertificate, Pin } from './certificates.ts'
import { transportErrors } from './errors.ts'

export interface MemberClientOptions {
  /** Own certificate, and the roots of all active members. Asked at every new connection. */
  readonly tls: () => KeyAndCertificate & { readonly ca: readonly string[] }
  /** Largest answer of `request` in bytes. Default 16 MiB. */
  readonly answerLimit?: number
  /** How long a peer may take to begin its answer. Default 30 s. */
  readonly timeoutMs?: number
}

/** Where a member listens, the name its certificate holds, and the keys that are its own. */
export interface Peer {
  readonly endpoint: string
  readonly serverName: string
  readonly pins: readonly Pin[]
}

export interface MemberRequest extends Peer {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  /** Bytes go as they are; anything else as JSON. */
  readonly body?: unknown
  readonly signal?: AbortSignal
}

/**
 * `request` gives the JSON of a successful answer (undefined where it has no body), `bytes` its bytes, `stream` its bytes as they come.
 * An error of the other side is thrown here with its code. Others: TRANSPORT_PEER_UNREACHABLE, TRANSPORT_PEER_NOT_TRUSTED,
 * TRANSPORT_PEER_REFUSED_US, TRANSPORT_ABORTED, TRANSPORT_BAD_ANSWER, TRANSPORT_ANSWER_TOO_LARGE.
 */
export interface MemberClient {
  request(options: MemberRequest): Promise<unknown>
  bytes(options: MemberRequest): Promise<Uint8Array>
  stream(options: MemberRequest): Promise<AsyncIterable<Uint8Array>>
  /** The present `tls()` holds for every later request; those on their way end as they began. */
  refresh(): void
  close(): Promise<void>
}

export function memberClient(options: MemberClientOptions): MemberClient {
  const agents = new Map<string, Agent>()
  const agentFor = (peer: Peer): Agent => {
    // Pins are part of the name: a connection checked against one set of keys never serves another.
    const name = JSON.stringify([peer.endpoint, peer.serverName, ...[...peer.pins].sort()])
    const agent = agents.get(name) ?? new Agent({ connect: pinnedConnector(options, peer), headersTimeout: options.timeoutMs ?? 30_000, bodyTimeout: 0, keepAliveTimeout: 10_000 })
    agents.set(name, agent)
    return agent
  }
  const refresh = async (): Promise<void> => {
    const dropped = [...agents.values()]
    agents.clear()
    // Waits for what is on its way, which ends on the connection it began on.
    await Promise.allSettled(dropped.map((agent) => agent.close()))
  }
  const closing = new AbortController()
  const send = (request: MemberRequest): Promise<Dispatcher.ResponseData> => dispatch({ ...request, signal: request.signal === undefined ? closing.signal : AbortSignal.any([request.signal, closing.signal]) }, agentFor(request))
  const answerLimit = options.answerLimit ?? 16 * 1024 * 1024
  return {
    request: (request) => guarded(request, async () => await jsonAnswer(await send(request), request.endpoint, answerLimit)),
    bytes: (request) => guarded(request, async () => await bytesAnswer(await send(request), request.endpoint, answerLimit)),
    stream: (request) => guarded(request, async () => await streamAnswer(await send(request), request, answerLimit)),
    refresh: () => void refresh(),
    close: async () => {
      closing.abort()
      await refresh()
    },
  }
}

function pinnedConnector(options: MemberClientOptions, peer: Peer): buildConnector.connector {
  return (target, callback) => {
    const { key, cert, ca } = options.tls()
    const connect = buildConnector({ key, cert, ca: [...ca], servername: peer.serverName, minVersion: 'TLSv1.3', rejectUnauthorized: true, maxCachedSessions: 0, timeout: 5000, allowH2: false })
    connect({ ...target, servername: peer.serverName }, (error, socket) => {
      if (error !== null) return callback(error, null)
      const refusal = refusalOf(socket as TLSSocket, peer)
      if (refusal === undefined) return callback(null, socket)
      socket.destroy()
      callback(refusal, null)
    })
  }
}

function refusalOf(socket: TLSSocket, peer: Peer): MhmdError | undefined {
  const certificate = socket.getPeerX509Certificate?.()
  if (certificate === undefined || !socket.authorized) return transportErrors.PEER_NOT_TRUSTED({ endpoint: peer.endpoint, reason: 'no certificate' })
  if (!peer.pins.includes(pinOf(certificate))) return transportErrors.PEER_NOT_TRUSTED({ endpoint: peer.endpoint, reason: 'key not listed for this member' })
  return undefined
}

function dispatch(request: MemberRequest, dispatcher: Agent): Promise<Dispatcher.ResponseData> {
  const body = request.body === undefined || request.body instanceof Uint8Array ? request.body : JSON.stringify(request.body)
  const type = request.body instanceof Uint8Array ? 'application/octet-stream' : 'application/json'
  return undiciRequest(new URL(request.path, request.endpoint), {
    dispatcher,
    method: request.method,
    headers: { host: new URL(request.endpoint).host, accept: 'application/json, application/x-ndjson, application/octet-stream', ...(body === undefined ? {} : { 'content-type': type }) },
    ...(body === undefined ? {} : { body }),
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  })
}

async function jsonAnswer(answer: Dispatcher.ResponseData, endpoint: string, limit: number): Promise<unknown> {
  const bytes = await bytesAnswer(answer, endpoint, limit)
  if (bytes.length === 0) return undefined
  const value = parsed(bytes)
  if (value === undefined) throw transportErrors.BAD_ANSWER({ endpoint, status: answer.statusCode })
  return value
}

async function bytesAnswer(answer: Dispatcher.ResponseData, endpoint: string, limit: number): Promise<Buffer> {
  const bytes = await collect(answer.body, endpoint, limit)
  if (answer.statusCode >= 200 && answer.statusCode < 300) return bytes
  throw reviveError(parsed(bytes)) ?? transportErrors.BAD_ANSWER({ endpoint, status: answer.statusCode })
}

async function streamAnswer(answer: Dispatcher.ResponseData, request: MemberRequest, limit: number): Promise<AsyncIterable<Uint8Array>> {
  if (answer.statusCode !== 200) await bytesAnswer(answer, request.endpoint, limit)
  return named(answer.body, request)
}

// A connection that breaks while its stream is read gives the same errors as one that breaks before.
async function* named(body: AsyncIterable<Uint8Array>, request: MemberRequest): AsyncGenerator<Uint8Array> {
  try {
    yield* body
  } catch (cause) {
    throw nameFailure(cause, request)
  }
}

async function collect(body: AsyncIterable<Uint8Array>, endpoint: string, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.length
    if (length > limit) throw transportErrors.ANSWER_TOO_LARGE({ endpoint, limit })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown
  } catch {
    return undefined
  }
}

async function guarded<T>(request: MemberRequest, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw nameFailure(cause, request)
  }
}

function nameFailure(cause: unknown, { endpoint, signal }: MemberRequest): unknown {
  if (MhmdError.isInstance(cause)) return cause
  if (signal?.aborted === true) return transportErrors.ABORTED({ endpoint }, { cause })
  const reason = String((cause as NodeJS.ErrnoException).code ?? 'unknown')
  if (/ALERT/.test(reason)) return transportErrors.PEER_REFUSED_US({ endpoint, reason }, { cause })
  if (/CERT|SELF_SIGNED|UNABLE_TO/.test(reason)) return transportErrors.PEER_NOT_TRUSTED({ endpoint, reason }, { cause })
  return transportErrors.PEER_UNREACHABLE({ endpoint, reason }, { cause })
}
