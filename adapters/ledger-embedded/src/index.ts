// The one-process ledger engine on LevelDB, its HTTP routes and its client.
export { Engine, TIME_WINDOW_MS } from './engine.ts'
export type { EngineOptions } from './engine.ts'
