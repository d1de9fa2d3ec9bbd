// For tests and benches: a ledger played in memory.
export { PlayedLedger, START, askedId, manyDecisions, playedLedger, playedNetwork } from './played-ledger.ts'
