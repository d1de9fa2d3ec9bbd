// Erasure (Regulation (EU) 2016/679, Art. 17): her records and what she signed end with her key; what was released is called back; the statement follows the purge.
import { withdrawalStatementDocument } from '@mhmd/accounts'
import type { Removed, SignedWithdrawalStatement } from '@mhmd/accounts'
import { newId } from '@mhmd/base'
import type { Clock, Randomness } from '@mhmd/base'
import { forgetSubject } from '@mhmd/release'
import { documentType } from '@mhmd/schema'
import type { ReadTransaction, Store } from '@mhmd/store'
import type { Vault } from '@mhmd/vault'
import Type from 'typebox'
import type { AccessLog } from './access-log.ts'
import { nodeErrors } from './errors.ts'
import type { HolderVault } from './holder-vault.ts'
import type { JobRunner, Jobs } from './jobs.ts'
import type { NodePart } from './node-part.ts'
import { Exactly, Id, OrNull, When } from './people-answers.ts'
import { citizenRefusals } from './people-refusals.ts'
import { route } from './people.ts'
import type { Merges } from './patient-merges.ts'
import type { ReleasesKept } from './releases-kept.ts'
import { sealedTable } from './sealed-table.ts'
import type { SignedRecords } from './signed-records.ts'
import type { Standing } from './standing.ts'
import type { Act, StatementTables } from './statements.ts'
import type { Intake } from './withdrawal-intake.ts'

/** An erasure under way or done. */
interface Erasure {
  readonly subject: string
  readonly operationId: string
  readonly asked: number
}

/** An erasure as she is told of it: `done` is null until the statement follows the purge. */
export interface Erased {
  readonly asked: number
  readonly done: number | null
}

const closed = { additionalProperties: false } as const
const confirmDocument = documentType('erasure', Type.Object({ confirm: Type.Literal('erase my records kept here') }, closed))
const staffErasureDocument = documentType('staff-erasure', Type.Object({ system: Type.String({ minLength: 1, maxLength: 500 }), value: Type.String({ minLength: 1, maxLength: 200 }) }, closed))

export function createErasures(parts: {
  store: Store
  jobs: Jobs
  vault: Vault
  holderVault: HolderVault
  accessLog: AccessLog
  records: SignedRecords
  releases: ReleasesKept
  statements: StatementTables
  standing: Standing
  intake: Intake
  merges: Pick<Merges, 'membersOf' | 'forget'>
  nodeKey: Uint8Array
  countSecret: Uint8Array
  clock: Clock
  randomness: Randomness
}): Required<Pick<NodePart, 'routes' | 'runners'>> & {
  /** Whether everything of hers here was erased, under whichever of her pseudonyms, or is to be; null where nobody asked. */
  erasedOf(subject: string): Promise<Erased | null>
} {
  const { store, vault, clock, statements } = parts
  const erasures = sealedTable<Erasure>('erasures', parts.nodeKey)
  /** By subject: her newest one, looked for whenever her key asks for anything. */
  const newest = sealedTable<{ readonly erasure: string }>('newest-erasures', parts.nodeKey)

  /** All her pseudonyms at once, each with a job and a statement of its own; the first is the one asked for. */
  async function ask(asked: string): Promise<{ erasure: string }> {
    const subjects = parts.merges.membersOf(asked)
    const before = await Promise.all(subjects.map(askedBefore))
    const all = subjects.map((subject, at) => ({ subject, erasure: before[at] ?? newId(parts.randomness), isNew: before[at] === undefined }))
    await store.write(async (tx) => {
      for (const { subject, erasure } of all.filter(({ isNew }) => isNew)) {
        await erasures.put(tx, [erasure], { subject, operationId: erasure, asked: clock.now() })
        await newest.put(tx, [subject], { erasure })
        await parts.jobs.add(tx, 'erasure', { erasure })
      }
    })
    parts.standing.close(asked)
    return { erasure: all[0]?.erasure ?? '' }
  }

  const statementOf = async (tx: ReadTransaction, subject: string): Promise<SignedWithdrawalStatement | undefined> =>
    (await statements.given(tx, subject)).find(({ document }) => document.statement.kind === 'erasure')?.document

  const newestOf = async (tx: ReadTransaction, subject: string): Promise<Erasure | undefined> => {
    const found = await newest.get(tx, subject)
    return found && erasures.get(tx, found.erasure)
  }

  const erasedOf = (subject: string): Promise<Erased | null> => store.read(async (tx) => {
    const row = await newestOf(tx, subject)
    if (row === undefined) return null
    const done = await Promise.all(parts.merges.membersOf(subject).map(async (member) => (await statementOf(tx, member))?.statement.at ?? null))
    return { asked: row.asked, done: done.reduce((last, at) => last === null || at === null ? null : Math.max(last, at)) }
  })

  /** The erasure that was asked for already, unless something of her has come in since. */
  const askedBefore = (subject: string): Promise<string | undefined> => store.read(async (tx) => {
    const row = await newestOf(tx, subject)
    const isBack = await statementOf(tx, subject) !== undefined && [...await vault.footprint(tx, subject), ...await parts.records.footprint(tx, subject)].length > 0
    return isBack ? undefined : row?.operationId
  })

  /** Her pseudonyms, once none of them has records: what joins them is of no more use. While one is still to be erased the others' opt-outs stand for it. */
  async function goneOf(subject: string): Promise<readonly string[]> {
    const members = parts.merges.membersOf(subject)
    const held = await Promise.all(members.map((one) => vault.has(one)))
    return held.includes(true) ? [] : members
  }

  const actOf = (row: Erasure, erasure: NonNullable<Act['erasure']>): Act => ({ subject: row.subject, kind: 'erasure', version: 1, operationId: row.operationId, heard: row.asked, erasure })

  /** First what can be told of her is written down as digests and taken out of the node's own tables, then her key and records end, then free space; the statement waits for all of it. */
  const runErasure: JobRunner = async (job, step) => {
    const row = await store.read((tx) => erasures.get(tx, String(job.input['erasure'])))
    if (row === undefined) throw nodeErrors.NOT_FOUND({ what: 'erasure' })
    const { subject } = row
    const planned = await store.write(async (tx) => {
      // Taken up again after a kill, or asked for twice: what was written down first counts.
      const before = (await statements.pending(tx)).find((act) => act.subject === subject && act.kind === 'erasure')
      if (before?.erasure !== undefined) return before.erasure
      const removed: Removed[] = [...await vault.footprint(tx, subject), ...await parts.records.footprint(tx, subject), ...await parts.accessLog.footprint(tx, subject)]
      const plan = { removed, releases: (await parts.releases.considering(tx, subject)).map((release) => release.id), done: false }
      await statements.note(tx, actOf(row, plan))
      await parts.records.forget(tx, subject)
      await parts.accessLog.forget(tx, subject)
      await parts.releases.forget(tx, subject)
      await forgetSubject(tx, subject, parts.countSecret)
      return plan
    })
    await vault.erase([subject])
    // The vault purges after it erased; a subject without records has nothing to erase there, and what the node itself held is purged here.
    await store.purgeFreeSpace()
    parts.standing.close(subject)
    await step.finish(async (tx) => {
      // What came in between is of a key that is gone.
      await parts.records.forget(tx, subject)
      await parts.accessLog.forget(tx, subject)
      await parts.merges.forget(tx, await goneOf(subject))
      if (await statementOf(tx, subject) === undefined) await statements.update(tx, actOf(row, { ...planned, done: true }))
    })
  }

  return {
    erasedOf,
    runners: { erasure: runErasure },
    routes: [
      route({
        method: 'POST', path: '/people/1/erasure', body: confirmDocument, roles: ['citizen'], refusals: citizenRefusals,
        summary: 'Erases everything this holder keeps about her here; it can\'t be taken back.',
        answer: Exactly({ erasure: Id }),
        handle: async ({ key }) => ask((await parts.intake.subjectOf(key)).subject),
      }),
      route({
        method: 'POST', path: '/staff/1/erasures', body: staffErasureDocument, roles: ['dpo'], needsSignature: true, refusals: ['NODE_SUBJECT_UNKNOWN'],
        summary: 'Erases a patient\'s records, found by her identifier, at her request to the data protection officer.',
        answer: Exactly({ erasure: Id }),
        handle: async ({ body }) => ask(await parts.holderVault.find(body.system, body.value)),
      }),
      route({
        method: 'GET', path: '/staff/1/erasures/:id', roles: ['dpo'], refusals: [],
        summary: 'An erasure: when it was asked for, and its statement once it is done.',
        answer: Exactly({ asked: When, document: OrNull(withdrawalStatementDocument.schema) }),
        handle: async ({ params }) => {
          const row = await store.read((tx) => erasures.get(tx, params['id'] ?? ''))
          if (row === undefined) throw nodeErrors.NOT_FOUND({ what: 'erasure' })
          return { asked: row.asked, document: await store.read((tx) => statementOf(tx, row.subject)) ?? null }
        },
      }),
    ],
  }
}
