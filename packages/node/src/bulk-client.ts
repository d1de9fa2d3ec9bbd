// The client of FHIR Bulk Data Access 2 (hl7.org/fhir/uv/bulkdata/export.html): kick-off, polling, manifest, files fetched from the byte where they stopped.
import { pause } from '@mhmd/base'
import { createWriteStream, existsSync, renameSync, statSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { nodeErrors } from './errors.ts'
import type { TokenSource } from './bulk-token.ts'

export interface ExportOrder {
  /** The server's FHIR base. */
  readonly url: string
  /** A group's id; without one everybody the server lets this client see. */
  readonly group?: string
  readonly types: readonly string[]
  /** Only what changed since then: the server's own time of the last export. */
  readonly since?: string
}

export interface ExportFile {
  readonly url: string
}

export interface ExportManifest {
  readonly transactionTime: string
  readonly withToken: boolean
  readonly output: readonly ExportFile[]
  readonly deleted: readonly ExportFile[]
  /** Files in which the server says what it could not export. */
  readonly errors: number
}

export type ExportStatus = { readonly state: 'running'; readonly afterMilliseconds: number } | { readonly state: 'done'; readonly manifest: ExportManifest }

const LONGEST_WAIT_MILLISECONDS = 600_000
const WAIT_MILLISECONDS = 2000

/** How long the server asks to wait: seconds, or a date. */
function waitOf(answer: Response, now: number): number {
  const given = answer.headers.get('retry-after')
  if (given === null) return WAIT_MILLISECONDS
  const wait = /^\d+$/.test(given) ? 1000 * Number(given) : Date.parse(given) - now
  return Number.isNaN(wait) ? WAIT_MILLISECONDS : Math.min(Math.max(wait, 0), LONGEST_WAIT_MILLISECONDS)
}

/** Sends without following redirects. Throws NODE_BULK_UNREACHABLE. */
export async function sendPlain(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, redirect: 'error' })
  } catch (cause) {
    throw nodeErrors.BULK_UNREACHABLE({ host: new URL(url).host }, { cause })
  }
}

export class BulkClient {
  readonly #origin: string
  readonly #tokens: TokenSource
  readonly #signal: AbortSignal
  readonly #now: () => number

  /** The token goes to the server's own origin and to no other. */
  constructor(base: string, parts: { tokens: TokenSource; signal: AbortSignal; now: () => number }) {
    this.#origin = new URL(base).origin
    this.#tokens = parts.tokens
    this.#signal = parts.signal
    this.#now = parts.now
  }

  /** Asks for an export and gives the address where its state is told. */
  async kickOff({ url, group, types, since }: ExportOrder): Promise<string> {
    const from = new URL(`${url.replace(/\/$/, '')}/${group === undefined ? '' : `Group/${encodeURIComponent(group)}/`}$export`)
    from.searchParams.set('_outputFormat', 'application/fhir+ndjson')
    if (types.length > 0) from.searchParams.set('_type', types.join(','))
    if (since !== undefined) from.searchParams.set('_since', since)
    const answer = await this.#ask(from.href, { headers: { accept: 'application/fhir+json', prefer: 'respond-async' } }, 'kick-off')
    const place = answer.headers.get('content-location')
    if (answer.status !== 202 || place === null) throw nodeErrors.BULK_ANSWER({ step: 'kick-off', why: 'no address of its state' })
    return new URL(place, from).href
  }

  async status(address: string): Promise<ExportStatus> {
    const answer = await this.#ask(address, { headers: { accept: 'application/json' } }, 'status')
    if (answer.status === 202) return { state: 'running', afterMilliseconds: waitOf(answer, this.#now()) }
    return { state: 'done', manifest: readManifest(await answer.json().catch(() => undefined), address) }
  }

  /** Fetches a file into `path`, which is there only once it is whole; what came before a break stays in `path.part`. */
  async download(file: ExportFile, path: string, withToken: boolean): Promise<void> {
    if (existsSync(path)) return
    const part = `${path}.part`
    const present = statSync(part, { throwIfNoEntry: false })?.size ?? 0
    const headers = { 'accept': 'application/fhir+ndjson', 'accept-encoding': 'identity', ...present > 0 ? { range: `bytes=${present}-` } : {} }
    const answer = await this.#ask(file.url, { headers }, 'file', withToken)
    if (answer.status === 206 && !answer.headers.get('content-range')?.startsWith(`bytes ${present}-`)) throw nodeErrors.BULK_ANSWER({ step: 'file', why: 'another range than asked for' })
    if (answer.status !== 416) await this.#store(answer, part, answer.status === 206)
    renameSync(part, path)
  }

  async #store(answer: Response, part: string, goesOn: boolean): Promise<void> {
    try {
      await pipeline(answer.body === null ? Readable.from([]) : Readable.fromWeb(answer.body), createWriteStream(part, { flags: goesOn ? 'a' : 'w', mode: 0o600, flush: true }), { signal: this.#signal })
    } catch (cause) {
      throw nodeErrors.BULK_UNREACHABLE({ host: new URL(answer.url).host }, { cause })
    }
  }

  /** Tells the server that its files are no longer needed; whether it hears it is its own affair. */
  async dismiss(address: string): Promise<void> {
    await this.#ask(address, { method: 'DELETE' }, 'status').catch(() => undefined)
  }

  /** Waits once where the server says it is asked too often; asks for a new token once where it doesn't take the old one. */
  async #ask(url: string, init: RequestInit & { headers?: Record<string, string> }, step: string, withToken = true): Promise<Response> {
    const answer = await this.#once(url, init, withToken)
    if (answer.status === 401 && withToken) {
      this.#tokens.forget()
      return this.#checked(await this.#once(url, init, withToken), step)
    }
    return this.#checked(answer, step)
  }

  async #once(url: string, init: RequestInit & { headers?: Record<string, string> }, withToken: boolean): Promise<Response> {
    if (withToken && new URL(url).origin !== this.#origin) throw nodeErrors.BULK_ORIGIN({ host: new URL(url).host })
    const authorization = withToken ? { authorization: `Bearer ${await this.#tokens.token()}` } : {}
    return sendPlain(url, { ...init, signal: this.#signal, headers: { ...init.headers, ...authorization } })
  }

  async #checked(answer: Response, step: string): Promise<Response> {
    if (answer.ok || answer.status === 416 && step === 'file') return answer
    await answer.body?.cancel()
    if (answer.status !== 429 && answer.status < 500) throw nodeErrors.BULK_REFUSED({ step, status: answer.status })
    await pause(waitOf(answer, this.#now()), this.#signal)
    throw nodeErrors.BULK_UNREACHABLE({ host: new URL(answer.url).host })
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value)

function readManifest(body: unknown, address: string): ExportManifest {
  if (!isRecord(body) || typeof body['transactionTime'] !== 'string') throw nodeErrors.BULK_ANSWER({ step: 'manifest', why: 'no transactionTime' })
  const files = (list: unknown): ExportFile[] => {
    if (list === undefined) return []
    if (!Array.isArray(list) || !list.every((one) => isRecord(one) && typeof one['url'] === 'string')) throw nodeErrors.BULK_ANSWER({ step: 'manifest', why: 'files without an address' })
    return list.map((one: { url: string }) => ({ url: new URL(one.url, address).href }))
  }
  return { transactionTime: body['transactionTime'], withToken: body['requiresAccessToken'] === true, output: files(body['output']), deleted: files(body['deleted']), errors: files(body['error']).length }
}
