// The store suite on Debian's PostgreSQL, then a hospital's node on it in a small network.
// Usage: npm run conformance -- postgres [--only-suite | --only-node]
// Debian packages: postgresql, util-linux, procps
import { run } from 'node:test'
import { nodeOnPostgres, ROLE } from './support/node-on-postgres.ts'
import { isInstalled, startPostgres } from './support/postgres-server.ts'

const BASE_PORT = 31_000

if (!isInstalled) {
  console.log('CONFORMANCE_NO_POSTGRES: install Debian\'s postgresql and run this again')
  console.log('0 passed, 0 failed, 1 skipped')
  process.exit(1)
}

const counts = { passed: 0, failed: 0, skipped: 0 }
const check = (what: string, holds: boolean): void => {
  counts[holds ? 'passed' : 'failed']++
  console.log(`${holds ? '✔' : '✘ FAILED:'} ${what}`)
}

async function suite(url: string, data: string): Promise<void> {
  process.env['MHMD_POSTGRES_URL'] = url
  process.env['MHMD_POSTGRES_DATA'] = data
  const stream = run({ files: [new URL('../adapters/store-postgres/testing/postgres-suite.ts', import.meta.url).pathname], isolation: 'process', timeout: 300_000 })
  stream.on('test:pass', (event) => {
    if (event.skip !== undefined || event.todo !== undefined) counts.skipped++
    else counts.passed++
  })
  stream.on('test:fail', (event) => check(`${event.name}: ${String(event.details.error.cause ?? event.details.error)}`, false))
  for await (const _ of stream);
}

const server = await startPostgres({ role: ROLE })
try {
  if (!process.argv.includes('--only-node')) await suite(server.url, server.data)
  if (!process.argv.includes('--only-suite')) await nodeOnPostgres(server, BASE_PORT, check)
} catch (error) {
  check(`it runs to its end (${error instanceof Error ? error.message : String(error)})`, false)
} finally {
  await server.stop()
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exitCode = counts.failed > 0 || counts.skipped > 0 || counts.passed === 0 ? 1 : 0
