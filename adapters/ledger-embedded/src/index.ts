// The one-process ledger engine on LevelDB, its HTTP routes and its client.
export { Engine, TIME_WINDOW_MS } from './engine.ts'
export type { EngineOptions } from './engine.ts'
export { ledgerRoutes } from './routes.ts'
export { embeddedLedgerClient } from './client.ts'
export type { EmbeddedLedgerClientOptions } from './client.ts'
export { verifyFolder } from './verify-folder.ts'
