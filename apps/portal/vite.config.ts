// How the pages are built: two entries, nothing inlined that a strict Content-Security-Policy would refuse, nothing remote.
import { join } from 'node:path'
import { defineConfig } from 'vite'

const here = import.meta.dirname

export default defineConfig({
  root: here,
  publicDir: false,
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2024',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    // 'use client' means something to servers that render; there is none.
    rolldownOptions: { onLog: (level, log, otherwise) => log.code === 'MODULE_LEVEL_DIRECTIVE' ? undefined : otherwise(level, log), input: { citizen: join(here, 'index.html'), professional: join(here, 'pro/index.html') } },
  },
})
