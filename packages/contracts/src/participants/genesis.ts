// `genesis {document}`: the founders' network, once, submitted by one of them; its id is the document's digest.
import { GenesisPayload } from '@mhmd/schema'
import type { MemberRecord, NetworkDocument } from '@mhmd/schema'
import { applied, operation } from '../define-operation.ts'
import { memberRefusal } from '../members.ts'
import { refuse } from '../refusals.ts'
import { stateKeys } from '../state-keys.ts'
import { networkId } from '../statements.ts'
import { admittedWrites, memberKeyReads, newRecordRefusal } from './records.ts'

export const genesis = operation(GenesisPayload, {
  founding: true,
  reads: ({ document }) => ({ keys: document.founders.flatMap((founder) => [stateKeys.member(founder.id), ...memberKeyReads(founder)]) }),
  apply: ({ document }, tx) => {
    if (networkId(document) !== tx.network) return refuse('WRONG_NETWORK')
    const refusal = foundersRefusal(document) ?? memberRefusal(document.founders.find((founder) => founder.id === tx.submitter), tx.key, tx.time)
    if (refusal) return refusal
    const network = { key: stateKeys.network(), value: { id: tx.network, quorum: document.admissionQuorum } }
    return applied([network, ...document.founders.flatMap(admittedWrites)], 'genesis', { network: tx.network })
  },
})

function foundersRefusal({ founders, admissionQuorum }: NetworkDocument): ReturnType<typeof refuse> | undefined {
  if (!distinct(founders)) return refuse('DUPLICATE')
  if (admissionQuorum > founders.length) return refuse('BAD_QUORUM')
  return founders.map(newRecordRefusal).find((refusal) => refusal !== undefined)
}

function distinct(founders: readonly MemberRecord[]): boolean {
  const names = founders.flatMap((founder) => [`member ${founder.id}`, founder.signingKey, ...founder.tlsKeys])
  return new Set(names).size === names.length
}
