// How the pages are built: two entries, nothing inlined that a strict Content-Security-Policy would refuse, nothing remote.
import { join } from 'node:path'
import { defineConfig } from 'vite'

const here = import.meta.dirname

/** 'use client' means something to servers that render, and there is none; @hpke/common asks for Node's crypto only where the browser's own is missing. */
const isExpected = ({ code, message }: { readonly code?: string; readonly message: string }): boolean => code === 'MODULE_LEVEL_DIRECTIVE' || /"crypto" has been externalized .*@hpke\/common/.test(message)

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
    rolldownOptions: { onLog: (level, log, otherwise) => isExpected(log) ? undefined : otherwise(level, log), input: { citizen: join(here, 'index.html'), professional: join(here, 'pro/index.html') } },
  },
})
