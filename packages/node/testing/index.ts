// For tests alone: what reads people's data inside a holder's running node.
export { insideOf } from '../src/node.ts'
export type { HolderInside } from '../src/holder.ts'
