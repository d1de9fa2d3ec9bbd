// The signed envelope that one member sends another, and the rules by which it is accepted.
import { canonicalText, fromUtf8, isId, toHex, utf8 } from '@mhmd/base'
import type { Canonical, Clock } from '@mhmd/base'
import { statementBytes, statementDigest, verifySignature } from '@mhmd/crypto'
import type { PublicKey, Signature, SigningKey } from '@mhmd/crypto'
import { messagesErrors } from './errors.ts'

/** What a member says to another. `id` makes it happen once, however often it is delivered. */
export interface Message {
  readonly id: string
  readonly network: string
  readonly from: string
  readonly to: string
  /** `withdrawal/1`: a name and a version. */
  readonly kind: string
  /** Milliseconds since 1970. */
  readonly created: number
  readonly expires: number
  readonly body: Canonical
}

/** A message as it travels: with the sender's newest ledger checkpoint, so that a split view is noticed, and its signature over all else. */
export interface Envelope extends Message {
  readonly checkpoint: string | null
  readonly signature: Signature
}

/** The sender as the participants contract knows it now. */
export interface Sender {
  readonly signingKey: PublicKey
}

/** The active member with this id, with its keys that are valid now; undefined for all others. */
export type SenderOf = (member: string) => Sender | undefined

export interface OpenOptions {
  readonly network: string
  /** This member's own id. */
  readonly self: string
  readonly clock: Clock
  readonly senderOf: SenderOf
  /** The member that the connection was authenticated as. */
  readonly connection: string
  readonly sizeLimit?: number
}

export const LONGEST_LIFE_MS = 30 * 86_400_000
export const SIZE_LIMIT = 256 * 1024
const CLOCK_TOLERANCE_MS = 60_000

/** The bytes of a signed envelope. */
export function sealEnvelope(message: Message, checkpoint: string | null, key: SigningKey): Uint8Array {
  const unsigned = { ...message, checkpoint }
  return utf8(canonicalText({ ...unsigned, signature: key.sign(statementBytes('envelope', unsigned)) }))
}

/** The envelope, once every rule holds. Throws MESSAGES_…: see `errors.ts`. */
export function openEnvelope(bytes: Uint8Array, options: OpenOptions): Envelope {
  const sizeLimit = options.sizeLimit ?? SIZE_LIMIT
  if (bytes.length > sizeLimit) throw messagesErrors.TOO_LARGE({ limit: sizeLimit })
  const envelope = readEnvelope(bytes)
  if (envelope.network !== options.network) throw messagesErrors.WRONG_NETWORK()
  if (envelope.to !== options.self) throw messagesErrors.WRONG_RECIPIENT()
  if (envelope.from !== options.connection) throw messagesErrors.SENDER_MISMATCH()
  const sender = options.senderOf(envelope.from)
  if (sender === undefined) throw messagesErrors.UNKNOWN_SENDER()
  const { signature, ...unsigned } = envelope
  if (!verifySignature(sender.signingKey, statementBytes('envelope', unsigned), signature)) throw messagesErrors.BAD_SIGNATURE()
  checkLife(envelope, options.clock.now())
  return envelope
}

/** Two deliveries of one message have one digest, although checkpoint and signature may have changed between them. */
export function messageDigest({ id, network, from, to, kind, created, expires, body }: Message): string {
  return statementDigest('message', { id, network, from, to, kind, created, expires, body })
}

function checkLife({ created, expires }: Message, now: number): void {
  if (expires <= created || expires - created > LONGEST_LIFE_MS) throw messagesErrors.BAD_LIFE({ limitDays: LONGEST_LIFE_MS / 86_400_000 })
  if (created > now + CLOCK_TOLERANCE_MS) throw messagesErrors.NOT_YET()
  if (expires <= now) throw messagesErrors.EXPIRED()
}

const isTime = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0
const matches = (pattern: RegExp) => (value: unknown): boolean => typeof value === 'string' && pattern.test(value)
const memberId = matches(/^[a-z][a-z0-9-]{1,30}$/)

/** The members of an envelope, and what each must look like. */
const shape: Readonly<Record<keyof Envelope, (value: unknown) => boolean>> = {
  id: (value) => typeof value === 'string' && isId(value),
  network: matches(/^[A-Za-z0-9_-]{43}$/),
  from: memberId,
  to: memberId,
  kind: matches(/^[a-z][a-z0-9-]{0,62}\/[1-9][0-9]{0,3}$/),
  created: isTime,
  expires: isTime,
  body: () => true,
  checkpoint: (value) => value === null || (typeof value === 'string' && value.length <= 8192),
  signature: matches(/^[A-Za-z0-9_-]{86}$/),
}

// One form only: bytes that parse to the same envelope but are written otherwise are refused, so that no byte is free.
function readEnvelope(bytes: Uint8Array): Envelope {
  try {
    const value = JSON.parse(fromUtf8(bytes)) as Record<string, unknown>
    const names = Object.keys(value)
    const isShaped = names.length === Object.keys(shape).length && Object.entries(shape).every(([name, isRight]) => Object.hasOwn(value, name) && isRight(value[name]))
    if (isShaped && toHex(utf8(canonicalText(value as Canonical))) === toHex(bytes)) return value as unknown as Envelope
  } catch (cause) {
    throw messagesErrors.UNREADABLE(undefined, { cause })
  }
  throw messagesErrors.UNREADABLE()
}
