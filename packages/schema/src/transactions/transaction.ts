// The outer shape of a transaction; its payload is checked by the operation it names.
import Type from 'typebox'
import { Digest, Exactly, Id, MemberId, PublicKeyText, SignatureText, Time } from './fields.ts'

export const TransactionShape = Exactly({
  network: Digest,
  contract: Type.String({ pattern: '^[a-z][a-z-]{1,30}@[1-9][0-9]{0,3}$' }),
  operation: Type.String({ pattern: '^[a-z][a-z-]{1,30}$' }),
  operationId: Id,
  submitter: MemberId,
  time: Time,
  payload: Type.Unknown(),
  key: PublicKeyText,
  signature: SignatureText,
})

/** State of `('operation', operationId)`: which attempt took effect. */
export const OperationState = Exactly({ transaction: Digest, contract: TransactionShape.properties.contract, operation: TransactionShape.properties.operation })
export type OperationState = Type.Static<typeof OperationState>
