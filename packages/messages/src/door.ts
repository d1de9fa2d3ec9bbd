// Door three: the one place where a message leaves this node.
import { canonicalText, fromUtf8, utf8 } from '@mhmd/base'
import type { Canonical } from '@mhmd/base'
import type { SigningKey } from '@mhmd/crypto'
import { sealEnvelope } from './envelope.ts'
import type { Message } from './envelope.ts'
import { messagesErrors } from './errors.ts'
import type { Transport } from './transport.ts'

/** What the recipient's inbox answers: that this message has taken effect there, durably, and what its handler said. */
export interface Acknowledgement {
  readonly id: string
  readonly answer: Canonical
}

export interface Delivery {
  readonly transport: Transport
  /** The member's present signing key: signing happens at each attempt, so that a rotation reaches what waited. */
  readonly signingKey: SigningKey
  /** The newest ledger checkpoint this node holds. */
  readonly checkpoint: string | null
  readonly signal?: AbortSignal
}

/** Signs a message, hands it to its recipient, and gives the acknowledgement. Throws what the recipient or the transport throws, and MESSAGES_BAD_ACKNOWLEDGEMENT. */
export async function deliver(message: Message, delivery: Delivery): Promise<Acknowledgement> {
  const bytes = sealEnvelope(message, delivery.checkpoint, delivery.signingKey)
  return readAcknowledgement(await delivery.transport.send(message.to, bytes, delivery.signal), message.id)
}

export const acknowledgementBytes = (acknowledgement: Acknowledgement): Uint8Array => utf8(canonicalText({ ...acknowledgement }))

function readAcknowledgement(bytes: Uint8Array, id: string): Acknowledgement {
  try {
    const value = JSON.parse(fromUtf8(bytes)) as Acknowledgement
    if (value.id === id && value.answer !== undefined) return value
  } catch (cause) {
    throw messagesErrors.BAD_ACKNOWLEDGEMENT(undefined, { cause })
  }
  throw messagesErrors.BAD_ACKNOWLEDGEMENT()
}
