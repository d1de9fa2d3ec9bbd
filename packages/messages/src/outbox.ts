// The durable outbox: effects leave a node from here, written in the transaction of their cause, sent until acknowledged.
import { MhmdError, canonicalText, fromUtf8, newId, ordinal, utf8 } from '@mhmd/base'
import type { Canonical, Clock, Log, Randomness } from '@mhmd/base'
import type { SigningKey } from '@mhmd/crypto'
import type { ReadTransaction, Store, WriteTransaction } from '@mhmd/store'
import { deliver } from './door.ts'
import { LONGEST_LIFE_MS, SIZE_LIMIT } from './envelope.ts'
import type { Message } from './envelope.ts'
import { messagesErrors } from './errors.ts'
import type { Transport } from './transport.ts'

/** What became of a message so far. `refused` and `expired` are final and keep their reason. */
export interface OutboxEntry {
  readonly message: Message
  readonly status: 'waiting' | 'delivered' | 'refused' | 'expired'
  readonly attempts: number
  /** The code of the last failed attempt. */
  readonly code?: string
  /** What the recipient's handler answered. */
  readonly answer?: Canonical
  /** When it is tried next, or when it ended; milliseconds since 1970. */
  readonly at: number
}

export interface Outgoing {
  readonly to: string
  readonly kind: string
  readonly body: Canonical
  /** Default: a week. */
  readonly lifeMs?: number
}

export interface OutboxOptions {
  readonly store: Store
  readonly network: string
  readonly self: string
  readonly transport: Transport
  readonly signingKey: () => SigningKey
  readonly checkpoint: () => string | null
  readonly clock: Clock
  readonly randomness: Randomness
  /** Resolves after so many milliseconds, or when aborted. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>
  readonly log: Log
  /** Called in the transaction that ends an entry, so that what follows from an answer or a refusal is written with it. */
  readonly onEnd?: (entry: OutboxEntry, tx: WriteTransaction) => Promise<void>
}

export interface Outbox {
  /** Writes a message beside its cause; it leaves after that transaction's commit. Gives its id. Throws MESSAGES_TOO_LARGE, MESSAGES_BAD_LIFE. */
  post(tx: WriteTransaction, outgoing: Outgoing): Promise<string>
  entry(tx: ReadTransaction, id: string): Promise<OutboxEntry | undefined>
  /** Tries what is due once, recipients side by side; gives the number of recipients tried. */
  pass(signal?: AbortSignal): Promise<number>
  /** Passes until aborted. */
  run(signal: AbortSignal): Promise<void>
}

const ENTRIES = 'outbox'
const DUE = 'outbox-due'
const WEEK_MS = 7 * 86_400_000
const FIRST_DELAY_MS = 250
const LONGEST_DELAY_MS = 60_000
const POLL_MS = 50
const AT_ONCE = 20
const NOTHING = new Uint8Array(0)

export function createOutbox(options: OutboxOptions): Outbox {
  const { store, clock } = options

  async function post(tx: WriteTransaction, { to, kind, body, lifeMs = WEEK_MS }: Outgoing): Promise<string> {
    const created = clock.now()
    if (lifeMs <= 0 || lifeMs > LONGEST_LIFE_MS) throw messagesErrors.BAD_LIFE({ limitDays: LONGEST_LIFE_MS / 86_400_000 })
    const message: Message = { id: newId(options.randomness), network: options.network, from: options.self, to, kind, created, expires: created + lifeMs, body }
    // A kilobyte less than the recipient's limit leaves room for signature and names; the checkpoint has eight.
    if (utf8(canonicalText({ ...message })).length > SIZE_LIMIT - 9 * 1024) throw messagesErrors.TOO_LARGE({ limit: SIZE_LIMIT - 9 * 1024 })
    await write(tx, undefined, { message, status: 'waiting', attempts: 0, at: created })
    return message.id
  }

  // One lane a recipient: a member that hangs delays nobody else's messages.
  const lanes = new Map<string, Promise<void>>()

  async function startLanes(signal?: AbortSignal): Promise<number> {
    const due = await store.read((tx) => dueByRecipient(tx, clock.now()))
    const free = [...due].filter(([to]) => !lanes.has(to))
    for (const [to, entries] of free) lanes.set(to, attemptAll(entries, signal).finally(() => lanes.delete(to)))
    return free.length
  }

  async function attemptAll(entries: readonly OutboxEntry[], signal?: AbortSignal): Promise<void> {
    try {
      for (const entry of entries) if (signal?.aborted !== true) await attempt(entry, signal)
    } catch (error) {
      options.log('outbox.failed', { code: codeOf(error) })
      await options.wait(POLL_MS, signal ?? new AbortController().signal)
    }
  }

  async function attempt(entry: OutboxEntry, signal?: AbortSignal): Promise<void> {
    const next = await outcomeOf(entry, signal)
    // Given up by this side: not the recipient's failure, so it stays due.
    if (next === undefined) return
    await store.write(async (tx) => {
      await write(tx, entry, next)
      if (next.status !== 'waiting') await options.onEnd?.(next, tx)
    })
    options.log(`message.${next.status}`, { id: entry.message.id, to: entry.message.to, kind: entry.message.kind, attempts: next.attempts, code: next.code })
  }

  async function outcomeOf(entry: OutboxEntry, signal?: AbortSignal): Promise<OutboxEntry | undefined> {
    const { message } = entry
    const attempts = entry.attempts + 1
    if (message.expires <= clock.now()) return { ...entry, status: 'expired', at: clock.now() }
    try {
      const delivery = { transport: options.transport, signingKey: options.signingKey(), checkpoint: options.checkpoint(), ...(signal === undefined ? {} : { signal }) }
      const { answer } = await deliver(message, delivery)
      return { message, status: 'delivered', attempts, answer, at: clock.now() }
    } catch (error) {
      if (signal?.aborted === true) return undefined
      const code = codeOf(error)
      return isFinal(error) ? { message, status: 'refused', attempts, code, at: clock.now() } : { message, status: 'waiting', attempts, code, at: clock.now() + delayAfter(attempts, options.randomness) }
    }
  }

  async function run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await startLanes(signal).catch((error: unknown) => options.log('outbox.failed', { code: codeOf(error) }))
      await options.wait(POLL_MS, signal)
    }
    await Promise.all(lanes.values())
  }

  async function pass(signal?: AbortSignal): Promise<number> {
    const started = await startLanes(signal)
    await Promise.all(lanes.values())
    return started
  }

  return { post, pass, run, entry: async (tx, id) => read(await tx.get(ENTRIES, [id])) }
}

async function write(tx: WriteTransaction, before: OutboxEntry | undefined, after: OutboxEntry): Promise<void> {
  const { id, to } = after.message
  if (before !== undefined) await tx.delete(DUE, [to, ordinal(before.at), id])
  if (after.status === 'waiting') await tx.put(DUE, [to, ordinal(after.at), id], NOTHING)
  await tx.put(ENTRIES, [id], utf8(canonicalText(after as unknown as Canonical)))
}

async function dueByRecipient(tx: ReadTransaction, now: number): Promise<Map<string, readonly OutboxEntry[]>> {
  const due = new Map<string, readonly OutboxEntry[]>()
  for (let to = await recipientAfter(tx, undefined); to !== undefined; to = await recipientAfter(tx, to)) {
    const entries = await dueEntries(tx, to, now)
    if (entries.length > 0) due.set(to, entries)
  }
  return due
}

async function recipientAfter(tx: ReadTransaction, to: string | undefined): Promise<string | undefined> {
  // Times are digits, all of which stand before a tilde.
  for await (const { key } of tx.scan(DUE, { limit: 1, ...(to === undefined ? {} : { after: [to, '~'] }) })) return key[0]
  return undefined
}

async function dueEntries(tx: ReadTransaction, to: string, now: number): Promise<OutboxEntry[]> {
  const entries: OutboxEntry[] = []
  for await (const { key: [, at = '', id = ''] } of tx.scan(DUE, { prefix: [to], limit: AT_ONCE })) {
    if (at > ordinal(now)) break
    const entry = read(await tx.get(ENTRIES, [id]))
    if (entry !== undefined) entries.push(entry)
  }
  return entries
}

const read = (bytes: Uint8Array | undefined): OutboxEntry | undefined => bytes === undefined ? undefined : JSON.parse(fromUtf8(bytes)) as OutboxEntry

const codeOf = (error: unknown): string => MhmdError.isInstance(error) ? error.code : 'INTERNAL'

/** A refusal that time won't mend. Trust may arrive later (`forbidden`, `unauthenticated`), so may a peer and its repair. */
function isFinal(error: unknown): boolean {
  return MhmdError.isInstance(error) && (error.kind === 'invalid' || error.kind === 'conflict' || error.kind === 'not-found')
}

/** Doubling from a quarter of a second to a minute, less up to a quarter, so that many senders don't knock together. */
function delayAfter(attempts: number, randomness: Randomness): number {
  const full = Math.min(FIRST_DELAY_MS * 2 ** Math.min(attempts - 1, 20), LONGEST_DELAY_MS)
  const [byte = 0] = randomness.bytes(1)
  return Math.floor(full * (1 - byte / 1024))
}
