#!/usr/bin/env node
// The command `mhmd-witness`.
import { start } from '../../start.mjs'

await start('mhmd-witness', new URL('../src/main.ts', import.meta.url).href)
