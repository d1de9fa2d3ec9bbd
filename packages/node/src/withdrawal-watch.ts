// After a withdrawal: every act that closes is noted however it was heard; a little later, mixed with others', recipients are told and the statements are signed.
import { checkStatement, recallStatementDocument, signWithdrawalStatement, withdrawalStatementDocument } from '@mhmd/accounts'
import type { SignedRecallStatement, StatementSigner, WithdrawalStatement } from '@mhmd/accounts'
import { MhmdError, newId, pause } from '@mhmd/base'
import type { Clock, Log, Randomness } from '@mhmd/base'
import { decide } from '@mhmd/consent'
import type { Basis } from '@mhmd/consent'
import type { Block, Follower } from '@mhmd/ledger'
import type { Handler, Outbox } from '@mhmd/messages'
import type { DecisionState, SubjectState, UseRequest } from '@mhmd/schema'
import type { Store, WriteTransaction } from '@mhmd/store'
import Type from 'typebox'
import { nodeErrors } from './errors.ts'
import type { NodePart } from './node-part.ts'
import type { HolderRequests } from './holder-requests.ts'
import type { Merges } from './patient-merges.ts'
import { Count, Exactly, Id, MemberId, OrNull, When } from './people-answers.ts'
import { citizenRefusals } from './people-refusals.ts'
import { route } from './people.ts'
import type { ReleasesKept } from './releases-kept.ts'
import { requestsIn } from './requests.ts'
import type { SignedRecords } from './signed-records.ts'
import type { Standing } from './standing.ts'
import { recallMessages } from './statements.ts'
import type { Act, RecallOf, StatementTables } from './statements.ts'
import type { Trust } from './trust.ts'
import type { Intake } from './withdrawal-intake.ts'

const StatementsShown = Exactly({
  holder: MemberId, pending: Count,
  statements: Type.Array(Exactly({
    document: withdrawalStatementDocument.schema,
    recipients: Type.Array(Exactly({ recipient: MemberId, release: Id, sent: When, answered: OrNull(When), late: Type.Boolean(), document: OrNull(recallStatementDocument.schema) })),
  })),
})

export interface WatchParts {
  readonly store: Store
  readonly holder: string
  readonly follower: Follower
  readonly standing: Standing
  readonly records: SignedRecords
  readonly releases: ReleasesKept
  readonly requests: Pick<HolderRequests, 'openRequests' | 'withPermit'>
  readonly statements: StatementTables
  readonly merges: Pick<Merges, 'membersOf'>
  readonly intake: Intake
  readonly outbox: Outbox
  readonly trust: Trust
  readonly signer: StatementSigner
  readonly clock: Clock
  readonly randomness: Randomness
  readonly log: Log
  /** How long acts are gathered, so that a recall doesn't point at one of them. */
  readonly mixMilliseconds: number
  readonly recallOf: RecallOf
}

type Running = NonNullable<WithdrawalStatement['running']>

/** A count that was leaving when she acted is over, or has seen her act, before her act is looked at. */
const SETTLE_MILLISECONDS = 1000

export function watchWithdrawals(parts: WatchParts): Required<Pick<NodePart, 'routes' | 'handlers' | 'loops'>> {
  const { store, follower, holder, clock, statements, releases } = parts

  const noteState = (kind: string, subject: string, value: unknown): Promise<void> => store.write(async (tx) => {
    const state = value as DecisionState | SubjectState | null
    if (state === null || !closesOnLedger(kind, state)) return
    const record = kind === 'subject' ? undefined : await recordOf(tx, { kind: kind as 'consent' | 'opt-out', subject, version: state.version })
    await statements.note(tx, { subject, kind: kind === 'subject' ? 'key' : kind as Act['kind'], version: state.version, operationId: record?.statement.operationId ?? null, heard: clock.now() })
  })

  // A person who was erased has no records here any more.
  const recordOf = (tx: WriteTransaction, at: { kind: 'consent' | 'opt-out'; subject: string; version: number }): ReturnType<SignedRecords['get']> => parts.records.get(tx, at)

  follower.onBlock(async (block: Block) => {
    for (const { key, value } of block.committed.flatMap((item) => item.writes)) {
      if (watched.has(key[0]) && key[1] === holder && key[2] !== undefined) await noteState(key[0], key[2], value)
    }
  })

  /** What the ledger showed while this node was down. */
  async function sweep(): Promise<void> {
    for (const kind of watched) {
      for (const { key, value } of await follower.latestBelow([kind, holder])) await noteState(kind, key[2] ?? '', value)
    }
  }

  /** The releases that considered her and would not consider her now. */
  async function affectedBy(act: Act): Promise<readonly string[]> {
    if (act.erasure !== undefined) return act.erasure.releases
    const affected: string[] = []
    for (const subject of act.merge?.members ?? parts.merges.membersOf(act.subject)) affected.push(...await affectedOf(subject))
    return [...new Set(affected)]
  }

  async function affectedOf(subject: string): Promise<readonly string[]> {
    const bases = await parts.standing.of(subject)
    const { rows, requests } = await store.read(async (tx) => ({ rows: await releases.considering(tx, subject), requests: new Map((await requestsIn.list(tx)).map(({ value }) => [value.document.id, value.document])) }))
    const affected = await Promise.all(rows.map(async (row) => {
      const request = requests.get(row.request)
      return request === undefined || await isAgainst(request, bases, row.at)
    }))
    return rows.filter((_row, at) => affected[at]).map((row) => row.id)
  }

  /**
   * Whether what she decided stands against a release of this request. Under a permit that is asked as of the release: its end and its revocation
   * are no act of hers, and an opt-out after its approval leaves what it gave (Regulation (EU) 2025/327, Art. 71(3)).
   */
  async function isAgainst(request: UseRequest, bases: readonly Basis[], releasedAt: number): Promise<boolean> {
    if (request.basis !== 'permit') return decide(request, bases, clock.now()).answer !== 'permit'
    const all = (await parts.requests.withPermit(request, bases)).map((basis) => (basis.basis === 'permit' ? { ...basis, state: 'active' as const } : basis))
    return decide(request, all, releasedAt).answer !== 'permit'
  }

  /** What her opt-out leaves: permits approved before it that go on. */
  async function runningFor({ kind, subject }: Act): Promise<Running> {
    if (kind !== 'opt-out') return []
    const bases = await parts.standing.of(subject)
    const permitted = (await parts.requests.openRequests()).filter((request) => request.basis === 'permit')
    const found = await Promise.all(permitted.map(async (request) => {
      const all = await parts.requests.withPermit(request, bases)
      const { answer, until } = decide(request, all, clock.now())
      return answer === 'permit' ? all.flatMap((basis) => (basis.basis === 'permit' ? [{ request: request.id, authority: basis.authority, until }] : [])) : []
    }))
    return found.flat()
  }

  const waits = (error: unknown): void => parts.log('withdrawals-waiting', { code: MhmdError.isInstance(error) ? error.code : 'INTERNAL' })

  /** Recalls and statements of all acts of this round, in one transaction and one message a recipient. */
  async function round(): Promise<void> {
    const waiting = await store.read((tx) => statements.pending(tx))
    const due = waiting.filter((act) => act.erasure?.done ?? clock.now() - act.heard >= SETTLE_MILLISECONDS)
    if (due.length === 0) return
    const plans: { act: Act; affected: readonly string[]; running: Running }[] = []
    // One act that can't be looked at now holds nobody else's statement back.
    for (const act of due) {
      try {
        plans.push({ act, affected: await affectedBy(act), running: await runningFor(act) })
      } catch (error) {
        waits(error)
      }
    }
    if (plans.length === 0) return
    await store.write(async (tx) => {
      const recalls = await recallAll(tx, [...new Set(plans.flatMap((plan) => plan.affected))])
      for (const { act, affected, running } of plans) {
        // A merge that changed nothing for what left is no act of hers.
        if (act.merge !== undefined && affected.length === 0) await statements.drop(tx, act)
        else await state(tx, act, { affected: affected.flatMap((release) => recalls.get(release) ?? []), running })
      }
    })
    parts.log('withdrawals-stated', { count: plans.length })
  }

  async function recallAll(tx: WriteTransaction, ids: readonly string[]): Promise<Map<string, { release: string; recipient: string; recall: string }>> {
    const rows = (await Promise.all(ids.map((id) => releases.get(tx, id)))).filter((row) => row !== undefined)
    const known = new Map(rows.flatMap((row) => row.recall === undefined ? [] : [[row.id, { release: row.id, recipient: row.to, recall: row.recall }]]))
    const fresh = rows.filter((row) => row.recall === undefined)
    for (const to of new Set(fresh.map((row) => row.to))) {
      const recall = newId(parts.randomness)
      const theirs = fresh.filter((row) => row.to === to)
      for (const row of theirs) {
        await releases.put(tx, { ...row, recall })
        known.set(row.id, { release: row.id, recipient: to, recall })
      }
      await statements.putRecall(tx, { id: recall, to, releases: theirs.map((row) => row.id), sent: clock.now() })
      await parts.outbox.post(tx, { to, kind: 'recall/1', body: { recall, releases: theirs.map((row) => ({ release: row.id, request: row.request })) } })
    }
    return known
  }

  async function state(tx: WriteTransaction, act: Act, { affected, running }: { affected: readonly { release: string; recipient: string; recall: string }[]; running: Running }): Promise<void> {
    const { subject, kind, version, operationId, erasure } = act
    const document = signWithdrawalStatement({
      subject, kind, version, operationId, outcome: erasure === undefined ? 'stopped' : 'purged', removed: [...erasure?.removed ?? []],
      releases: affected.map(({ release, recipient }) => ({ release, recipient })), ...(running.length === 0 ? {} : { running }), height: Math.max(0, follower.height()), at: clock.now(),
    }, parts.signer)
    await statements.give(tx, act, { document, recalls: affected.map((row) => row.recall) })
  }

  const handlers: Record<string, Handler> = {
    'recall-statement/1': async (envelope, tx) => {
      const { recall: id, documents } = recallMessages['recall-statement/1'].parse(envelope.body) as { recall: string; documents: SignedRecallStatement[] }
      const recall = await statements.recall(tx, id)
      if (recall === undefined || recall.to !== envelope.from) throw nodeErrors.NOT_FOUND({ what: 'recall' })
      const signingKey = parts.trust.member(envelope.from)?.signingKey ?? ''
      for (const document of documents) checkStatement(document, { network: parts.signer.network, member: envelope.from, signingKey })
      const answersAll = recall.releases.every((release) => documents.some(({ statement }) => statement.holder === holder && statement.release === release))
      if (!answersAll) throw nodeErrors.RECORD_MISMATCH({ why: 'a release that was called back is not in it' })
      await statements.putRecall(tx, { ...recall, answered: recall.answered ?? { at: clock.now(), documents } })
      return {}
    },
  }

  return {
    handlers,
    loops: [async (signal) => {
      await sweep()
      while (!signal.aborted) {
        await round().catch(waits)
        await pause(parts.mixMilliseconds, signal)
      }
    }],
    routes: [
      route({
        method: 'GET', path: '/staff/1/recalls', roles: ['steward', 'dpo', 'auditor'], refusals: [],
        summary: 'Releases that were called back: when each recipient was told, whether it stated that it removed them, and who is late.',
        answer: Exactly({ recalls: Type.Array(Exactly({ recipient: MemberId, release: Id, sent: When, answered: OrNull(When), late: Type.Boolean() })) }),
        handle: async () => {
          const views = await Promise.all((await store.read((tx) => releases.list(tx))).map(parts.recallOf))
          return { recalls: views.flatMap((view) => view === undefined ? [] : [{ recipient: view.recipient, release: view.release, sent: view.sent, answered: view.answered, late: view.late }]) }
        },
      }),
      route({
        method: 'GET', path: '/people/1/statements', roles: ['citizen'], refusals: citizenRefusals,
        summary: 'What this holder and its recipients stated after her withdrawals, and how much is still to come.',
        answer: StatementsShown,
        handle: async ({ key }) => {
          const { subject } = await parts.intake.subjectOf(key)
          const hers = parts.merges.membersOf(subject)
          const { given, pending } = await store.read(async (tx) => ({ given: (await Promise.all(hers.map((one) => statements.given(tx, one)))).flat(), pending: (await statements.pending(tx)).filter((act) => hers.includes(act.subject)).length }))
          return {
            holder, pending,
            statements: await Promise.all(given.map(async ({ document, recalls }) => ({
              document,
              recipients: (await Promise.all(document.statement.releases.map(({ release }, at) => parts.recallOf({ id: release, recall: recalls[at] })))).filter((view) => view !== undefined),
            }))),
          }
        },
      }),
    ],
  }
}

/** State keys of the ledger that say what a person permits here. */
const watched: ReadonlySet<string> = new Set(['consent', 'opt-out', 'subject'])

function closesOnLedger(kind: string, state: DecisionState | SubjectState): boolean {
  if (kind === 'consent') return state.state === 'withdrawn'
  return kind === 'opt-out' ? state.state === 'active' : state.state === 'closed'
}
