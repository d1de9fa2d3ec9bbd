// The store suite on a running PostgreSQL, a database of its own for each test. Run by conformance/postgres.ts, which starts the server and names it in the environment.
import assert from 'node:assert/strict'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import pg from 'pg'
import { storeSuite } from '@mhmd/store/testing'
import { openPostgresStore } from '../src/index.ts'

const server = process.env['MHMD_POSTGRES_URL'] ?? ''
const dataFolder = process.env['MHMD_POSTGRES_DATA'] ?? ''
let databases = 0

async function administer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${server}/postgres` })
  await client.connect()
  await client.query(sql)
  await client.end()
}

const allFiles = (): string[] => readdirSync(dataFolder, { recursive: true }).map((name) => join(dataFolder, String(name))).filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true)

async function freshDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `suite_${process.pid}_${databases++}`
  await administer(`CREATE DATABASE ${name}`)
  return { url: `${server}/${name}`, drop: () => administer(`DROP DATABASE ${name} WITH (FORCE)`) }
}

storeSuite('postgres', async () => {
  const { url, drop } = await freshDatabase()
  return { open: () => openPostgresStore(url), opener: { module: new URL('../src/index.ts', import.meta.url).href, name: 'openPostgresStore', argument: url }, files: allFiles, remove: drop }
}, { durable: true })

test('postgres: two stores on one database see each other and count without losing a step', async () => {
  const { url, drop } = await freshDatabase()
  const stores = [await openPostgresStore(url), await openPostgresStore(url)]
  const add = async (index: number): Promise<void> => stores[index % 2]?.write(async (tx) => tx.put('counter', ['n'], Buffer.from(String(Number(Buffer.from(await tx.get('counter', ['n']) ?? Buffer.from('0')).toString()) + 1))))
  await Promise.all(Array.from({ length: 30 }, (_, index) => add(index)))
  assert.equal(Buffer.from(await stores[0]?.read((tx) => tx.get('counter', ['n'])) ?? []).toString(), '30')
  for (const store of stores) await store.close()
  await drop()
})

test('postgres: a server that is not there, and a database that is not there, give a code without the address', async () => {
  for (const url of ['postgres://nobody@127.0.0.1:1/none', `${server}/not_there`]) {
    await assert.rejects(openPostgresStore(url), (error: Error & { code?: string }) => error.code === 'STORE_UNAVAILABLE' && !JSON.stringify(error).includes('127.0.0.1'))
  }
})
