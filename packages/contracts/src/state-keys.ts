// The keys of the ledger's state: one function a kind, so that nobody writes a tuple by hand.
import type { Key } from '@mhmd/base'

export const stateKeys = {
  network: (): Key => ['network'],
  operation: (operationId: string): Key => ['operation', operationId],
  member: (member: string): Key => ['member', member],
  /** Whose a signing or TLS key is; never given to another member, not even after rotation. */
  memberKey: (key: string): Key => ['member-key', key],
  application: (member: string): Key => ['admission-application', member],
  admission: (member: string, admitter: string): Key => ['admission', member, admitter],
  suspension: (member: string, voter: string): Key => ['suspension', member, voter],
  reinstatement: (member: string, voter: string): Key => ['reinstatement', member, voter],
  staff: (member: string, key: string): Key => ['staff', member, key],
  subject: (holder: string, subject: string): Key => ['subject', holder, subject],
  subjectKey: (holder: string, key: string): Key => ['key', holder, key],
  consent: (holder: string, subject: string): Key => ['consent', holder, subject],
  optOut: (holder: string, subject: string): Key => ['opt-out', holder, subject],
  dataset: (holder: string, dataset: string): Key => ['dataset', holder, dataset],
  request: (request: string): Key => ['request', request],
  requestAnswer: (request: string, holder: string): Key => ['request-answer', request, holder],
  release: (request: string, holder: string, release: string): Key => ['release', request, holder, release],
  useRequest: (request: string): Key => ['use-request', request],
  useAnswer: (request: string, holder: string): Key => ['use-request-answer', request, holder],
  permit: (request: string): Key => ['permit', request],
  agreement: (request: string, holder: string): Key => ['agreement', request, holder],
  useRelease: (request: string, holder: string, release: string): Key => ['use-release', request, holder, release],
  assessment: (request: string, holder: string, release: string): Key => ['release-assessment', request, holder, release],
  deletion: (request: string, holder: string, release: string): Key => ['release-deletion', request, holder, release],
  privateValue: (member: string, keyHash: string): Key => ['private', member, keyHash],
} as const
