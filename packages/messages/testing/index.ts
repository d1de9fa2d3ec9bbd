// What tests of other packages may use: the contract suite for transports, and a transport in memory.
export { memoryTransport } from './memory-transport.ts'
export { transportSuite } from './transport-suite.ts'
export type { TransportsUnderTest } from './transport-suite.ts'
