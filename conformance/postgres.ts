// The store suite on Debian's PostgreSQL, started here as a user that is not root, on loopback, in a folder that is removed afterwards.
// Usage: npm run conformance -- postgres
// Debian packages: postgresql, util-linux
import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, chownSync, existsSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'

const bin = globSync('/usr/lib/postgresql/*/bin').filter((folder) => existsSync(join(folder, 'initdb'))).sort().at(-1)
if (bin === undefined) {
  console.log('CONFORMANCE_NO_POSTGRES: install Debian\'s postgresql and run this again')
  console.log('0 passed, 0 failed, 1 skipped')
  process.exit(1)
}

const isRoot = process.getuid?.() === 0
const user = isRoot ? 'nobody' : ''
const id = (flag: string): number => Number(execFileSync('id', [flag, user], { encoding: 'utf8' }))
/** PostgreSQL refuses to run as root. */
const asUser = (program: string, args: string[]): [string, string[]] =>
  isRoot ? ['setpriv', [`--reuid=${id('-u')}`, `--regid=${id('-g')}`, '--clear-groups', '--', join(bin, program), ...args]] : [join(bin, program), args]

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

const folder = mkdtempSync(join(tmpdir(), 'mhmd-postgres-'))
const data = join(folder, 'data')
chmodSync(folder, 0o755)
if (isRoot) chownSync(folder, id('-u'), id('-g'))
const [initdb, initArgs] = asUser('initdb', ['-D', data, '-U', 'mhmd', '--auth=trust', '--encoding=UTF8', '--locale=C', '--wal-segsize=1'])
execFileSync(initdb, initArgs, { stdio: 'ignore', cwd: folder })
const port = await freePort()
const settings = ['listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`, 'wal_recycle=off', 'min_wal_size=2MB', 'max_connections=120']
const [postgres, postgresArgs] = asUser('postgres', ['-D', data, '-p', String(port), ...settings.flatMap((one) => ['-c', one])])
const server = spawn(postgres, postgresArgs, { stdio: 'ignore', cwd: folder })
const url = `postgres://mhmd@127.0.0.1:${port}`

async function untilReady(): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const client = new pg.Client({ connectionString: `${url}/postgres` })
    try {
      await client.connect()
      await client.end()
      return
    } catch {
      await delay(100)
    }
  }
  throw new Error('PostgreSQL did not become ready')
}

const counts = { passed: 0, failed: 0, skipped: 0 }
try {
  await untilReady()
  process.env['MHMD_POSTGRES_URL'] = url
  process.env['MHMD_POSTGRES_DATA'] = data
  const stream = run({ files: [new URL('../adapters/store-postgres/testing/postgres-suite.ts', import.meta.url).pathname], isolation: 'process', timeout: 300_000 })
  stream.on('test:pass', (event) => {
    if (event.skip !== undefined || event.todo !== undefined) counts.skipped++
    else counts.passed++
  })
  stream.on('test:fail', (event) => {
    counts.failed++
    console.log(`FAILED ${event.name}: ${String(event.details.error.cause ?? event.details.error)}`)
  })
  for await (const _ of stream);
} finally {
  const ended = new Promise((resolve) => server.on('exit', resolve))
  server.kill('SIGINT')
  await Promise.race([ended, delay(20_000)])
  rmSync(folder, { recursive: true, force: true })
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exitCode = counts.failed > 0 || counts.skipped > 0 || counts.passed === 0 ? 1 : 0
