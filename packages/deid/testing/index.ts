// Suites that models run against themselves; imported by tests only.
export { brokenClaim, viewOf, worldOf } from './model-claims.ts'
export type { World } from './model-claims.ts'
