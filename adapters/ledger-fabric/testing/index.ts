// What soaks and benches may use: a real network with load on it, its faults, what is sent past its programs, and the bare chaincode to compare with.
export { attacks, faults } from './faults.ts'
export type { Outcome } from './faults.ts'
export { openGround } from './ground.ts'
export { groupIn, openPartition } from './partition.ts'
export { planFor } from './plan.ts'
export { bareGateway, startBare } from './bare.ts'
export { attempt, openGateway } from '../src/client/gateway.ts'
export type { OpenGateway } from '../src/client/gateway.ts'
