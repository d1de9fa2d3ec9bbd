// A witness for those who start one themselves: the devnet and tests.
export { initFolder, openState, policyLine, trustLog } from './folder.ts'
export { startWitness } from './serve.ts'
export type { RunningWitness } from './serve.ts'
