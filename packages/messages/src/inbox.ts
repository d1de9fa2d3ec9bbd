// The inbox: opens envelopes, lets each message take effect once, and acknowledges it as often as it comes.
import { canonicalText, fromUtf8, ordinal, utf8 } from '@mhmd/base'
import type { Canonical, Clock, Log } from '@mhmd/base'
import type { Store, WriteTransaction } from '@mhmd/store'
import { acknowledgementBytes } from './door.ts'
import { messageDigest, openEnvelope } from './envelope.ts'
import type { Envelope, SenderOf } from './envelope.ts'
import { messagesErrors } from './errors.ts'
import type { Accept } from './transport.ts'

/**
 * What a message of one kind does. Its effects go into the given transaction, with which the message counts as accepted;
 * it does no foreign I/O and may run again when the transaction does. An error it throws goes back to the sender: kinds
 * invalid, not-found and conflict end the message, others make the sender try again.
 */
export type Handler = (envelope: Envelope, tx: WriteTransaction) => Promise<Canonical>

export interface InboxOptions {
  readonly store: Store
  readonly network: string
  readonly self: string
  readonly clock: Clock
  readonly senderOf: SenderOf
  /** By kind, `withdrawal/1`. */
  readonly handlers: Readonly<Record<string, Handler>>
  /** Is told the sender's checkpoint of each message that was opened. */
  readonly heard?: (from: string, checkpoint: string) => void
  /** Is told of each message that took effect, after its commit. */
  readonly taken?: (message: Pick<Envelope, 'from' | 'kind'>) => void
  readonly log: Log
}

export interface Inbox {
  /** Takes bytes from the member that the connection belongs to; the acknowledgement is durable before it is given. Throws MESSAGES_…. */
  readonly accept: Accept
  /** Forgets messages that expired so long ago that they would be refused anyway. Gives their number. */
  prune(): Promise<number>
}

interface Seen {
  readonly digest: string
  readonly answer: Canonical
}

const SEEN = 'inbox'
const BY_EXPIRY = 'inbox-by-expiry'
const PRUNED_AT_ONCE = 500
/** How long after its expiry a lost acknowledgement is given again. */
const KEPT_MS = 86_400_000
const NOTHING = new Uint8Array(0)

export function createInbox(options: InboxOptions): Inbox {
  const { store, clock, handlers } = options

  async function accept(bytes: Uint8Array, connection: string): Promise<Uint8Array> {
    const envelope = openEnvelope(bytes, { ...options, connection })
    if (envelope.checkpoint !== null) options.heard?.(envelope.from, envelope.checkpoint)
    const handler = Object.hasOwn(handlers, envelope.kind) ? handlers[envelope.kind] : undefined
    if (handler === undefined) throw messagesErrors.UNKNOWN_KIND({ kind: envelope.kind })
    const { answer, isNew } = await store.write((tx) => once(tx, envelope, handler))
    if (isNew) options.taken?.(envelope)
    options.log('message.accepted', { id: envelope.id, from: envelope.from, kind: envelope.kind, isNew })
    return acknowledgementBytes({ id: envelope.id, answer })
  }

  async function prune(): Promise<number> {
    return store.write(async (tx) => {
      const over: (readonly string[])[] = []
      for await (const { key } of tx.scan(BY_EXPIRY, { limit: PRUNED_AT_ONCE })) {
        if (key[0] >= ordinal(clock.now() - KEPT_MS)) break
        over.push(key)
      }
      for (const key of over) {
        await tx.delete(SEEN, key.slice(1))
        await tx.delete(BY_EXPIRY, key)
      }
      return over.length
    })
  }

  return { accept, prune }
}

async function once(tx: WriteTransaction, envelope: Envelope, handler: Handler): Promise<{ answer: Canonical; isNew: boolean }> {
  const key = [envelope.from, envelope.id]
  const digest = messageDigest(envelope)
  const before = await tx.get(SEEN, key)
  if (before !== undefined) {
    const seen = JSON.parse(fromUtf8(before)) as Seen
    if (seen.digest !== digest) throw messagesErrors.ID_REUSED()
    return { answer: seen.answer, isNew: false }
  }
  const answer = await handler(envelope, tx)
  await tx.put(SEEN, key, utf8(canonicalText({ digest, answer })))
  await tx.put(BY_EXPIRY, [ordinal(envelope.expires), ...key], NOTHING)
  return { answer, isNew: true }
}
