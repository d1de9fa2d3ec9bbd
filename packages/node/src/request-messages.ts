// Messages about a request, between whoever asked and a holder, or the access body that decides: sealed to the recipient (HPKE) while they travel and wait, sealed under the node's own key where they are kept.
import { fromBase64Url, fromUtf8, newId, ordinal, toBase64Url, utf8 } from '@mhmd/base'
import type { Clock, Randomness } from '@mhmd/base'
import { openSealed, sealTo } from '@mhmd/crypto'
import type { Handler, Outbox } from '@mhmd/messages'
import { documentType } from '@mhmd/schema'
import type { MemberRecord } from '@mhmd/schema'
import type { ReadTransaction, Store } from '@mhmd/store'
import Type from 'typebox'
import { nodeErrors } from './errors.ts'
import type { NodePart } from './node-part.ts'
import { Exactly, Id, MemberId, OrNull, PublicKeyText, When } from './people-answers.ts'
import { route } from './people.ts'
import { requestsIn, requestsOut } from './requests.ts'
import { sealedTable } from './sealed-table.ts'
import type { Trust } from './trust.ts'

/** One message as this side keeps it. */
interface Kept {
  readonly id: string
  /** The other side: a holder, the access body, or whoever asked. */
  readonly with: string
  readonly text: string
  readonly at: number
  /** The member of staff who wrote it; absent where the other side did. */
  readonly by?: string
  /** Its place in the outbox. */
  readonly sent?: string
}

const CHARACTERS = 4000
/** So that one member can't fill another's store. */
const MOST = 500
/** Base64url of 4,000 characters of up to four bytes, with what sealing adds. */
const Sealed = Type.String({ pattern: '^[A-Za-z0-9_-]{66,22000}$' })
const writtenDocument = documentType('request-message', Exactly({ id: Type.Optional(Id), to: MemberId, text: Type.String({ minLength: 1, maxLength: CHARACTERS, pattern: '\\S' }) }))
const sentDocument = documentType('request-message-message', Exactly({ request: Id, message: Id, sealed: Sealed }))
const plainDocument = documentType('request-message-text', Exactly({ text: Type.String({ minLength: 1, maxLength: CHARACTERS }) }))

const MessageShown = Exactly({ id: Id, with: MemberId, from: MemberId, by: OrNull(PublicKeyText), at: When, text: Type.String(), delivery: OrNull(Type.Enum(['waiting', 'delivered', 'refused', 'expired'])) })

export interface RequestMessageParts {
  readonly store: Store
  readonly outbox: Outbox
  readonly trust: Pick<Trust, 'member'>
  readonly self: () => MemberRecord
  readonly network: string
  readonly nodeKey: Uint8Array
  /** Of this node's message key. */
  readonly messageKey: Uint8Array
  readonly clock: Clock
  readonly randomness: Randomness
}

export function requestMessaging(parts: RequestMessageParts): Required<Pick<NodePart, 'routes' | 'handlers'>> {
  const { store, clock } = parts
  const table = sealedTable<Kept>('request-messages', parts.nodeKey)
  const contextOf = (request: string, from: string, to: string): string => `request-message/${parts.network}/${request}/${from}/${to}`

  /** With whom this node may speak about the request. Throws NODE_NOT_FOUND. */
  async function othersOf(tx: ReadTransaction, request: string): Promise<readonly string[]> {
    const [out, received] = [await requestsOut.get(tx, request), await requestsIn.get(tx, request)]
    const others = out !== undefined ? [...new Set([...out.holders, ...out.authority === undefined ? [] : [out.authority]])] : received === undefined ? [] : [received.document.requester.member]
    if (others.length === 0) throw nodeErrors.NOT_FOUND({ what: 'request' })
    return others
  }

  async function requireOther(tx: ReadTransaction, request: string, other: string): Promise<void> {
    if (!(await othersOf(tx, request)).includes(other)) throw nodeErrors.NOT_FOUND({ what: 'request' })
  }

  async function keptWith(tx: ReadTransaction, request: string, other: string): Promise<readonly Kept[]> {
    const rows = (await table.list(tx, { prefix: [request, other] })).map(({ value }) => value)
    if (rows.length >= MOST) throw nodeErrors.BUSY()
    return rows
  }

  async function send(request: string, { id = newId(parts.randomness), to, text }: { id?: string | undefined; to: string; text: string }, by: string): Promise<{ message: string }> {
    await store.read((tx) => requireOther(tx, request, to))
    const self = parts.self().id
    const recipient = parts.trust.member(to)
    if (recipient === undefined) throw nodeErrors.NOT_FOUND({ what: 'member' })
    const sealed = toBase64Url(await sealTo(recipient.messageKey, utf8(JSON.stringify({ text })), contextOf(request, self, to)))
    return store.write(async (tx) => {
      // The same id again, after a cut connection, is sent once.
      if ((await keptWith(tx, request, to)).some((row) => row.id === id)) return { message: id }
      const at = clock.now()
      const sent = await parts.outbox.post(tx, { to, kind: 'request-message/1', body: { request, message: id, sealed } })
      await table.put(tx, [request, to, ordinal(at), id], { id, with: to, text, at, by, sent })
      return { message: id }
    })
  }

  const take: Handler = async (envelope, tx) => {
    const { request, message: id, sealed } = sentDocument.parse(envelope.body)
    const { id: self, messageKey: publicKey } = parts.self()
    await requireOther(tx, request, envelope.from)
    const plain = await openSealed({ publicKey, privateKey: parts.messageKey }, fromBase64Url(sealed), contextOf(request, envelope.from, self))
    const { text } = plainDocument.parse(JSON.parse(fromUtf8(plain)))
    if ((await keptWith(tx, request, envelope.from)).some((row) => row.id === id)) return {}
    const at = clock.now()
    await table.put(tx, [request, envelope.from, ordinal(at), id], { id, with: envelope.from, text, at })
    return {}
  }

  async function shown(tx: ReadTransaction, { sent, by, ...row }: Kept): Promise<object> {
    const delivery = sent === undefined ? null : (await parts.outbox.entry(tx, sent))?.status ?? 'delivered'
    return { ...row, from: by === undefined ? row.with : parts.self().id, by: by ?? null, delivery }
  }

  return {
    handlers: { 'request-message/1': take },
    routes: [
      route({
        method: 'GET', path: '/staff/1/requests/:id/messages', roles: ['researcher', 'steward', 'officer', 'dpo', 'auditor'], refusals: [],
        summary: 'Messages about a request, to and from the other side, oldest first, and whether each has arrived.',
        answer: Exactly({ messages: Type.Array(MessageShown) }),
        handle: ({ params: { id: request = '' } }) => store.read(async (tx) => {
          await othersOf(tx, request)
          const rows = (await table.list(tx, { prefix: [request] })).map(({ value }) => value).sort((a, b) => a.at - b.at)
          return { messages: await Promise.all(rows.map((row) => shown(tx, row))) }
        }),
      }),
      route({
        method: 'POST', path: '/staff/1/requests/:id/messages', body: writtenDocument, roles: ['researcher', 'steward', 'officer'], refusals: ['NODE_BUSY'],
        summary: 'Writes to the other side about a request; the same id again is sent once.',
        answer: Exactly({ message: Id }),
        handle: ({ params: { id: request = '' }, body, key }) => send(request, body, key),
      }),
    ],
  }
}
