// What this organisation holds of others: tables offered, received piece by piece, verified before they are accepted, and deleted at the end with a signed receipt.
import { signRecallStatement } from '@mhmd/accounts'
import type { RecallStatement, Removed, SignedRecallStatement, StatementSigner } from '@mhmd/accounts'
import { Readable } from 'node:stream'
import { newId, pause } from '@mhmd/base'
import type { Canonical, Clock, Randomness } from '@mhmd/base'
import { stateKeys } from '@mhmd/contracts'
import { commit, newSalt, opens } from '@mhmd/crypto'
import type { Follower } from '@mhmd/ledger'
import type { Handler, Outbox } from '@mhmd/messages'
import { tableManifestContent } from '@mhmd/release'
import { documentType, ReasonCode } from '@mhmd/schema'
import type { AgreementState, ReleaseAssessmentState, UseReleaseState } from '@mhmd/schema'
import type { ReadTransaction, Store, WriteTransaction } from '@mhmd/store'
import type { MemberClient, Peer } from '@mhmd/transport-https'
import Type from 'typebox'
import { nodeErrors } from './errors.ts'
import { heldBytes } from './held-bytes.ts'
import type { JobRunner, Jobs } from './jobs.ts'
import { accepted } from './ledger-outbox.ts'
import type { LedgerOutbox } from './ledger-outbox.ts'
import type { NodePart } from './node-part.ts'
import { Count, Digest, Exactly, Id, MemberId, OrNull, Recorded, When } from './people-answers.ts'
import { ledgerRefusals } from './people-refusals.ts'
import { Reply, route } from './people.ts'
import { requestsOut } from './requests.ts'
import { sealedTable } from './sealed-table.ts'
import { AGREEMENT_CONTENT, AgreementShown, agreementShown, agreementsReceived, bytesPath, tableMessages } from './tables.ts'
import type { AgreementKept } from './tables.ts'
import { isRecalled } from './recalled-releases.ts'

interface Holding {
  readonly holder: string
  readonly release: string
  readonly request: string
  readonly agreement: string
  readonly form: string
  readonly until: number
  /** The recipient's manifest, as the text that was committed to. */
  readonly manifest: string
  readonly holderManifest: string
  /** Opens the ledger's commitments to the manifests and to the bytes' digest. */
  readonly salt: string
  readonly size: number
  readonly digest: string
  readonly state: 'offered' | 'held' | 'stopped' | 'refused' | 'deleting' | 'deleted'
  readonly got: number
  readonly at: number
  readonly removed?: Removed
  readonly receipt?: SignedRecallStatement
}

export interface Holdings extends Required<Pick<NodePart, 'routes' | 'handlers' | 'runners' | 'loops'>> {
  /** Of a release called back: when it was assessed as anonymous, if that holds; else what was removed. Undefined where no table of that name is here. */
  recall(holder: string, release: string): Promise<{ readonly assessedAt: number } | { readonly removed: Removed[] } | undefined>
  /** Keeps the receipt of a table that was removed, and puts it on the ledger. */
  deleted(tx: WriteTransaction, document: SignedRecallStatement, reason: string): Promise<void>
}

export interface HoldingParts {
  readonly store: Store
  readonly ledger: LedgerOutbox
  readonly outbox: Outbox
  readonly jobs: Jobs
  readonly follower: Follower
  readonly members: Pick<MemberClient, 'bytes'>
  readonly peerOf: (member: string) => Peer | undefined
  readonly signer: StatementSigner
  readonly nodeKey: Uint8Array
  readonly clock: Clock
  readonly randomness: Randomness
}

const POLL_MILLISECONDS = 1000
const deletionDocument = documentType('holding-deletion', Type.Object({ reason: ReasonCode }, { additionalProperties: false }))
const HoldingShown = Exactly({
  holder: MemberId, release: Id, request: Id, agreement: Id, form: Type.String(), until: When, size: Count, got: Count, digest: Digest, salt: Digest, at: When, state: Type.Enum(['offered', 'held', 'stopped', 'refused', 'deleting', 'deleted']),
  manifest: Type.Unknown(), receipt: OrNull(Type.Unknown()), assessment: OrNull(Type.Unknown()),
})
const holderParam = { holder: Type.String({ pattern: '^[a-z][a-z0-9-]{1,30}$' }) }

export function createHoldings(parts: HoldingParts): Holdings {
  const { store, clock, follower, randomness } = parts
  const table = sealedTable<Holding>('holdings', parts.nodeKey)
  const bytes = heldBytes('holding-bytes', parts)
  const at = ({ holder, release }: Pick<Holding, 'holder' | 'release'>): readonly [string, string] => [holder, release]
  const put = (tx: WriteTransaction, holding: Holding): Promise<void> => table.put(tx, at(holding), holding)
  const get = (tx: ReadTransaction, holder: string, release: string): Promise<Holding | undefined> => table.get(tx, holder, release)

  async function found(holder: string, release: string): Promise<Holding> {
    const holding = await store.read((tx) => get(tx, holder, release))
    if (holding === undefined) throw nodeErrors.NOT_FOUND({ what: 'holding' })
    return holding
  }

  const agreementState = async (request: string, holder: string): Promise<AgreementState | undefined> => await follower.latest(stateKeys.agreement(request, holder)) as AgreementState | undefined
  const assessmentOf = async ({ request, holder, release }: Holding): Promise<ReleaseAssessmentState | undefined> => await follower.latest(stateKeys.assessment(request, holder, release)) as ReleaseAssessmentState | undefined

  /** The offer is what the ledger's commitments are about; before the ledger shows them, nothing is fetched. */
  async function requireOnLedger({ request, holder, release, manifest, holderManifest, salt, digest }: Holding): Promise<void> {
    const state = await follower.latest(stateKeys.useRelease(request, holder, release)) as UseReleaseState | undefined
    if (state === undefined) throw nodeErrors.NOT_YET({ what: 'release' })
    const recipientDigest = tableManifestContent(manifest, '') as { recipient: string }
    const fits = state.bytes !== undefined && opens(state.bytes, 'table-bytes', { content: digest, salt }) && opens(state.content, 'table-manifests', { content: { recipient: recipientDigest.recipient, holder: holderManifest }, salt })
    if (!fits) throw nodeErrors.RECORD_MISMATCH({ why: 'the offer is not what stands on the ledger' })
  }

  const runTransfer: JobRunner = async (job, step) => {
    const [holder, release] = [String(job.input['holder']), String(job.input['release'])]
    let holding = await found(holder, release)
    await requireOnLedger(holding)
    if (holding.state === 'offered' && holding.got > 0) await step.note('continues', { byte: holding.got })
    while (holding.state === 'offered' && holding.got < holding.size) {
      const peer = parts.peerOf(holder)
      if (peer === undefined || step.signal.aborted) throw nodeErrors.NOT_YET({ what: 'holder' })
      const piece = await parts.members.bytes({ ...peer, method: 'GET', path: bytesPath(release, holding.got), signal: step.signal })
      if (piece.length === 0 || holding.got + piece.length > holding.size) throw nodeErrors.TRANSFER_BROKEN()
      holding = await kept(holding, piece)
      step.progress(holding.got, holding.size)
    }
    if (holding.state !== 'offered') return step.finish(() => Promise.resolve())
    if (await bytes.digest(at(holding)) !== holding.digest) {
      await store.write(async (tx) => {
        await bytes.remove(tx, at(holding))
        await put(tx, { ...holding, state: 'refused', got: 0 })
      })
      throw nodeErrors.DIGEST_MISMATCH()
    }
    await step.note('verified', { bytes: holding.size })
    await step.finish(async (tx) => {
      const present = await get(tx, holder, release)
      if (present?.state !== 'offered') return
      await put(tx, { ...present, state: 'held', at: clock.now() })
      await parts.outbox.post(tx, { to: holder, kind: 'table-received/1', body: { release, digest: holding.digest } })
    })
  }

  /** Durable piece by piece: after a kill it goes on at this byte. Stopped or called back meanwhile, nothing more is kept. */
  const kept = (holding: Holding, piece: Uint8Array): Promise<Holding> => store.write(async (tx) => {
    const present = await get(tx, ...at(holding))
    if (present?.state !== 'offered' || present.got !== holding.got) return present ?? holding
    await bytes.append(tx, at(holding), { offset: present.got, bytes: piece })
    const next = { ...present, got: present.got + piece.length }
    await put(tx, next)
    return next
  })

  async function erase(tx: WriteTransaction, holding: Holding): Promise<Holding> {
    const { rows, digest } = await bytes.remove(tx, at(holding))
    const next: Holding = { ...holding, state: 'deleting', got: 0, ...(rows === 0 ? {} : { removed: { what: 'table', rows, digest } }) }
    await put(tx, next)
    return next
  }

  /** First the bytes, then free space, then the receipt: it says what is done. */
  const runDeletion: JobRunner = async (job, step) => {
    const holding = await found(String(job.input['holder']), String(job.input['release']))
    if (holding.state === 'deleted') return step.finish(() => Promise.resolve())
    const removed = await store.write((tx) => erase(tx, holding))
    await store.purgeFreeSpace()
    await step.finish(async (tx) => {
      const statement: Omit<RecallStatement, 'network' | 'member'> = { holder: holding.holder, release: holding.release, outcome: 'purged', removed: removed.removed === undefined ? [] : [removed.removed], height: Math.max(0, follower.height()), at: clock.now() }
      const document = signRecallStatement(statement, parts.signer)
      await deleted(tx, document, String(job.input['reason']))
      await parts.outbox.post(tx, { to: holding.holder, kind: 'table-deleted/1', body: { release: holding.release, document } as unknown as Canonical })
    })
  }

  async function deleted(tx: WriteTransaction, document: SignedRecallStatement, reason: string): Promise<void> {
    const { holder, release } = document.statement
    const holding = await get(tx, holder, release)
    if (holding === undefined || holding.state === 'deleted') return
    await put(tx, { ...holding, state: 'deleted', at: clock.now(), receipt: document })
    await parts.ledger.enqueue(tx, { contract: 'releases@2', operation: 'delete', operationId: newId(randomness), payload: { release, request: holding.request, holder, reason, receipt: commit('deletion-receipt', document as unknown as Canonical, newSalt(randomness)) } })
  }

  async function recall(holder: string, release: string): ReturnType<Holdings['recall']> {
    const holding = await store.read((tx) => get(tx, holder, release))
    if (holding === undefined) return undefined
    const assessment = await assessmentOf(holding)
    if (holding.state === 'held' && assessment?.state === 'anonymous' && assessment.until > clock.now()) return { assessedAt: assessment.time }
    const erased = holding.state === 'deleted' ? holding : await store.write(async (tx) => erase(tx, await get(tx, holder, release) ?? holding))
    return { removed: erased.removed === undefined ? [] : [erased.removed] }
  }

  /** What is over is deleted without being asked: by its day, or because the agreement was ended. */
  async function deleteWhatIsOver(): Promise<void> {
    for (const { value } of await store.read((tx) => table.list(tx))) {
      if (value.state !== 'held' && value.state !== 'offered') continue
      const agreement = await agreementState(value.request, value.holder)
      if (value.until > clock.now() && agreement?.state === 'accepted' && agreement.agreement === value.agreement) continue
      await store.write(async (tx) => {
        const present = await get(tx, ...at(value))
        if (present?.state !== value.state) return
        await put(tx, { ...present, state: 'deleting' })
        await parts.jobs.add(tx, 'deletion', { holder: value.holder, release: value.release, reason: 'AGREEMENT_OVER' })
      })
    }
  }

  const handlers: Record<string, Handler> = {
    'agreement/1': async (envelope, tx) => {
      const { document, salt } = tableMessages['agreement/1'].parse(envelope.body) as AgreementKept
      const request = await requestsOut.get(tx, document.request)
      if (document.holder !== envelope.from || !(request?.holders.includes(envelope.from) ?? false)) throw nodeErrors.NOT_FOUND({ what: 'request' })
      await agreementsReceived.put(tx, [document.request, envelope.from], { document, salt })
      return {}
    },
    'table-offer/1': async (envelope, tx) => {
      const { request, release, agreement, ...offer } = tableMessages['table-offer/1'].parse(envelope.body)
      const kept = await agreementsReceived.get(tx, request, envelope.from)
      if (kept?.document.agreement !== agreement) throw nodeErrors.NOT_FOUND({ what: 'agreement' })
      // Called back before it came, or offered twice: nothing is fetched.
      if (await isRecalled(tx, envelope.from, { release }) || await get(tx, envelope.from, release) !== undefined) return {}
      const { form, until } = kept.document
      await put(tx, { holder: envelope.from, release, request, agreement, form, until, ...offer, state: 'offered', got: 0, at: clock.now() })
      await parts.jobs.add(tx, 'transfer', { holder: envelope.from, release })
      return {}
    },
    'table-stopped/1': async (envelope, tx) => {
      const { release } = tableMessages['table-stopped/1'].parse(envelope.body)
      const holding = await get(tx, envelope.from, release)
      if (holding?.state !== 'offered') return {}
      await bytes.remove(tx, at(holding))
      await put(tx, { ...holding, state: 'stopped', got: 0, at: clock.now() })
      return {}
    },
  }

  async function accept(request: string, holder: string): Promise<{ height: number }> {
    const kept = await store.read((tx) => agreementsReceived.get(tx, request, holder))
    const state = await agreementState(request, holder)
    if (kept === undefined || state === undefined) throw nodeErrors.NOT_FOUND({ what: 'agreement' })
    const isSame = state.agreement === kept.document.agreement && opens(state.content, AGREEMENT_CONTENT, { content: kept.document, salt: kept.salt })
    if (!isSame) throw nodeErrors.RECORD_MISMATCH({ why: 'the agreement is not what stands on the ledger' })
    const receipt = accepted(await parts.ledger.submit({ contract: 'agreements@1', operation: 'accept', operationId: newId(randomness), payload: { request, holder, agreement: state.agreement, version: state.version + 1 } }))
    return { height: receipt.height }
  }

  async function end(request: string, holder: string): Promise<{ height: number }> {
    const state = await agreementState(request, holder)
    if (state === undefined) throw nodeErrors.NOT_FOUND({ what: 'agreement' })
    const receipt = accepted(await parts.ledger.submit({ contract: 'agreements@1', operation: 'end', operationId: newId(randomness), payload: { request, holder, agreement: state.agreement, reason: 'WORK_DONE', version: state.version + 1 } }))
    return { height: receipt.height }
  }

  async function shown(holding: Holding): Promise<object> {
    const { holderManifest: _, removed: __, receipt, manifest, ...rest } = holding
    return { ...rest, manifest: JSON.parse(manifest) as unknown, receipt: receipt ?? null, assessment: await assessmentOf(holding) ?? null }
  }

  return {
    handlers, recall, deleted,
    runners: { transfer: runTransfer, deletion: runDeletion },
    loops: [async (signal) => {
      while (!signal.aborted) {
        await deleteWhatIsOver().catch(() => undefined)
        await pause(POLL_MILLISECONDS, signal)
      }
    }],
    routes: [
      route({
        method: 'GET', path: '/staff/1/agreements', roles: ['researcher', 'steward', 'dpo', 'auditor'], refusals: [],
        summary: 'Agreements that holders offered this organisation, and where they stand on the ledger: since when, by whom.',
        answer: Exactly({ agreements: Type.Array(AgreementShown) }),
        handle: async () => {
          const rows = await store.read((tx) => agreementsReceived.list(tx))
          return { agreements: await Promise.all(rows.map(async ({ value: { document } }) => agreementShown(document, await agreementState(document.request, document.holder)))) }
        },
      }),
      route({
        method: 'POST', path: '/staff/1/agreements/:id/:holder/acceptance', params: holderParam, roles: ['researcher', 'steward'], refusals: [...ledgerRefusals, 'NODE_RECORD_MISMATCH'],
        summary: 'Accepts a holder’s agreement for a request, on the ledger.', answer: Recorded,
        handle: ({ params }) => accept(params['id'] ?? '', params['holder'] ?? ''),
      }),
      route({
        method: 'DELETE', path: '/staff/1/agreements/:id/:holder', params: holderParam, roles: ['researcher', 'steward'], refusals: [...ledgerRefusals],
        summary: 'Ends an agreement, on the ledger; what is held under it is deleted.', answer: Recorded,
        handle: ({ params }) => end(params['id'] ?? '', params['holder'] ?? ''),
      }),
      route({
        method: 'GET', path: '/staff/1/holdings', roles: ['researcher', 'steward', 'dpo', 'auditor'], refusals: [],
        summary: 'Tables of others that are here or were: under which agreement, until when, as anonymous for whom, deleted with which receipt.',
        answer: Exactly({ holdings: Type.Array(HoldingShown) }),
        handle: async () => {
          const rows = await store.read((tx) => table.list(tx))
          return { holdings: await Promise.all(rows.map(({ value }) => shown(value))) }
        },
      }),
      route({
        method: 'GET', path: '/staff/1/holdings/:id/:holder/bytes', params: holderParam, roles: ['researcher', 'steward'], refusals: ['NODE_STATE'], answerType: 'text/csv; charset=utf-8',
        summary: 'The table itself, as it was verified.', answer: Type.String(),
        handle: async ({ params }) => {
          const holding = await found(params['holder'] ?? '', params['id'] ?? '')
          if (holding.state !== 'held') throw nodeErrors.STATE({ what: 'table', state: holding.state })
          return new Reply({ stream: Readable.from(bytes.pieces(at(holding))) })
        },
      }),
      route({
        method: 'POST', path: '/staff/1/holdings/:id/:holder/transfer', params: holderParam, roles: ['researcher', 'steward'], refusals: ['NODE_STATE'],
        summary: 'Goes on with a transfer that was cancelled or gave up, at the byte where it stood.', answer: Exactly({ job: Id }),
        handle: async ({ params }) => {
          const holding = await found(params['holder'] ?? '', params['id'] ?? '')
          if (holding.state !== 'offered') throw nodeErrors.STATE({ what: 'table', state: holding.state })
          return store.write(async (tx) => ({ job: await parts.jobs.add(tx, 'transfer', { holder: holding.holder, release: holding.release }) }))
        },
      }),
      route({
        method: 'POST', path: '/staff/1/holdings/:id/:holder/deletion', params: holderParam, body: deletionDocument, roles: ['researcher', 'steward', 'dpo'], refusals: ['NODE_STATE'],
        summary: 'Deletes a table for good; a signed receipt goes to its holder and a commitment to it on the ledger.', answer: Exactly({ job: Id }),
        handle: async ({ params, body: { reason } }) => {
          const holding = await found(params['holder'] ?? '', params['id'] ?? '')
          if (holding.state === 'deleted') throw nodeErrors.STATE({ what: 'table', state: 'deleted' })
          return store.write(async (tx) => {
            await put(tx, { ...holding, state: 'deleting' })
            return { job: await parts.jobs.add(tx, 'deletion', { holder: holding.holder, release: holding.release, reason }) }
          })
        },
      }),
    ],
  }
}
