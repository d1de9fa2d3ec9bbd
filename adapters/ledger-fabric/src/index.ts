// The ledger engine on Hyperledger Fabric: a network of processes, the chaincode, and the port's client over the gateway.
export { fabricErrors } from './errors.ts'
export { fabricPrograms } from './network/programs.ts'
export { CHAINCODE, startFabricNetwork } from './network/start.ts'
export type { FabricNetwork } from './network/start.ts'
export type { PeerConnection } from './client/gateway.ts'
export type { NetworkPlan } from './network/layout.ts'
export { fabricLedger } from './client/client.ts'
export type { FabricLedgerOptions } from './client/client.ts'
