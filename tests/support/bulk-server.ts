// A strict double of a record system with FHIR Bulk Data export (hl7.org/fhir/uv/bulkdata, 2.0) behind SMART Backend Services: it is no independent server.
// It refuses, with a reason to read in the test, whatever the specifications forbid a client: a wrong assertion, a repeated one, a missing header, a step out of order, a token where none belongs.
import { createPublicKey, randomUUID, verify } from 'node:crypto'
import type { JsonWebKey } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'

export interface BulkServer {
  readonly url: string
  readonly tokenUrl: string
  /** What clients did that the specifications don't allow. */
  readonly complaints: readonly string[]
  /** Steps in the order in which they came. */
  readonly steps: readonly string[]
  register(client: string, keys: readonly JsonWebKey[]): void
  /** What the next exports give: files of NDJSON by type, and removals. */
  provide(files: Readonly<Record<string, string>>, deleted?: string): void
  /** The next file breaks off after so many bytes, once. */
  breakAfter(bytes: number): void
  /** Tokens given so far are no longer taken. */
  forgetTokens(): void
  /** The files of the next manifest stand under another origin of the same machine. */
  moveFiles(): void
  /** Exports are not ready before this is called; without `hold` they are ready when asked a second time. */
  hold(): void
  release(): void
  close(): Promise<void>
}

interface Export { readonly since: string | undefined; asked: number; readonly files: Readonly<Record<string, string>>; readonly deleted: string | undefined; dismissed: boolean }

const TIME = '2026-01-02T03:04:05Z'

export async function startBulkServer(port: number): Promise<BulkServer> {
  const complaints: string[] = []
  const steps: string[] = []
  const clients = new Map<string, readonly JsonWebKey[]>()
  const assertions = new Set<string>()
  const tokens = new Set<string>()
  const exports = new Map<string, Export>()
  let files: Readonly<Record<string, string>> = {}
  let deleted: string | undefined
  let breakAt = 0
  let held = false
  let fileBase = `http://127.0.0.1:${port}`
  const base = `http://127.0.0.1:${port}`
  const fhir = `${base}/fhir`
  const tokenUrl = `${base}/token`

  const answer = (response: ServerResponse, status: number, body?: object, headers: Record<string, string> = {}): void => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(body === undefined ? undefined : JSON.stringify(body))
  }
  const refuse = (response: ServerResponse, status: number, why: string): void => {
    complaints.push(why)
    answer(response, status, { error: 'invalid_request' })
  }

  /** What is wrong with a client assertion, or undefined. */
  function assertionProblem(jwt: string): string | undefined {
    const [head = '', claims = '', signature = ''] = jwt.split('.')
    const header = JSON.parse(Buffer.from(head, 'base64url').toString()) as { alg?: string; kid?: string; typ?: string }
    const claim = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { iss?: string; sub?: string; aud?: string; exp?: number; jti?: string }
    const key = clients.get(claim.iss ?? '')?.find((one) => (one as { kid?: string }).kid === header.kid)
    if (key === undefined) return 'no key of this kid is registered for this client'
    if (header.typ !== 'JWT' || !['ES384', 'RS384'].includes(header.alg ?? '')) return 'typ or alg'
    if (claim.sub !== claim.iss || claim.aud !== tokenUrl) return 'sub or aud'
    const left = (claim.exp ?? 0) - Date.now() / 1000
    if (left <= 0 || left > 300) return 'exp is over, or more than five minutes away'
    if (claim.jti === undefined || assertions.has(claim.jti)) return 'jti is missing or was used before'
    assertions.add(claim.jti)
    const publicKey = createPublicKey({ key, format: 'jwk' })
    return verify('sha384', Buffer.from(`${head}.${claims}`), header.alg === 'ES384' ? { key: publicKey, dsaEncoding: 'ieee-p1363' } : publicKey, Buffer.from(signature, 'base64url')) ? undefined : 'signature'
  }

  async function giveToken(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const form = new URLSearchParams(Buffer.concat(parts).toString())
    const problem = form.get('grant_type') !== 'client_credentials' || form.get('client_assertion_type') !== 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' || !/^system\//.test(form.get('scope') ?? '')
      ? 'grant_type, client_assertion_type or scope' : assertionProblem(form.get('client_assertion') ?? '')
    if (problem !== undefined) return refuse(response, 400, `token: ${problem}`)
    const token = randomUUID()
    tokens.add(token)
    answer(response, 200, { access_token: token, token_type: 'bearer', expires_in: 300, scope: form.get('scope') })
  }

  function kickOff(request: IncomingMessage, response: ServerResponse, query: URLSearchParams): void {
    if (request.headers.accept !== 'application/fhir+json' || request.headers['prefer'] !== 'respond-async') return refuse(response, 400, 'kick-off: Accept or Prefer')
    if (query.get('_outputFormat') !== 'application/fhir+ndjson') return refuse(response, 400, 'kick-off: _outputFormat')
    const since = query.get('_since') ?? undefined
    if (since !== undefined && since !== TIME) return refuse(response, 400, 'kick-off: _since is not the time of the last export')
    const id = randomUUID()
    exports.set(id, { since, asked: 0, files, deleted, dismissed: false })
    answer(response, 202, undefined, { 'content-location': `${base}/exports/${id}` })
  }

  function tellState(response: ServerResponse, id: string): void {
    const one = exports.get(id)
    if (one === undefined || one.dismissed) return refuse(response, 404, 'status: of an export that is not there')
    one.asked++
    if (one.asked === 1) return answer(response, 429, undefined, { 'retry-after': '0' })
    if (held || one.asked === 2) return answer(response, 202, undefined, { 'retry-after': '0', 'x-progress': 'under way' })
    const list = (names: readonly string[]): object[] => names.map((type) => ({ type, url: `${fileBase}/files/${id}/${type}` }))
    answer(response, 200, { transactionTime: TIME, request: `${fhir}/$export`, requiresAccessToken: true, output: list(Object.keys(one.files)), deleted: one.deleted === undefined ? [] : list(['Bundle']), error: [] })
  }

  function giveFile(request: IncomingMessage, response: ServerResponse, [id = '', type = '']: readonly string[]): void {
    const one = exports.get(id)
    if (one === undefined || one.asked < 3) return refuse(response, 404, 'file: before its manifest')
    const bytes = Buffer.from(type === 'Bundle' ? one.deleted ?? '' : one.files[type] ?? '')
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
    if (from >= bytes.length && from > 0) return answer(response, 416, undefined, { 'content-range': `bytes */${bytes.length}` })
    const headers = { 'content-type': 'application/fhir+ndjson', 'content-length': String(bytes.length - from), ...from > 0 ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {} }
    steps.push(`bytes ${type} ${from}`)
    response.writeHead(from > 0 ? 206 : 200, headers)
    if (breakAt === 0) return void response.end(bytes.subarray(from))
    // The client is given time to keep what came.
    response.write(bytes.subarray(from, from + breakAt), () => setTimeout(() => response.destroy(), 500))
    breakAt = 0
  }

  function take(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', base)
    const [, room = '', ...rest] = url.pathname.split('/')
    if (url.pathname === '/token') return void giveToken(request, response)
    steps.push(`${request.method ?? ''} ${room}`)
    if (!tokens.has(request.headers.authorization?.replace(/^Bearer /, '') ?? '')) return answer(response, 401, { error: 'invalid_token' })
    if (room === 'fhir' && url.pathname.endsWith('/$export')) return kickOff(request, response, url.searchParams)
    if (room === 'exports' && request.method === 'DELETE') {
      const one = exports.get(rest[0] ?? '')
      if (one !== undefined) one.dismissed = true
      return answer(response, 202)
    }
    if (room === 'exports') return tellState(response, rest[0] ?? '')
    if (room === 'files') return giveFile(request, response, rest)
    refuse(response, 404, `no such address: ${url.pathname}`)
  }

  const server = createServer(take)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    url: fhir, tokenUrl, complaints, steps,
    register: (client, keys) => void clients.set(client, keys),
    provide: (given, removals) => { files = given; deleted = removals },
    breakAfter: (bytes) => { breakAt = bytes },
    forgetTokens: () => tokens.clear(),
    moveFiles: () => { fileBase = `http://localhost:${port}` },
    hold: () => { held = true },
    release: () => { held = false },
    close: () => new Promise((resolve) => {
      server.closeAllConnections()
      server.close(() => resolve())
    }),
  }
}
