// The ledger over HTTP, for members only: the server has put the authenticated member's id into `request.member`.
import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { encodeKey, fromUtf8, newId } from '@mhmd/base'
import type { Key, Log } from '@mhmd/base'
import { ledgerErrors } from '@mhmd/ledger'
import type { Head, Ledger } from '@mhmd/ledger'
import { renderError } from '@mhmd/messages'
import type { Register } from '@mhmd/transport-https'
import { MAX_PAGE } from './member-ledger.ts'
import { HEARTBEAT_MS, paths, privateValueOf } from './wire.ts'
import type { OutcomeAnswer, PrivateAnswer, RangeAnswer, StateAnswer, SubmitAnswer, SubmitLine, SubmitResult } from './wire.ts'

const SUBMIT_BYTES = 16 * 1024 * 1024
const SUBMIT_LINES = 2000
/** Bytes of the block stream that may wait for a slow reader. */
const CHUNK = 256 * 1024

/** What can be served: this engine, or another that stands behind it. A stored block's text is what its hash is over. */
export interface ServedLedger {
  readonly head: Head
  forMember(member: string): Ledger
  storedBlocks(from: number, signal: AbortSignal): AsyncGenerator<{ readonly hash: string; readonly text: string }>
  close(): Promise<void>
}

/** Registers the routes on a member server, beside whatever other routes it has. */
export function ledgerRoutes(app: Parameters<Register>[0], engine: ServedLedger, log: Log = () => undefined): void {
  const as = (request: { readonly member: string }): Ledger => engine.forMember(request.member)
  app.post(paths.submit, { bodyLimit: SUBMIT_BYTES }, async (request): Promise<SubmitAnswer> => {
    const ledger = as(request)
    return { results: await Promise.all(linesOf(request.rawBody).map((line) => submitOne(ledger, line, log))) }
  })
  app.get<{ Params: { operationId: string } }>(`${paths.outcome}:operationId`, async (request): Promise<OutcomeAnswer> =>
    ({ receipt: (await as(request).outcome(request.params.operationId)) ?? null }))
  app.get<{ Querystring: Record<string, string> }>(paths.state, async (request): Promise<StateAnswer> => {
    const value = await as(request).get(keyOf(request.query['key']))
    return value === undefined ? {} : { value }
  })
  app.get<{ Querystring: Record<string, string> }>(paths.range, async (request): Promise<RangeAnswer> => {
    const { prefix, after, limit } = request.query
    return { entries: await as(request).range(keyOf(prefix), { limit: wholeNumber(limit ?? String(MAX_PAGE), 'limit'), ...(after === undefined ? {} : { after: keyOf(after) }) }) }
  })
  app.get(paths.head, (request) => as(request).head())
  app.get<{ Querystring: Record<string, string> }>(paths.blocks, (request, reply) => {
    const from = wholeNumber(request.query['from'], 'from')
    const gone = new AbortController()
    reply.raw.once('close', () => gone.abort())
    return reply.type('application/x-ndjson').send(Readable.from(blockLines(engine, from, gone.signal), { objectMode: false, highWaterMark: CHUNK }))
  })
  app.post(paths.privateGet, async (request): Promise<PrivateAnswer> => {
    const value = await as(request).privateGet(bodyKey(request.body))
    return { value: value === undefined ? null : Buffer.from(value).toString('base64url') }
  })
  app.post(paths.privatePurge, async (request) => {
    await as(request).privatePurge(bodyKey(request.body))
    return {}
  })
}

function linesOf(body: Uint8Array): string[] {
  const lines = fromUtf8(body).split('\n').filter((line) => line !== '')
  if (lines.length > SUBMIT_LINES) throw ledgerErrors.BAD_REQUEST({ what: 'number of transactions' })
  return lines
}

/** A bad line spoils its own answer only. */
async function submitOne(ledger: Ledger, line: string, log: Log): Promise<SubmitResult> {
  try {
    const parsed = parseLine(line)
    return { receipt: await ledger.submit(parsed.transaction, privateValueOf(parsed)) }
  } catch (error) {
    const correlationId = newId({ bytes: (length) => randomBytes(length) })
    const { status, body } = renderError(error, correlationId)
    if (status >= 500) log('ledger.submit-failed', { code: body.error.code, correlationId })
    return body
  }
}

function parseLine(line: string): SubmitLine {
  try {
    const parsed = JSON.parse(line) as SubmitLine
    if (typeof parsed.transaction === 'object' && parsed.transaction !== null) return parsed
  } catch {
    // The same answer as below: what was sent is not quoted.
  }
  throw ledgerErrors.BAD_TRANSACTION({ why: 'the line is no JSON object with a transaction' })
}

/** Blocks as lines, and the head each second that none comes. */
async function* blockLines(engine: ServedLedger, from: number, signal: AbortSignal): AsyncGenerator<string> {
  const blocks = engine.storedBlocks(from, signal)
  let next = blocks.next()
  for (;;) {
    const block = await within(next, HEARTBEAT_MS)
    if (block === undefined) yield `${JSON.stringify({ head: engine.head })}\n`
    else if (block.done === true) return
    else {
      const { hash, text } = block.value
      next = blocks.next()
      // A failure is thrown where it is awaited; a reader that left first awaits it no more.
      next.catch(() => undefined)
      yield `{"hash":"${hash}",${text.slice(1)}\n`
    }
  }
}

/** The value of a promise, or undefined where it takes longer. */
async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

function keyOf(text: string | undefined): Key {
  let key: unknown
  try {
    key = JSON.parse(text ?? '')
  } catch {
    throw ledgerErrors.BAD_REQUEST({ what: 'key' })
  }
  return checkedKey(key)
}

const bodyKey = (body: unknown): Key => checkedKey((body as { key?: unknown } | null)?.key)

function checkedKey(key: unknown): Key {
  if (!Array.isArray(key) || key.length > 16) throw ledgerErrors.BAD_REQUEST({ what: 'key' })
  encodeKey(key as string[])
  return key as unknown as Key
}

function wholeNumber(text: string | undefined, what: string): number {
  if (text === undefined || !/^\d{1,15}$/.test(text)) throw ledgerErrors.BAD_REQUEST({ what })
  return Number(text)
}
