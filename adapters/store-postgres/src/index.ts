// The store port on PostgreSQL: one table per store table, serialisable transactions, several processes on one database.
export { openPostgresStore } from './postgres-store.ts'
