// Loaded before every test file: gives all property tests the run's seed, so that a failure can be repeated exactly.
import { configureGlobal } from 'fast-check'

const seed = Number(process.env['FC_SEED'])
if (!Number.isSafeInteger(seed)) throw new Error('FC_SEED must be a whole number; `npm test` sets it')
configureGlobal({ seed })
