// Filing a request: kept here first, then on the ledger, then on its way to the holders, and to the access body that decides on it; a kill at any point in between leaves what goes on by itself.
import { canonicalText, newId, pause } from '@mhmd/base'
import type { Clock, Randomness } from '@mhmd/base'
import { newSalt } from '@mhmd/crypto'
import type { Outbox } from '@mhmd/messages'
import { useRequestDocument } from '@mhmd/schema'
import type { MemberRecord, UseRequest } from '@mhmd/schema'
import type { Store } from '@mhmd/store'
import { nodeErrors } from './errors.ts'
import { accepted } from './ledger-outbox.ts'
import type { LedgerOutbox } from './ledger-outbox.ts'
import { filings, requestCommitment, requestsOut } from './requests.ts'
import type { NewRequest, RequestOut } from './requests.ts'

const DAY_MILLISECONDS = 24 * 3600 * 1000
const POLL_MILLISECONDS = 1000

export interface RequestFiling {
  /** Gives the request's id once it stands on the ledger. Filing the same id again files it once. Throws NODE_STATE, NODE_LEDGER_REFUSED. */
  file(body: NewRequest): Promise<string>
  /** Goes on with what a kill or an unreachable ledger left, until aborted. */
  finishBegun(signal: AbortSignal): Promise<void>
}

export interface FilingParts {
  readonly store: Store
  readonly ledger: LedgerOutbox
  readonly outbox: Outbox
  readonly self: () => MemberRecord
  readonly clock: Clock
  readonly randomness: Randomness
}

export function requestFiling(parts: FilingParts): RequestFiling {
  const { store, ledger, clock, randomness } = parts

  function documentOf({ holders: _, authority, class: recipientClass, days, ...asked }: NewRequest): UseRequest {
    const now = clock.now()
    const self = parts.self()
    return useRequestDocument.parse({
      format: 'mhmd-use-request/1', id: newId(randomness), uses: [], form: 'computation', basis: authority === undefined ? 'consent' : 'permit', safeguards: [], returns: [], ...asked,
      requester: { member: self.id, class: recipientClass, country: self.country }, from: now, until: now + days * DAY_MILLISECONDS,
    })
  }

  /** Gives the request's id, and the operation that files it if that is not over. */
  async function begin(body: NewRequest): Promise<{ id: string; operationId?: string }> {
    const { holders, authority } = body
    const decides = authority === undefined ? {} : { authority }
    const document = documentOf(body)
    requireWhole(document, holders)
    const request: RequestOut = { document, salt: newSalt(randomness), holders, ...decides, filed: clock.now(), answers: {} }
    const { id } = document
    const operationId = newId(randomness)
    return store.write(async (tx) => {
      const before = await requestsOut.get(tx, id)
      if (before !== undefined && askedOf(before) !== askedOf(request)) throw nodeErrors.STATE({ what: 'request', state: 'another one with this id' })
      if (before !== undefined) return { id, ...await filings.get(tx, id) }
      await requestsOut.put(tx, [id], request)
      await filings.put(tx, [id], { operationId })
      await ledger.enqueue(tx, {
        contract: 'requests@2', operation: 'file', operationId,
        payload: { request: id, holders, ...decides, purpose: document.purpose, form: document.form, basis: document.basis, content: requestCommitment(document, request.salt), until: document.until },
      })
      return { id, operationId }
    })
  }

  async function finish(id: string, operationId: string): Promise<void> {
    const receipt = await ledger.settle(operationId)
    await store.write(async (tx) => {
      const request = await requestsOut.get(tx, id)
      if (request === undefined || await filings.get(tx, id) === undefined) return
      await filings.delete(tx, id)
      if (receipt.status !== 'committed' || receipt.code !== 'VALID') return requestsOut.delete(tx, id)
      for (const to of new Set([...request.holders, ...request.authority === undefined ? [] : [request.authority]])) await parts.outbox.post(tx, { to, kind: 'use-request/1', body: { document: request.document, salt: request.salt } })
    })
    accepted(receipt)
  }

  return {
    file: async (body) => {
      const { id, operationId } = await begin(body)
      if (operationId !== undefined) await finish(id, operationId)
      return id
    },
    finishBegun: async (signal) => {
      while (!signal.aborted) {
        const begun = await store.read((tx) => filings.list(tx, { limit: 64 }))
        await Promise.allSettled(begun.map(({ key: [id], value }) => finish(id, value.operationId)))
        await pause(POLL_MILLISECONDS, signal)
      }
    },
  }
}

/** What a request asks for and of whom, apart from when it was filed. */
function askedOf({ document: { from, until, ...asked }, holders, authority }: RequestOut): string {
  return canonicalText({ asked, holders, authority: authority ?? null, days: until - from })
}

/** A figure answers a question; a table is of one dataset of the one holder that is asked. */
export function requireWhole({ form, question, dataset }: UseRequest, holders: readonly string[]): void {
  if (form === 'computation' && question === undefined) throw nodeErrors.BAD_INPUT({ at: '/question', why: 'a count needs one' })
  if (form !== 'computation' && (dataset === undefined || holders.some((holder) => holder !== dataset.holder))) throw nodeErrors.BAD_INPUT({ at: '/dataset', why: 'a table is asked of one dataset, and of its holder alone' })
}
