// The node's composition root: its folder, its network file, and how it starts.
export { initHome, joinHome, readApplication, readConfig, readNetwork, readSecrets, homePaths } from './home.ts'
export type { NodeConfig, NodeSecrets } from './home.ts'
export { foundNetwork, parseMember, parseNetwork } from './network.ts'
export { startNode } from './node.ts'
export type { NodeOptions, RunningNode } from './node.ts'
export { startLedger } from './ledger.ts'
export type { RunningLedger } from './ledger.ts'
export { nodeErrors } from './errors.ts'
