// The ledger port over HTTP: gathers submits into few requests, tries again by operation id until a deadline, and resumes block streams.
import { MhmdError, fromBase64Url, pause } from '@mhmd/base'
import type { Key } from '@mhmd/base'
import { ledgerErrors } from '@mhmd/ledger'
import type { Block, Head, Ledger, Receipt } from '@mhmd/ledger'
import { reviveError } from '@mhmd/messages'
import { transportErrors } from '@mhmd/transport-https'
import type { MemberClient, MemberRequest, Peer } from '@mhmd/transport-https'
import { HEARTBEAT_MS, paths, submitLine } from './wire.ts'
import type { BlockLine, OutcomeAnswer, PrivateAnswer, RangeAnswer, StateAnswer, SubmitAnswer, SubmitResult } from './wire.ts'

export interface EmbeddedLedgerClientOptions {
  /** Owned by the caller, who closes it. */
  readonly client: MemberClient
  /** Where the ledger is; asked at every request. */
  readonly peer: () => Peer
  /** How long a call tries before LEDGER_UNAVAILABLE. Default 30 s. */
  readonly deadlineMs?: number
}

interface Waiting {
  readonly line: string
  readonly resolve: (receipt: Receipt) => void
  readonly reject: (error: unknown) => void
}

const BATCH_LINES = 500
const BATCH_CHARACTERS = 4 * 1024 * 1024
const REQUESTS_AT_ONCE = 2
const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 1000
/** A stream without a sign of life for this long is given up and asked for again. */
const SILENCE_MS = 5 * HEARTBEAT_MS

export function embeddedLedgerClient(options: EmbeddedLedgerClientOptions): Ledger {
  const closed = new AbortController()
  const deadlineMs = options.deadlineMs ?? 30_000
  const call = <T>(request: Pick<MemberRequest, 'method' | 'path' | 'body'>): Promise<T> => 
    persistently(deadlineMs, closed.signal, (remainingMs) => options.client.request({ ...options.peer(), ...request, signal: AbortSignal.any([AbortSignal.timeout(remainingMs), closed.signal]) }) as Promise<T>)
  const waiting: Waiting[] = []
  let sending = 0

  /** What gathers while requests are under way goes with the next one. */
  function pump(): void {
    while (waiting.length > 0 && sending < REQUESTS_AT_ONCE) {
      const batch = nextBatch(waiting)
      sending++
      void sendBatch(batch).finally(() => {
        sending--
        pump()
      })
    }
  }

  async function sendBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      const body = Buffer.from(batch.map((item) => `${item.line}\n`).join(''))
      const { results } = await call<SubmitAnswer>({ method: 'POST', path: paths.submit, body })
      batch.forEach((item, at) => settle(item, results[at]))
    } catch (error) {
      for (const item of batch) item.reject(error)
    }
  }

  function send(line: string): Promise<Receipt> {
    return new Promise((resolve, reject) => {
      waiting.push({ line, resolve, reject })
      // What is submitted in the same turn travels together.
      queueMicrotask(pump)
    })
  }

  return {
    submit: (transaction, privateValue) => {
      const line = submitLine(transaction, privateValue)
      return persistently(deadlineMs, closed.signal, () => send(line))
    },
    outcome: async (operationId) => (await call<OutcomeAnswer>({ method: 'GET', path: paths.outcome + encodeURIComponent(operationId) })).receipt ?? undefined,
    get: async (key) => (await call<StateAnswer>({ method: 'GET', path: `${paths.state}?key=${keyText(key)}` })).value,
    range: async (prefix, page = {}) => {
      const query = `prefix=${keyText(prefix)}${page.after === undefined ? '' : `&after=${keyText(page.after)}`}${page.limit === undefined ? '' : `&limit=${page.limit}`}`
      return (await call<RangeAnswer>({ method: 'GET', path: `${paths.range}?${query}` })).entries
    },
    head: () => call<Head>({ method: 'GET', path: paths.head }),
    blocks: (from, signal) => resumedBlocks(options, from, signal === undefined ? closed.signal : AbortSignal.any([signal, closed.signal])),
    privateGet: async (key) => {
      const { value } = await call<PrivateAnswer>({ method: 'POST', path: paths.privateGet, body: { key } })
      return value === null ? undefined : fromBase64Url(value)
    },
    privatePurge: async (key) => void await call({ method: 'POST', path: paths.privatePurge, body: { key } }),
    close: async () => closed.abort(),
  }
}

const keyText = (key: Key): string => encodeURIComponent(JSON.stringify(key))

function nextBatch(waiting: Waiting[]): Waiting[] {
  let characters = 0
  let count = 0
  for (const { line } of waiting) {
    characters += line.length
    if (count > 0 && (count === BATCH_LINES || characters > BATCH_CHARACTERS)) break
    count++
  }
  return waiting.splice(0, count)
}

function settle(item: Waiting, result: SubmitResult | undefined): void {
  if (result !== undefined && 'receipt' in result) item.resolve(result.receipt)
  else item.reject(reviveError(result) ?? ledgerErrors.UNAVAILABLE({ reason: 'its answer is not of the agreed form' }))
}

/** Worth another try: what says nothing about the transaction itself. */
const mayPass = (error: unknown): boolean => MhmdError.isInstance(error) && error.kind === 'unavailable' && error.code !== 'LEDGER_NOT_YET'

/** Tries until it succeeds, fails for good, or the deadline is over; then throws LEDGER_UNAVAILABLE, or LEDGER_BUSY where that was the last answer. */
async function persistently<T>(deadlineMs: number, closed: AbortSignal, work: (remainingMs: number) => Promise<T>): Promise<T> {
  const end = performance.now() + deadlineMs
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    try {
      return await work(Math.max(1, Math.ceil(end - performance.now())))
    } catch (error) {
      if (!mayPass(error)) throw error
      const remaining = end - performance.now()
      if (remaining > 0) await pause(Math.min(pauseMs, remaining), closed)
      if (closed.aborted || performance.now() >= end) throw outOfTime(error)
    }
  }
}

const outOfTime = (cause: unknown): MhmdError =>
  MhmdError.isInstance(cause) && cause.code === 'LEDGER_BUSY' ? cause : ledgerErrors.UNAVAILABLE({ reason: MhmdError.isInstance(cause) ? cause.code : 'unknown' }, { cause })

/** Blocks in order from a height, over as many connections as it takes; gives up after the deadline without any. */
async function* resumedBlocks(options: EmbeddedLedgerClientOptions, from: number, signal: AbortSignal): AsyncGenerator<Block> {
  let next = from
  let pauseMs = FIRST_PAUSE_MS
  let failingMs = 0
  while (!signal.aborted) {
    try {
      for await (const line of linesOf(options, next, signal)) {
        pauseMs = FIRST_PAUSE_MS
        failingMs = 0
        if ('head' in line) continue
        next = line.height + 1
        yield line
      }
    } catch (error) {
      if (signal.aborted) return
      if (!mayPass(error)) throw error
      if (failingMs >= (options.deadlineMs ?? 30_000)) throw outOfTime(error)
    }
    await pause(pauseMs, signal)
    failingMs += pauseMs
    pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)
  }
}

/** One connection's lines. Silence counts as a lost connection. */
async function* linesOf(options: EmbeddedLedgerClientOptions, from: number, signal: AbortSignal): AsyncGenerator<BlockLine> {
  const silent = new AbortController()
  const timer = setTimeout(() => silent.abort(), SILENCE_MS)
  const peer = options.peer()
  try {
    const chunks = await options.client.stream({ ...peer, method: 'GET', path: `${paths.blocks}?from=${from}`, signal: AbortSignal.any([signal, silent.signal]) })
    const decoder = new TextDecoder('utf-8', { fatal: true })
    let rest: string[] = []
    for await (const chunk of chunks) {
      timer.refresh()
      const parts = decoder.decode(chunk, { stream: true }).split('\n')
      for (const part of parts.slice(0, -1)) {
        yield lineOf([...rest, part].join(''), peer.endpoint)
        rest = []
      }
      rest.push(parts.at(-1) ?? '')
    }
  } finally {
    clearTimeout(timer)
    silent.abort()
  }
}

function lineOf(text: string, endpoint: string): BlockLine {
  try {
    return JSON.parse(text) as BlockLine
  } catch (cause) {
    throw transportErrors.BAD_ANSWER({ endpoint, status: 200 }, { cause })
  }
}
