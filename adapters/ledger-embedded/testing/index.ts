// The sample network's certificates and clients over real mutual TLS, for tests and benches of other rooms.
export { clientOf, sampleMembers, sampleTls } from './sample-members.ts'
export type { SampleTls } from './sample-members.ts'
