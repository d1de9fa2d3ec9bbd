// The node's ordered key-value store port and its contract suite (in `testing/`).
export type { Entry, Range, ReadTransaction, Store, WriteTransaction } from './store.ts'
export { checkTable, storeErrors } from './errors.ts'
export { compareBytes, keyBounds, successor } from './key-range.ts'
export type { KeyBounds } from './key-range.ts'
export { writeQueue } from './write-queue.ts'
export type { WriteQueue } from './write-queue.ts'
