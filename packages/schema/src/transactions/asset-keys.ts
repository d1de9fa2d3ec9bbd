// What each asset is found by: the parts of its key after its own name, in their order. Some leading parts ask for a list, all of them for one value.
import type Type from 'typebox'
import { Digest, Id, MemberId, PublicKeyText } from './fields.ts'

const atHolder = { request: Id, holder: MemberId }

export const assetKeys = {
  operation: { operation: Id },
  network: {},
  member: { member: MemberId },
  'member-key': { key: PublicKeyText },
  'admission-application': { member: MemberId },
  admission: { member: MemberId, by: MemberId },
  suspension: { member: MemberId, by: MemberId },
  reinstatement: { member: MemberId, by: MemberId },
  staff: { member: MemberId, key: PublicKeyText },
  subject: { holder: MemberId, subject: Id },
  key: { holder: MemberId, key: PublicKeyText },
  consent: { holder: MemberId, subject: Id },
  'opt-out': { holder: MemberId, subject: Id },
  dataset: { holder: MemberId, dataset: Id },
  request: { request: Id },
  'request-answer': atHolder,
  release: { ...atHolder, release: Id },
  private: { member: MemberId, keyHash: Digest },
  'use-request': { request: Id },
  'use-request-answer': atHolder,
  permit: { request: Id },
  agreement: atHolder,
  'use-release': { ...atHolder, release: Id },
  'release-assessment': { ...atHolder, release: Id },
  'release-deletion': { ...atHolder, release: Id },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Type.TSchema>>>>
export type AssetName = keyof typeof assetKeys
