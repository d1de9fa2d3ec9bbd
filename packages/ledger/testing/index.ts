// What tests and benches of other packages may use: the ledger port's contract suite, made-up chains, and a sample network with its transactions.
export { ledgerSuite } from './ledger-suite.ts'
export type { LedgerUnderTest } from './ledger-suite.ts'
export { ledgerOfBlocks, madeUpChain } from './made-up-chain.ts'
export { sampleId, sampleKey, sampleNetwork } from './sample-network.ts'
export type { SampleMember, SampleNetwork } from './sample-network.ts'
