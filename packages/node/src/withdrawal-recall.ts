// The recipient's part of a withdrawal: a holder calls releases back; the answers are removed, free space is purged, and only then a statement says so, with what took their place.
import { signRecallStatement } from '@mhmd/accounts'
import type { RecallStatement, StatementSigner } from '@mhmd/accounts'
import { fromUtf8, toBase64Url } from '@mhmd/base'
import type { Canonical, Clock, Randomness } from '@mhmd/base'
import { sha256 } from '@mhmd/crypto'
import type { Follower } from '@mhmd/ledger'
import type { Handler, Outbox } from '@mhmd/messages'
import { documentType } from '@mhmd/schema'
import type { Store, WriteTransaction } from '@mhmd/store'
import Type from 'typebox'
import { nodeErrors } from './errors.ts'
import type { Holdings } from './holdings.ts'
import type { JobRunner, Jobs } from './jobs.ts'
import type { NodePart } from './node-part.ts'
import { Exactly, Id, MemberId } from './people-answers.ts'
import { route } from './people.ts'
import { recalledReleases, releaseOf } from './recalled-releases.ts'
import { answersIn } from './requests.ts'
import type { Answered } from './requests.ts'
import { recallMessages } from './statements.ts'
import { jsonTable } from './table.ts'
import { createRecomputing } from './withdrawal-recompute.ts'
import type { Replacement } from './withdrawal-recompute.ts'

interface RecallIn {
  readonly from: string
  readonly outcomes: readonly Pick<RecallStatement, 'release' | 'outcome' | 'removed' | 'replacedBy' | 'assessedAt'>[]
  /** By release, the asking in the place of an answer of a standing one. */
  readonly again: Readonly<Record<string, Replacement>>
  readonly heard: number
  readonly purged: boolean
}

const recallsIn = jsonTable<RecallIn>('recalls-in')
/** Releases that a person assessed as anonymous, and when; by holder and release. */
const assessments = jsonTable<{ readonly at: number; readonly by: string; readonly report: string }>('anonymity-assessments')

const assessmentDocument = documentType('anonymity-assessment', Type.Object({
  holder: Type.String({ pattern: '^[a-z][a-z0-9-]{1,30}$' }),
  release: Type.String({ pattern: '^[0-9a-hjkmnp-tv-z]{26}$' }),
  /** SHA-256 of the report that says why it is anonymous. */
  report: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }),
}, { additionalProperties: false }))

export function receiveRecalls(parts: {
  store: Store
  jobs: Jobs
  outbox: Outbox
  follower: Pick<Follower, 'height'>
  signer: StatementSigner
  clock: Clock
  randomness: Randomness
  /** Tables of others that are here. */
  holdings: Pick<Holdings, 'recall' | 'deleted'>
}): Required<Pick<NodePart, 'routes' | 'handlers' | 'runners'>> {
  const { store, clock } = parts
  const recomputing = createRecomputing(parts)

  /** Only what this holder itself had answered can be called back by it. */
  async function remove(tx: WriteTransaction, from: string, { release, request }: { release: string; request: string }): Promise<{ outcome: RecallIn['outcomes'][number]; again?: Replacement | undefined }> {
    const assessed = await assessments.get(tx, from, release)
    if (assessed !== undefined) return { outcome: { release, outcome: 'released-as-anonymous-on', removed: [], assessedAt: assessed.at } }
    await recalledReleases.put(tx, [from, release], { at: clock.now() })
    const rows: { key: readonly string[]; value: Uint8Array; ask: string }[] = []
    for await (const row of tx.scan(answersIn.name, { prefix: [request] })) {
      const { holder, manifest, ask } = JSON.parse(fromUtf8(row.value)) as Answered
      if (holder === from && releaseOf(manifest) === release) rows.push({ ...row, ask })
    }
    for (const { key } of rows) await tx.delete(answersIn.name, key)
    const again = rows[0] === undefined ? undefined : await recomputing.askAgain(tx, from, { request, ask: rows[0].ask })
    return { again, outcome: { release, outcome: 'purged', removed: rows.length === 0 ? [] : [{ what: 'answer', rows: rows.length, digest: toBase64Url(sha256(...rows.map(({ value }) => sha256(value)))) }] } }
  }

  const handlers: Record<string, Handler> = {
    'recall/1': async (envelope, tx) => {
      const { recall, releases } = recallMessages['recall/1'].parse(envelope.body)
      const removed: Awaited<ReturnType<typeof remove>>[] = []
      for (const release of releases) removed.push(await remove(tx, envelope.from, release))
      const again = Object.fromEntries(removed.flatMap((one) => one.again === undefined ? [] : [[one.outcome.release, one.again]]))
      await recallsIn.put(tx, [recall], { from: envelope.from, outcomes: removed.map(({ outcome }) => outcome), again, heard: clock.now(), purged: false })
      await parts.jobs.add(tx, 'recall', { recall })
      return {}
    },
  }

  /** The statement is signed after the purge, never before. */
  const runRecall: JobRunner = async (job, step) => {
    const recall = String(job.input['recall'])
    const known = await store.read((tx) => recallsIn.get(tx, recall))
    const tables = new Map<string, RecallIn['outcomes'][number]>()
    for (const { release } of known?.outcomes ?? []) {
      const table = await parts.holdings.recall(known?.from ?? '', release)
      if (table !== undefined) tables.set(release, 'assessedAt' in table ? { release, outcome: 'released-as-anonymous-on', removed: [], assessedAt: table.assessedAt } : { release, outcome: 'purged', removed: table.removed })
    }
    if (known?.purged === false) {
      await store.purgeFreeSpace()
      await store.write((tx) => recallsIn.put(tx, [recall], { ...known, purged: true }))
    }
    await step.finish(async (tx) => {
      const row = await recallsIn.get(tx, recall)
      if (row === undefined) throw nodeErrors.NOT_FOUND({ what: 'recall' })
      const outcomes: RecallIn['outcomes'][number][] = []
      for (const one of row.outcomes) outcomes.push(tables.get(one.release) ?? await recomputed(tx, row, one))
      const documents = outcomes.map((outcome) => signRecallStatement({ ...outcome, holder: row.from, height: Math.max(0, parts.follower.height()), at: clock.now() }, parts.signer))
      for (const document of documents) if (document.statement.outcome === 'purged') await parts.holdings.deleted(tx, document, 'CALLED_BACK')
      await parts.outbox.post(tx, { to: row.from, kind: 'recall-statement/1', body: { recall, documents } as unknown as Canonical })
      await recallsIn.delete(tx, recall)
    })
  }

  /** With what took its place, where it was asked for. Throws NODE_ANSWER_AWAITED. */
  async function recomputed(tx: WriteTransaction, { from, again, heard }: RecallIn, outcome: RecallIn['outcomes'][number]): Promise<RecallIn['outcomes'][number]> {
    const asked = again[outcome.release]
    const replacedBy = asked === undefined ? undefined : await recomputing.outcomeOf(tx, from, { ...asked, since: heard })
    return replacedBy === undefined ? outcome : { ...outcome, outcome: 'recomputed', replacedBy }
  }

  return {
    handlers,
    runners: { recall: runRecall },
    routes: [
      route({
        // A count is not anonymous because it is a count: a person says so, with a report, or it is removed.
        method: 'POST', path: '/staff/1/anonymity-assessments', body: assessmentDocument, roles: ['dpo'], needsSignature: true, refusals: [],
        summary: 'Notes that a person assessed a release as anonymous here, with the digest of her report.',
        answer: Exactly({ holder: MemberId, release: Id }),
        handle: async ({ key, body }) => {
          const { holder, release, report } = body
          await store.write((tx) => assessments.put(tx, [holder, release], { at: clock.now(), by: key, report }))
          return { holder, release }
        },
      }),
    ],
  }
}
