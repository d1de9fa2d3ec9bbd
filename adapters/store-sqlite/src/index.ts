// The store port on `node:sqlite`: one file, write-ahead log, every commit synced.
export { openSqliteStore } from './sqlite-store.ts'
