// Debian's PostgreSQL, started as a user that is not root, on loopback, in a folder that is removed afterwards.
import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, chownSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'

const bin = globSync('/usr/lib/postgresql/*/bin').filter((folder) => existsSync(join(folder, 'initdb'))).sort().at(-1)
export const isInstalled = bin !== undefined

export interface PostgresServer {
  /** `postgres://mhmd@127.0.0.1:PORT`: a superuser without a password. */
  readonly url: string
  readonly port: number
  /** The server's data folder. */
  readonly data: string
  administer(sql: string, database?: string): Promise<void>
  stop(): Promise<void>
}

const isRoot = process.getuid?.() === 0
const idOfNobody = (flag: string): number => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
/** PostgreSQL refuses to run as root. */
const asUser = (program: string, args: string[]): [string, string[]] =>
  isRoot ? ['setpriv', [`--reuid=${idOfNobody('-u')}`, `--regid=${idOfNobody('-g')}`, '--clear-groups', '--', join(bin ?? '', program), ...args]] : [join(bin ?? '', program), args]

/** Whoever names `role` as the user needs a password, everybody else needs none. */
export async function startPostgres({ role }: { role: string }): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'mhmd-postgres-'))
  const data = join(folder, 'data')
  chmodSync(folder, 0o755)
  if (isRoot) chownSync(folder, idOfNobody('-u'), idOfNobody('-g'))
  const [initdb, initArgs] = asUser('initdb', ['-D', data, '-U', 'mhmd', '--auth=trust', '--encoding=UTF8', '--locale=C', '--wal-segsize=1'])
  execFileSync(initdb, initArgs, { stdio: 'ignore', cwd: folder })
  const access = join(data, 'pg_hba.conf')
  writeFileSync(access, `host all ${role} 127.0.0.1/32 scram-sha-256\n${readFileSync(access, 'utf8')}`)
  const port = await freePort()
  const settings = ['listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`, 'wal_recycle=off', 'min_wal_size=2MB', 'max_connections=120']
  const [postgres, postgresArgs] = asUser('postgres', ['-D', data, '-p', String(port), ...settings.flatMap((one) => ['-c', one])])
  const server = spawn(postgres, postgresArgs, { stdio: 'ignore', cwd: folder })
  const ended = new Promise((resolve) => server.on('exit', resolve))
  const url = `postgres://mhmd@127.0.0.1:${port}`
  const administer = async (sql: string, database = 'postgres'): Promise<void> => {
    const client = new pg.Client({ connectionString: `${url}/${database}` })
    await client.connect()
    await client.query(sql).finally(() => client.end())
  }
  const stop = async (): Promise<void> => {
    server.kill('SIGINT')
    await Promise.race([ended, delay(20_000, undefined, { ref: false })])
    rmSync(folder, { recursive: true, force: true })
  }
  for (let attempt = 0; attempt < 200; attempt++) {
    if (await administer('SELECT 1').then(() => true, () => false)) return { url, port, data, administer, stop }
    await delay(100)
  }
  await stop()
  throw new Error('PostgreSQL did not become ready')
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}
