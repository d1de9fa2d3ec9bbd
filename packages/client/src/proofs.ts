// Proofs of what a holder's ledger entry says about her: fetched with the key that she is known by there, to be checked offline by anybody.
import { decisionKey, linkWith } from '@mhmd/accounts'
import type { Device } from './citizen.ts'
import { peopleClient } from './people-client.ts'

/** The proof as the holder made it; `verifyProof` of @mhmd/ledger says what it is worth. Throws the holder's LEDGER_NOT_IN_LOG. */
export function proofOf(device: Device, { holder, operationId }: { readonly holder: string; readonly operationId: string }): Promise<unknown> {
  const { state, seed, addressOf, clock, randomness, fetch } = device
  const key = decisionKey(seed, holder, linkWith(state, holder).generation)
  return peopleClient({ baseUrl: addressOf(holder), key, clock, randomness, ...(fetch === undefined ? {} : { fetch }) }).get(`/people/1/proofs/${encodeURIComponent(operationId)}`)
}
