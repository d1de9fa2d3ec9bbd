// The control of `conformance/sync-trace.ts`: loaded before the program, it takes every sync out of the product's text as it is read. Never imported by anything else.
import { registerHooks } from 'node:module'

const switches: readonly (readonly [file: string, from: string, to: string])[] = [
  ['adapters/store-sqlite/src/connection.ts', 'synchronous=FULL', 'synchronous=OFF'],
  ['adapters/store-sqlite/src/log-sync.ts', 'promisify(fdatasync)', '() => Promise.resolve()'],
  ['adapters/ledger-embedded/src/engine.ts', 'sync: true', 'sync: false'],
  ['packages/node/src/uploads.ts', 'flush: true', 'flush: false'],
]

registerHooks({
  load: (url, context, next) => {
    const loaded = next(url, context)
    const mine = switches.filter(([file]) => url.endsWith(`/${file}`))
    if (mine.length === 0) return loaded
    const text = typeof loaded.source === 'string' ? loaded.source : Buffer.from(loaded.source as Uint8Array).toString('utf8')
    for (const [file, from] of mine) if (!text.includes(from)) throw new Error(`the control finds no ${from} in ${file}`)
    return { ...loaded, source: mine.reduce((changed, [, from, to]) => changed.replaceAll(from, to), text) }
  },
})
