// What tests of other packages may use: the contract suite for adapters, and a store in memory.
export { memoryStore } from './memory-store.ts'
export { storeSuite } from './store-suite.ts'
export type { StoreUnderTest } from './store-suite.ts'
