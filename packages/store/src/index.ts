// The node's ordered key-value store port and its contract suite (in `testing/`).
export type { Entry, Range, ReadTransaction, Store, WriteTransaction } from './store.ts'
