// Where records came from, as FHIR R4 has it (hl7.org/fhir/R4/provenance.html): each import for staff, and for her those that brought records of hers.
import { ordinal } from '@mhmd/base'
import type { ReadTransaction, Store } from '@mhmd/store'
import type { Vault } from '@mhmd/vault'
import Type from 'typebox'
import { importsKept } from './import-runs.ts'
import type { ImportRecord } from './import-runs.ts'
import { newestFirst, pageAnswer, pageOf, pageQuery } from './paging.ts'
import { Count, Exactly, Id, MemberId } from './people-answers.ts'
import { route } from './people.ts'
import type { PeopleRoute } from './people.ts'

const Coded = Exactly({ coding: Type.Array(Exactly({ system: Type.String(), code: Type.String() })) })
const Named = Exactly({ identifier: Exactly({ system: Type.String(), value: Type.String() }) })
export const ProvenanceShown = Exactly({
  resourceType: Type.Literal('Provenance'), id: Id,
  extension: Type.Array(Exactly({ url: Type.String(), extension: Type.Array(Exactly({ url: Type.String(), valueUnsignedInt: Count })) })),
  target: Type.Array(Named), occurredPeriod: Exactly({ start: Type.String(), end: Type.String() }), recorded: Type.String(), activity: Coded,
  agent: Type.Array(Exactly({ type: Coded, who: Named })),
  entity: Type.Optional(Type.Array(Exactly({ role: Type.Literal('source'), what: Named }))),
})

const named = (what: string, value: string): object => ({ identifier: { system: `urn:mhmd:${what}`, value } })
const coded = (system: string, code: string): object => ({ coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code }] })
const agent = (role: string, who: object): object => ({ type: coded('provenance-participant-type', role), who })
const time = (at: number): string => new Date(at).toISOString()

/** The import as a Provenance; its target is what it brought, counted in an extension, since a record's id is its source's. */
function provenance({ id, began, ended, by, digests }: ImportRecord, holder: string, counts: Readonly<Record<string, number>>): object {
  return {
    resourceType: 'Provenance', id,
    extension: [{ url: 'urn:mhmd:import-counts', extension: Object.entries(counts).map(([url, valueUnsignedInt]) => ({ url, valueUnsignedInt })) }],
    target: [named('import', id)], occurredPeriod: { start: time(began), end: time(ended) }, recorded: time(ended), activity: coded('v3-DataOperation', 'CREATE'),
    agent: [...(by === null ? [] : [agent('enterer', named('staff-key', by))]), agent('custodian', named('member', holder))],
    ...(digests.length === 0 ? {} : { entity: digests.map((digest) => ({ role: 'source', what: named('sha-256', digest) })) }),
  }
}

/** Of the imports that brought records under these pseudonyms of one person, newest first; who sent the file is the hospital's affair. */
export async function provenanceOf(subjects: readonly string[], { store, vault, holder }: { store: Store; vault: Pick<Vault, 'origins'>; holder: string }): Promise<readonly object[]> {
  const records = new Map<string, number>()
  for (const { import: id, records: count } of (await Promise.all(subjects.map((subject) => vault.origins(subject)))).flat()) records.set(id, (records.get(id) ?? 0) + count)
  const found = await store.read((tx) => Promise.all([...records.keys()].map((id) => importsKept.get(tx, id))))
  return found.filter((one) => one !== undefined).sort((a, b) => b.ended - a.ended).map((one) => provenance({ ...one, by: null }, holder, { records: records.get(one.id) ?? 0 }))
}

/** Of one import for staff, with what it counted; undefined until it is over. */
export async function provenanceOfImport(tx: ReadTransaction, id: string, holder: string): Promise<object | undefined> {
  const kept = await importsKept.get(tx, id)
  return kept === undefined ? undefined : withCounts(kept, holder)
}

const withCounts = (one: ImportRecord, holder: string): object => provenance(one, holder, { read: one.read, added: one.added, changed: one.changed, unchanged: one.unchanged, quarantined: one.quarantined })

export function provenanceRoutes({ store, holder }: { store: Store; holder: string }): PeopleRoute[] {
  return [
    route({
      method: 'GET', path: '/staff/1/provenance', roles: ['steward', 'dpo', 'auditor'], query: pageQuery(), refusals: [],
      summary: 'Where the records here came from: one Provenance an import, with who sent it, when, the digests of its files and what it counted; newest first.',
      answer: pageAnswer('provenance', ProvenanceShown, { holder: MemberId }),
      handle: async ({ query }) => {
        const all = await store.read((tx) => importsKept.list(tx))
        const { rows, next } = await pageOf(query, { rows: newestFirst(all.map(({ value }) => ({ key: [ordinal(value.ended), value.id], value }))) })
        return { holder, provenance: rows.map((one) => withCounts(one, holder)), next }
      },
    }),
  ]
}
