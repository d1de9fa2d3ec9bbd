// Amending an application that its access body called incomplete (docs/decisions/0025): the new text is kept and sent with the ledger's receipt, so that a kill in between loses nothing.
import { canonicalText, newId } from '@mhmd/base'
import type { Randomness } from '@mhmd/base'
import { stateKeys } from '@mhmd/contracts'
import { newSalt } from '@mhmd/crypto'
import type { Salt } from '@mhmd/crypto'
import type { Follower } from '@mhmd/ledger'
import type { Outbox } from '@mhmd/messages'
import { useRequestDocument } from '@mhmd/schema'
import type { UseRequest, UseRequestState } from '@mhmd/schema'
import type { Store } from '@mhmd/store'
import { nodeErrors } from './errors.ts'
import { accepted } from './ledger-outbox.ts'
import type { LedgerOutbox } from './ledger-outbox.ts'
import { requireWhole } from './request-filing.ts'
import { requestCommitment, requestsOut } from './requests.ts'
import type { Amendment, RequestOut } from './requests.ts'

const KEEPER = 'request-amended'

interface Amended {
  readonly document: UseRequest
  readonly salt: Salt
  readonly version: number
}

export interface AmendingParts {
  readonly store: Store
  readonly ledger: LedgerOutbox
  readonly outbox: Outbox
  readonly follower: Follower
  readonly randomness: Randomness
}

/** Gives the version of the amended application. Made again after a lost answer it changes nothing. Throws NODE_NOT_FOUND, NODE_STATE, NODE_BAD_INPUT, NODE_LEDGER_REFUSED. */
export function requestAmending({ store, ledger, outbox, follower, randomness }: AmendingParts): (id: string, change: Amendment) => Promise<{ height: number; version: number }> {
  ledger.keeper(KEEPER, async (tx, value) => {
    const { document, salt, version } = value as Amended
    const request = await requestsOut.get(tx, document.id)
    if (request === undefined) return
    await requestsOut.put(tx, [document.id], { ...request, document, salt })
    for (const to of new Set([...request.holders, ...request.authority === undefined ? [] : [request.authority]])) await outbox.post(tx, { to, kind: 'use-request-amended/1', body: { document, salt, version } })
  })

  return async (id, change) => {
    const request = await store.read((tx) => requestsOut.get(tx, id))
    if (request === undefined) throw nodeErrors.NOT_FOUND({ what: 'request' })
    if (request.authority === undefined) throw nodeErrors.STATE({ what: 'request', state: 'one that its holders decide on, as it was filed' })
    const document = amended(request, change)
    const state = await follower.latest(stateKeys.useRequest(id)) as UseRequestState | undefined
    if (state === undefined) throw nodeErrors.STATE({ what: 'request', state: 'not on the ledger yet' })
    if (state.state === 'filed' && state.version > 1 && canonicalText(document) === canonicalText(request.document)) return { height: follower.height(), version: state.version }
    if (state.state !== 'incomplete') throw nodeErrors.STATE({ what: 'application', state: 'not called incomplete' })
    const [salt, version] = [newSalt(randomness), state.version + 1]
    const receipt = accepted(await ledger.submit({
      contract: 'requests@2', operation: 'amend', operationId: newId(randomness), payload: { request: id, content: requestCommitment(document, salt), version }, keeps: { by: KEEPER, value: { document, salt, version } satisfies Amended },
    }))
    return { height: receipt.height, version }
  }
}

function amended({ document, holders }: RequestOut, { class: recipientClass, question, ...change }: Amendment): UseRequest {
  const { question: before, ...present } = document
  const now = question === undefined ? before : question ?? undefined
  const next = useRequestDocument.parse({ ...present, ...change, ...(now === undefined ? {} : { question: now }), ...(recipientClass === undefined ? {} : { requester: { ...present.requester, class: recipientClass } }) })
  requireWhole(next, holders)
  return next
}
