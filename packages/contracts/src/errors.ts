// Errors of this package: mistakes in a contract, or in a call; what a contract answers to a transaction is in `refusals.ts`.
import { defineErrors } from '@mhmd/base'

export const contractErrors = defineErrors('CONTRACT', {
  UNDECLARED_READ: { kind: 'bug', says: (d: { contract: string; operation: string }) => `${d.contract} ${d.operation} looked at state that it had not declared`, remedy: 'Name the key or prefix in `reads` or `readsNext`.' },
  UNDECLARED_WRITE: { kind: 'bug', says: (d: { contract: string; operation: string }) => `${d.contract} ${d.operation} wrote a key that it had not declared to read`, remedy: 'Name the key in `reads` or `readsNext`, so that engines see conflicts on it.' },
  PRIVATE_VALUE_SHORT: { kind: 'invalid', says: (d: { bytes: number }) => `A private value of ${d.bytes} bytes has no room for its random beginning`, remedy: 'Begin the value with 16 fresh random bytes.' },
})
