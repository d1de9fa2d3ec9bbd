// The sample network's certificates and clients over real mutual TLS, and a folder written without an engine, for tests and benches of other rooms.
export { clientOf, sampleMembers, sampleTls } from './sample-members.ts'
export type { SampleTls } from './sample-members.ts'
export { damageRun } from './damage-run.ts'
export { killRun } from './kill-run.ts'
export { seeded } from './seeded.ts'
export { beginDatabase, blockKey, blockValue, openDatabase, writeBatch } from '../src/folder.ts'
export { overlayWrites, stateOperations } from '../src/state.ts'
export type { StateWrite } from '../src/state.ts'
