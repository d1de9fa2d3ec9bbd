// Requests as anybody with a socket can make them: signed or not, whole or broken, over plain sockets; none of the product's clients stands between.
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { randomBytes } from 'node:crypto'
import { signRequest } from '@mhmd/messages'
import type { SigningKey } from '@mhmd/crypto'

/** What came back: the status, and code and remedy where the body is an error of ours. */
export interface Answer {
  readonly status: number
  readonly code: string
  readonly remedy: string
  readonly text: string
}

export interface Outgoing {
  readonly url: string
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Bytes go as they are, anything else as JSON. */
  readonly body?: unknown
  readonly type?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Signs with this key; unsigned without one. */
  readonly key?: SigningKey
  /** By how much the signer's clock is off. */
  readonly clockOffMilliseconds?: number
  /** Changes what is sent after it was signed. */
  readonly after?: (signed: Sent) => Sent
}

export interface Sent {
  readonly url: string
  readonly method: string
  readonly body: Uint8Array
  readonly headers: Readonly<Record<string, string>>
}

/** The bodies of every error that any node gave in this run. */
export const errorBodies: string[] = []

export function prepared(outgoing: Outgoing): Sent {
  const { url, key, method = outgoing.body === undefined ? 'GET' : 'POST' } = outgoing
  const body = outgoing.body === undefined ? new Uint8Array(0) : outgoing.body instanceof Uint8Array ? outgoing.body : Buffer.from(JSON.stringify(outgoing.body))
  const clock = { now: (): number => Date.now() + (outgoing.clockOffMilliseconds ?? 0) }
  const signature = key === undefined ? {} : signRequest({ method, url, body }, key, { clock, randomness: { bytes: (length) => randomBytes(length) } })
  const type = body.length === 0 && outgoing.type === undefined ? {} : { 'content-type': outgoing.type ?? 'application/json' }
  const sent = { url, method, body, headers: { ...signature, ...type, ...outgoing.headers } }
  return outgoing.after?.(sent) ?? sent
}

export const send = (outgoing: Outgoing): Promise<Answer> => sendPrepared(prepared(outgoing))

export function sendPrepared({ url, method, body, headers }: Sent): Promise<Answer> {
  const { hostname, port } = new URL(url)
  // As it was written: a path with dots must arrive with them.
  const path = url.slice(url.indexOf('/', 'http://'.length))
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: hostname, port, method, path, headers: { ...headers, 'content-length': String(body.length) }, agent: false, timeout: 60_000 }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve(answerOf(response.statusCode ?? 0, Buffer.concat(chunks).toString())))
      response.on('error', reject)
    })
    request.on('timeout', () => request.destroy(new Error('no answer within a minute')))
    request.on('error', reject)
    request.end(Buffer.from(body))
  })
}

const PIECE = 65_536
const TRIES = 5

/** Writes raw bytes to a port, until it answers, and gives what came back before the connection ended. */
export async function sendBytes(port: number, bytes: Uint8Array): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    try {
      return await sentOnce(port, bytes)
    } catch (error) {
      // A server that refuses early closes while we still write, and now and then its answer is lost with the connection.
      if (tries === TRIES || !['EPIPE', 'ECONNRESET'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    }
  }
}

function sentOnce(port: number, bytes: Uint8Array): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const socket = connect(port, '127.0.0.1', () => writeFrom(0))
    const writeFrom = (at: number): void => {
      if (chunks.length === 0 && at < bytes.length) socket.write(bytes.subarray(at, at + PIECE), () => setImmediate(writeFrom, at + PIECE))
    }
    socket.setTimeout(10_000, () => socket.destroy(new Error('the connection stays open')))
    socket.on('data', (chunk) => chunks.push(chunk))
    // What it said stands.
    socket.on('error', (error) => { if (chunks.length === 0) reject(error) })
    socket.on('close', () => {
      const text = Buffer.concat(chunks).toString()
      resolve(answerOf(Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text.slice(text.indexOf('\r\n\r\n') + 4)))
    })
  })
}

export function answerOf(status: number, text: string): Answer {
  if (status >= 400) errorBodies.push(text)
  const error = errorOf(text)
  return { status, code: error?.code ?? (status < 400 ? 'OK' : 'NO CODE'), remedy: error?.remedy ?? '', text }
}

function errorOf(text: string): { code: string; remedy: string } | undefined {
  try {
    return (JSON.parse(text) as { error?: { code: string; remedy: string } }).error
  } catch {
    return undefined
  }
}
