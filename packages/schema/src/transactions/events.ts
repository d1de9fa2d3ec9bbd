// What transactions tell: the schema of each event by its name. Ids, codes, versions and counts only.
import Type from 'typebox'
import { ConsentDecision, DeskDeclaration } from './decisions.ts'
import { Digest, Exactly, Height, Id, MemberId, Version } from './fields.ts'
import { MemberRecord } from './participants.ts'
import { procedureStates } from './procedure.ts'
import { sharingStates } from './sharing.ts'

const decided = Exactly({ holder: ConsentDecision.properties.holder, subject: Id, version: Version })
const voted = Exactly({ member: MemberId, by: MemberId })
const ofHolder = { request: Id, holder: MemberId }
const ofRelease = { ...ofHolder, release: Id }
const { 'use-request': useRequest, 'use-request-answer': useAnswer, permit, agreement, 'release-assessment': assessment } = procedureStates
/** `VALID`, or why an item of a batch was refused. */
const ItemCode = Type.String({ pattern: '^(?:VALID|CONTRACT(?:_[A-Z]{2,20}){1,6})$', title: 'ItemCode', description: 'VALID, or the code by which an item of a batch was refused.' })

export const eventSchemas = {
  genesis: Exactly({ network: Digest }),
  proposed: Exactly({ member: MemberId, application: Digest }),
  admission: voted,
  admitted: Exactly({ member: MemberId }),
  suspension: voted,
  reinstatement: voted,
  standing: Exactly({ member: MemberId, state: MemberRecord.properties.state, version: Version }),
  rotated: Exactly({ member: MemberId, version: Version }),
  staff: Exactly({ member: MemberId, keys: Type.Integer({ minimum: 1, maximum: 100 }) }),
  enrolled: decided,
  'key-replaced': decided,
  closed: decided,
  consent: decided,
  'opt-out': decided,
  desk: Exactly({ ...decided.properties, kind: DeskDeclaration.properties.kind }),
  item: Exactly({ operationId: Id, code: ItemCode }),
  dataset: Exactly({ holder: MemberId, dataset: Id, version: Version, state: sharingStates.dataset.properties.state }),
  request: Exactly({ request: Id, requester: MemberId }),
  'request-answer': Exactly({ ...ofHolder, state: sharingStates['request-answer'].properties.state, version: Version }),
  'request-closed': Exactly({ request: Id }),
  release: Exactly({ ...ofRelease, height: Height }),
  'private-put': Exactly({ member: MemberId, keyHash: Digest }),
  'private-purged': Exactly({ member: MemberId, keyHash: Digest }),
  'use-request': Exactly({ request: Id, requester: MemberId, state: useRequest.properties.state, version: Version }),
  'use-request-answer': Exactly({ ...ofHolder, state: useAnswer.properties.state, version: Version }),
  permit: Exactly({ request: Id, authority: MemberId, state: permit.properties.state, version: Version }),
  agreement: Exactly({ ...ofHolder, agreement: Id, state: agreement.properties.state, version: Version }),
  'use-release': Exactly({ ...ofRelease, height: Height }),
  'release-assessment': Exactly({ ...ofRelease, state: assessment.properties.state, version: Version }),
  'release-deletion': Exactly(ofRelease),
}
export type EventName = keyof typeof eventSchemas
export type EventPayload<N extends EventName> = Type.Static<(typeof eventSchemas)[N]>
