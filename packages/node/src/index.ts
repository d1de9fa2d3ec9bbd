// The node's composition root. Its folder (`@mhmd/node/home`) and the network file (`@mhmd/node/network`) load without it.
export { startNode } from './node.ts'
export type { NodeOptions, RunningNode } from './node.ts'
export type { StoreChoice } from './open-store.ts'
export { startLedger } from './ledger.ts'
export type { RunningLedger } from './ledger.ts'
export { nodeErrors } from './errors.ts'
