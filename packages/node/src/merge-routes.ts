// The desk's and the stewards' routes for merging patients and taking them apart again (decision 0022), and what follows for running decisions and for what left.
import { newId, ordinal } from '@mhmd/base'
import type { Clock, Randomness } from '@mhmd/base'
import type { DecisionKind } from '@mhmd/accounts'
import { stateKeys } from '@mhmd/contracts'
import type { Follower } from '@mhmd/ledger'
import { documentType } from '@mhmd/schema'
import type { DecisionState } from '@mhmd/schema'
import type { Store } from '@mhmd/store'
import Type from 'typebox'
import type { HolderVault } from './holder-vault.ts'
import { tellsOfMerge } from './notices.ts'
import { newestFirst, pageAnswer, pageOf, pageQuery } from './paging.ts'
import { endReasons, mergeReasons } from './patient-merges.ts'
import type { Merge, MergeListener, Merges } from './patient-merges.ts'
import { Count, Exactly, Id, OrNull, PublicKeyText, When } from './people-answers.ts'
import { route } from './people.ts'
import type { PeopleRoute } from './people.ts'
import { closes } from './signed-records.ts'
import type { SignedRecord, SignedRecords } from './signed-records.ts'
import type { Standing } from './standing.ts'
import type { StatementTables } from './statements.ts'

const closed = { additionalProperties: false } as const
const Patient = Type.Object({ system: Type.String({ minLength: 1, maxLength: 500 }), value: Type.String({ minLength: 1, maxLength: 200 }) }, closed)
const patientDocument = documentType('merged-patient', Patient)
const Reason = Type.Enum([...mergeReasons])
const EndReason = Type.Enum([...endReasons])
const mergeDocument = documentType('patient-merge', Type.Object({ patient: Patient, into: Patient, reason: Reason }, closed))
const acceptanceDocument = documentType('merge-acceptance', Type.Object({ stays: Type.Enum(['patient', 'other']), reason: Reason }, closed))
const endQuery = documentType('merge-end', Exactly({ reason: EndReason }))
const states = ['merged', 'ended', 'proposed', 'declined'] as const

/** No pseudonym, and no identifier but the references by which the source's own link named the two. */
const MergeShown = Exactly({
  id: Id, at: When, origin: Type.Enum(['staff', 'source']), state: Type.Enum([...states]), by: OrNull(PublicKeyText), reason: OrNull(Reason),
  ended: OrNull(Exactly({ at: When, origin: Type.Enum(['staff', 'source']), by: OrNull(PublicKeyText), reason: OrNull(EndReason) })),
  link: OrNull(Exactly({ patient: Type.String(), other: Type.String() })),
})
const shown = ({ id, at, origin, state, by, reason, ended, link }: Merge): object => ({
  id, at, origin, state, by: by ?? null, reason: reason ?? null, link: link ?? null, ended: ended === undefined ? null : { at: ended.at, origin: ended.origin, by: ended.by ?? null, reason: ended.reason ?? null },
})

export function mergeRoutes({ store, merges, vault }: { store: Store; merges: Merges; vault: HolderVault }): PeopleRoute[] {
  const subjectOf = ({ system, value }: { system: string; value: string }): Promise<string> => vault.find(system, value)
  return [
    route({
      method: 'POST', path: '/staff/1/merges', body: mergeDocument, roles: ['steward', 'desk'], refusals: ['NODE_SUBJECT_UNKNOWN', 'NODE_STATE'],
      summary: 'Says that two patients here are one person: an objection to either counts for both, and no consent widens. `into` is the one that stays.',
      answer: MergeShown,
      handle: async ({ key, body }) => shown(await merges.merge({ from: await subjectOf(body.patient), into: await subjectOf(body.into), origin: 'staff', by: key, reason: body.reason })),
    }),
    route({
      method: 'GET', path: '/staff/1/merges', roles: ['steward', 'desk', 'dpo', 'auditor'], query: pageQuery({ state: Type.Optional(Type.Enum([...states])) }), refusals: [],
      summary: 'Merges of patients here, by staff or by links of the record system, those that ended and those that it proposes; newest first.',
      answer: pageAnswer('merges', MergeShown),
      handle: async ({ query }) => {
        const all = await store.read((tx) => merges.list(tx))
        const { rows, next } = await pageOf<Merge>(query, { rows: newestFirst(all.map((value) => ({ key: [ordinal(value.at), value.id], value }))), isOfList: ({ state }) => query['state'] === undefined || state === query['state'] })
        return { merges: rows.map(shown), next }
      },
    }),
    route({
      method: 'POST', path: '/staff/1/merges/:id/acceptance', body: acceptanceDocument, roles: ['steward', 'desk'], refusals: ['NODE_STATE'],
      summary: 'Merges the two patients of a proposal of the record system; of the two that its link names, `stays` is the one that stays.',
      answer: MergeShown,
      handle: async ({ key, params, body }) => shown(await merges.accept(params['id'] ?? '', { by: key, ...body })),
    }),
    route({
      method: 'POST', path: '/staff/1/merges/search', body: patientDocument, roles: ['steward', 'desk'], refusals: ['NODE_SUBJECT_UNKNOWN'],
      summary: 'Merges that a patient is part of, found by her identifier, and under how many numbers she stands here now.',
      answer: Exactly({ numbers: Count, merges: Type.Array(MergeShown) }),
      handle: async ({ body }) => {
        const members = merges.membersOf(await subjectOf(body))
        const all = await store.read((tx) => merges.list(tx))
        return { numbers: members.length, merges: all.filter(({ from, into }) => members.includes(from) || members.includes(into)).map(shown) }
      },
    }),
    route({
      method: 'DELETE', path: '/staff/1/merges/:id', query: endQuery, roles: ['steward', 'desk'], refusals: ['NODE_STATE'],
      summary: 'Ends a merge: each patient is again what she was without it; what left by a consent of the other is called back. Or declines what the record system proposes.',
      answer: MergeShown,
      handle: async ({ key, params, query: { reason } }) => shown(await merges.end(params['id'] ?? '', { origin: 'staff', by: key, reason: reason as typeof endReasons[number] })),
    }),
  ]
}

/** Ends every decision about them that was made before, and gives each of their own another look at what left. */
export function mergeListener(parts: { holder: string; follower: Follower; records: SignedRecords; statements: StatementTables; standing: Standing; clock: Clock; randomness: Randomness }): MergeListener {
  const { holder, follower, records, clock } = parts
  return {
    inTransaction: async (tx, _merge, members) => {
      const look = { id: newId(parts.randomness), members }
      for (const subject of members) {
        for (const kind of ['consent', 'opt-out'] satisfies DecisionKind[]) {
          const record = await records.newest(tx, kind, subject)
          const onLedger = await follower.latest(kind === 'consent' ? stateKeys.consent(holder, subject) : stateKeys.optOut(holder, subject)) as DecisionState | undefined
          const version = Math.max(record?.statement.version ?? 0, onLedger?.version ?? 0)
          if (version > 0 && reachesOthers(record)) await parts.statements.note(tx, { subject, kind, version, operationId: record?.statement.operationId ?? null, heard: clock.now(), merge: look })
        }
      }
    },
    // After the commit: whoever resolves from now on knows of it, whoever resolved before is stopped. Of members that are apart now, each is closed.
    afterwards: (members) => members.forEach((member) => parts.standing.close(member)),
  }
}

/** Whether a decision concerns more than its own pseudonym: it closes, forbids, or was signed for all of them. Without the record, it may. */
function reachesOthers(record: SignedRecord | undefined): boolean {
  if (record === undefined || closes(record) || tellsOfMerge(record.opening.content.notice)) return true
  return (record.opening.content.terms?.prohibitions.length ?? 0) > 0
}
