// A holder's agreements: offered to whoever asked for a table, in force once accepted on the ledger, ended by either side; and which receipts of deletion are due under them.
import { newId } from '@mhmd/base'
import type { Clock, Randomness } from '@mhmd/base'
import { stateKeys } from '@mhmd/contracts'
import { commit, newSalt } from '@mhmd/crypto'
import type { Follower } from '@mhmd/ledger'
import type { Outbox } from '@mhmd/messages'
import { documentType } from '@mhmd/schema'
import type { AgreementState, ReleaseDeletionState } from '@mhmd/schema'
import type { Store } from '@mhmd/store'
import Type from 'typebox'
import { nodeErrors } from './errors.ts'
import type { HolderRequests } from './holder-requests.ts'
import { accepted } from './ledger-outbox.ts'
import type { LedgerOutbox } from './ledger-outbox.ts'
import { Exactly, Id, MemberId, OrNull, Recorded, When } from './people-answers.ts'
import { ledgerRefusals } from './people-refusals.ts'
import { route } from './people.ts'
import type { PeopleRoute } from './people.ts'
import type { ReleaseRow, ReleasesKept } from './releases-kept.ts'
import type { Standing } from './standing.ts'
import { AGREEMENT_CONTENT, AgreementShown, agreementShown, agreementsOffered, duties } from './tables.ts'
import type { Agreement, AgreementKept } from './tables.ts'

interface HolderAgreementParts {
  readonly store: Store
  readonly ledger: LedgerOutbox
  readonly outbox: Outbox
  readonly follower: Follower
  readonly standing: Standing
  readonly requests: Pick<HolderRequests, 'acceptedTable'>
  readonly releases: ReleasesKept
  readonly member: string
  readonly lateAfterMilliseconds: number
  readonly clock: Clock
  readonly randomness: Randomness
}

export interface HolderAgreements {
  /** The agreement that a release for this request would leave under, if it holds now. Throws NODE_NO_AGREEMENT. */
  inForce(request: string): Promise<Agreement>
  readonly routes: readonly PeopleRoute[]
}

const offerDocument = documentType('agreement-offer', Type.Object({ days: Type.Integer({ minimum: 1, maximum: 3650 }) }, { additionalProperties: false }))
const DAY_MILLISECONDS = 86_400_000
const KEEPER = 'agreement-offer'
const DeletionShown = Exactly({ recipient: MemberId, release: Id, request: Id, due: When, receipt: OrNull(When), late: Type.Boolean() })

export function createHolderAgreements(parts: HolderAgreementParts): HolderAgreements {
  const { store, clock, follower, randomness } = parts
  const stateOf = async (request: string): Promise<AgreementState | undefined> => await follower.latest(stateKeys.agreement(request, parts.member)) as AgreementState | undefined

  parts.ledger.keeper(KEEPER, async (tx, value) => {
    const { document, salt } = value as AgreementKept
    await agreementsOffered.put(tx, [document.request], { document, salt })
    await parts.outbox.post(tx, { to: document.recipient, kind: 'agreement/1', body: { document, salt } })
  })

  async function offer(id: string, days: number): Promise<{ agreement: string; until: number; height: number }> {
    parts.standing.requireSight()
    const { document: { form, until, requester } } = await parts.requests.acceptedTable(id)
    if (form !== 'anonymised' && form !== 'pseudonymised') throw nodeErrors.STATE({ what: 'request', state: 'one for figures, which need no agreement' })
    const document: Agreement = { format: 'mhmd-agreement/1', agreement: newId(randomness), request: id, holder: parts.member, recipient: requester.member, form, until: Math.min(until, clock.now() + days * DAY_MILLISECONDS), duties: [...duties] }
    const salt = newSalt(randomness)
    const version = ((await stateOf(id))?.version ?? 0) + 1
    const receipt = accepted(await parts.ledger.submit({
      contract: 'agreements@1', operation: 'offer', operationId: newId(randomness),
      payload: { agreement: document.agreement, request: id, content: commit(AGREEMENT_CONTENT, document, salt), until: document.until, version },
      keeps: { by: KEEPER, value: { document, salt } },
    }))
    return { agreement: document.agreement, until: document.until, height: receipt.height }
  }

  async function end(id: string): Promise<{ height: number }> {
    const state = await stateOf(id)
    if (state === undefined) throw nodeErrors.NOT_FOUND({ what: 'agreement' })
    const receipt = accepted(await parts.ledger.submit({ contract: 'agreements@1', operation: 'end', operationId: newId(randomness), payload: { request: id, holder: parts.member, agreement: state.agreement, reason: 'ENDED_BY_HOLDER', version: state.version + 1 } }))
    return { height: receipt.height }
  }

  /** The ledger's word on the agreement that was offered last. */
  async function shown(id: string): Promise<object | null> {
    const kept = await store.read((tx) => agreementsOffered.get(tx, id))
    const state = await stateOf(id)
    if (kept === undefined) return null
    return agreementShown(kept.document, state)
  }

  /** Whoever removed a table after a recall answered the recall, and has its receipt on the ledger alone. */
  async function receiptOf({ request, id }: Pick<ReleaseRow, 'request' | 'id'>): Promise<number | null> {
    const receipt = await follower.latest(stateKeys.deletion(request, parts.member, id)) as ReleaseDeletionState | undefined
    return receipt?.time ?? null
  }

  /** A table that its recipient has, or had, and when it has to be gone: at the agreement's day, or at once where it ended or another took its place. */
  async function deletionOf({ id: release, to: recipient, request, table }: ReleaseRow): Promise<object | undefined> {
    if (table?.received === undefined) return undefined
    const state = await stateOf(request)
    const isOver = state?.agreement !== table.agreement || state.state === 'ended'
    const due = isOver ? state?.time ?? table.received : state.until
    const receipt = table.deleted?.at ?? await receiptOf({ request, id: release })
    return { recipient, release, request, due, receipt, late: receipt === null && clock.now() > due + parts.lateAfterMilliseconds }
  }

  return {
    inForce: async (request) => {
      const kept = await store.read((tx) => agreementsOffered.get(tx, request))
      const state = await stateOf(request)
      if (kept === undefined || state?.state !== 'accepted' || state.agreement !== kept.document.agreement || state.until <= clock.now()) throw nodeErrors.NO_AGREEMENT({ state: state === undefined || state.state === 'offered' ? `${state?.state ?? 'not offered'} only` : 'over' })
      return kept.document
    },
    routes: [
      route({
        method: 'POST', path: '/staff/1/inbox/:id/agreement', body: offerDocument, roles: ['steward'], refusals: [...ledgerRefusals, 'NODE_STATE', 'NODE_PERMIT_NOT_IN_FORCE', 'RELEASE_SECURE_ENVIRONMENT_ONLY', 'NODE_BLIND'],
        summary: 'Offers the requester an agreement under which a table may leave, on the ledger and to it; it ends with the use where that comes first.',
        answer: Exactly({ agreement: Id, until: When, ...Recorded.properties }),
        handle: ({ params, body }) => offer(params['id'] ?? '', body.days),
      }),
      route({
        method: 'GET', path: '/staff/1/inbox/:id/agreement', roles: ['steward', 'dpo', 'auditor'], refusals: [],
        summary: 'The agreement that was offered last for a request, and where it stands on the ledger.',
        answer: Exactly({ agreement: OrNull(AgreementShown) }),
        handle: async ({ params }) => ({ agreement: await shown(params['id'] ?? '') }),
      }),
      route({
        method: 'DELETE', path: '/staff/1/inbox/:id/agreement', roles: ['steward'], refusals: [...ledgerRefusals],
        summary: 'Ends an agreement, on the ledger; its recipient deletes what it holds under it.', answer: Recorded,
        handle: ({ params }) => end(params['id'] ?? ''),
      }),
      route({
        method: 'GET', path: '/staff/1/deletions', roles: ['steward', 'dpo', 'auditor'], refusals: [],
        summary: 'Tables that recipients have to delete: by when, whether the receipt came, and who is late.',
        answer: Exactly({ deletions: Type.Array(DeletionShown) }),
        handle: async () => {
          const rows = await store.read((tx) => parts.releases.list(tx))
          return { deletions: (await Promise.all(rows.map(deletionOf))).filter((row) => row !== undefined) }
        },
      }),
    ],
  }
}
