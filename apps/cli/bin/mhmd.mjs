#!/usr/bin/env node
// The command `mhmd`.
import { start } from '../../start.mjs'

await start('mhmd', new URL('../src/main.ts', import.meta.url).href)
