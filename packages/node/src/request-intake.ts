// A request as it comes in, at a holder or at the access body that it names: kept as it was sent, beside what the ledger shows of it; an amended one once the ledger shows it.
import type { Clock } from '@mhmd/base'
import type { Handler } from '@mhmd/messages'
import { stateKeys } from '@mhmd/contracts'
import type { Follower } from '@mhmd/ledger'
import { useRequestDocument } from '@mhmd/schema'
import type { UseRequest, UseRequestState } from '@mhmd/schema'
import type { Store } from '@mhmd/store'
import { nodeErrors } from './errors.ts'
import { opensRequest, requestMessages, requestsIn } from './requests.ts'
import type { RequestIn } from './requests.ts'
import type { Trust } from './trust.ts'

export function receiveRequests(parts: { readonly trust: Pick<Trust, 'member'>; readonly follower: Pick<Follower, 'latest'>; readonly clock: Clock }): Readonly<Record<string, Handler>> {
  function requireOwn(document: UseRequest, from: string): void {
    if (document.requester.member !== from || document.requester.country !== parts.trust.member(from)?.country) throw nodeErrors.BAD_INPUT({ at: '/document/requester', why: 'it is not the sender' })
  }
  return {
    'use-request/1': async (envelope, tx) => {
      const message = requestMessages['use-request/1'].parse(envelope.body)
      const document = useRequestDocument.parse(message.document)
      requireOwn(document, envelope.from)
      if (await requestsIn.get(tx, document.id) === undefined) await requestsIn.put(tx, [document.id], { document, salt: message.salt, received: parts.clock.now() })
      return {}
    },
    'use-request-amended/1': async (envelope, tx) => {
      const { salt, version, ...message } = requestMessages['use-request-amended/1'].parse(envelope.body)
      const document = useRequestDocument.parse(message.document)
      requireOwn(document, envelope.from)
      const state = await parts.follower.latest(stateKeys.useRequest(document.id)) as UseRequestState | undefined
      if ((state?.version ?? 0) < version) throw nodeErrors.NOT_YET({ what: 'amendment' })
      // What the ledger doesn't hold, or no longer does since a later amendment, takes the place of nothing.
      if (state === undefined || !isAsOnLedger({ document, salt }, state)) return {}
      await requestsIn.put(tx, [document.id], { ...await requestsIn.get(tx, document.id), document, salt, received: parts.clock.now() })
      return {}
    },
  }
}

/** Whether this text is the one that was committed to, and agrees with what stands beside the commitment. */
function isAsOnLedger({ document, salt }: Pick<RequestIn, 'document' | 'salt'>, { requester, purpose, form, basis, until, content }: UseRequestState): boolean {
  return requester === document.requester.member && purpose === document.purpose && form === document.form && basis === document.basis && until === document.until && opensRequest(content, document, salt)
}

/** A request that came in. Throws NODE_NOT_FOUND. */
export async function requestReceived(store: Store, id: string): Promise<RequestIn> {
  const request = await store.read((tx) => requestsIn.get(tx, id))
  if (request === undefined) throw nodeErrors.NOT_FOUND({ what: 'request' })
  return request
}

/** What the ledger shows of a request, if its document is the one that was committed to there. Throws NODE_STATE. */
export async function requestOnLedger(follower: Pick<Follower, 'latest'>, request: RequestIn): Promise<UseRequestState> {
  const state = await follower.latest(stateKeys.useRequest(request.document.id)) as UseRequestState | undefined
  if (state === undefined || !isAsOnLedger(request, state)) throw nodeErrors.STATE({ what: 'request', state: 'not on the ledger as it was sent' })
  return state
}
