// The access log as people see it: she reads hers, the auditor the one without people; each entry a FHIR R4 AuditEvent (hl7.org/fhir/R4/auditevent.html).
import Type from 'typebox'
import type { Access, AccessLog, AccessRun } from './access-log.ts'
import { pageAnswer, searchQuery } from './paging.ts'
import { Exactly, Id, MemberId } from './people-answers.ts'
import { citizenRefusals } from './people-refusals.ts'
import { route } from './people.ts'
import type { Merges } from './patient-merges.ts'
import type { PeopleRoute } from './people.ts'
import { ProvenanceShown } from './provenance.ts'
import type { Intake } from './withdrawal-intake.ts'

const Coding = Exactly({ system: Type.String(), code: Type.String(), display: Type.Optional(Type.String()) })
const Named = Exactly({ identifier: Exactly({ system: Type.String(), value: Type.String() }) })
const AuditEventShown = Exactly({
  resourceType: Type.Literal('AuditEvent'), id: Id, type: Coding, action: Type.Literal('R'), recorded: Type.String(), outcome: Type.Literal('0'),
  purposeOfEvent: Type.Array(Exactly({ coding: Type.Array(Coding) })),
  agent: Type.Array(Exactly({ who: Named, requestor: Type.Boolean() })),
  source: Exactly({ observer: Named }),
  entity: Type.Array(Exactly({ what: Type.Optional(Named), type: Coding, detail: Type.Optional(Type.Array(Exactly({ type: Type.String(), valueString: Type.String() }))) })),
})

const member = (id: string): object => ({ identifier: { system: 'urn:mhmd:member', value: id } })

/** The entry as FHIR has it; `people` for the auditor alone. */
function auditEvent(access: Access | AccessRun, holder: string): object {
  const details = { basis: access.basis, form: access.form, 'ledger-height': access.height, ...('people' in access ? { people: access.people } : {}) }
  return {
    resourceType: 'AuditEvent', id: access.id,
    type: { system: 'http://dicom.nema.org/resources/ontology/DCM', code: '110112', display: 'Query' },
    action: 'R', recorded: new Date(access.at).toISOString(), outcome: '0',
    purposeOfEvent: [{ coding: [{ system: 'urn:mhmd:purpose', code: access.purpose }] }],
    agent: [{ who: member(access.by), requestor: true }, ...(access.by === holder ? [] : [{ who: member(holder), requestor: false }])],
    source: { observer: member(holder) },
    entity: [
      {
        what: { identifier: { system: 'urn:mhmd:request', value: access.request } },
        type: { system: 'http://terminology.hl7.org/CodeSystem/audit-entity-type', code: '2', display: 'System Object' },
        detail: Object.entries(details).map(([type, value]) => ({ type, valueString: String(value) })),
      },
      ...access.kinds.map((code) => ({ type: { system: 'http://hl7.org/fhir/resource-types', code } })),
    ],
  }
}

export function accessRoutes({ holder, log, intake, merges, nameOf, origins }: { holder: string; log: AccessLog; nameOf: (member: string) => string; intake: Intake; merges: Pick<Merges, 'membersOf'>; origins: (subjects: readonly string[]) => Promise<readonly object[]> }): PeopleRoute[] {
  const answer = Exactly({ holder: MemberId, events: Type.Array(AuditEventShown) })
  const shown = (entries: readonly (Access | AccessRun)[]): object => ({ holder, events: entries.map((entry) => auditEvent(entry, holder)) })
  return [
    route({
      method: 'GET', path: '/people/1/access-log', roles: ['citizen'], refusals: citizenRefusals, answer: Exactly({ ...answer.properties, imports: Type.Array(ProvenanceShown) }),
      summary: 'Every reading of her records here: who, for what, on which basis, which kinds of records and when; and the imports that brought them; newest first.',
      handle: async ({ key }) => {
        const subjects = merges.membersOf((await intake.subjectOf(key)).subject)
        const entries = await Promise.all(subjects.map((subject) => log.of(subject)))
        return { ...shown(entries.flat().sort((a, b) => b.at - a.at)), imports: await origins(subjects) }
      },
    }),
    route({
      method: 'GET', path: '/staff/1/access-log', roles: ['auditor', 'dpo'], query: searchQuery(), refusals: [], answer: pageAnswer('events', AuditEventShown, { holder: MemberId }),
      summary: 'Readings of records at this holder without the people: one event a reading, with how many people were opened; newest first.',
      handle: async ({ query }) => {
        const { rows, next } = await log.runs(query, nameOf)
        return { ...shown(rows), next }
      },
    }),
  ]
}
