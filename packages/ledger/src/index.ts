// The ledger port, the follower with its derived log, and proofs; the contract suite is in `testing/`.
export type { Block, Committed, Head, Ledger, PrivateValue, Receipt } from './port.ts'
