// The store suite on a running PostgreSQL, a database of its own for each test. Run by conformance/postgres.ts, which starts the server and names it in the environment.
import assert from 'node:assert/strict'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import type { Store } from '@mhmd/store'
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

/** Two stores as two processes would be: neither knows which tables the other has made. */
async function withTwo(work: (stores: readonly [Store, Store]) => Promise<void>): Promise<void> {
  const { url, drop } = await freshDatabase()
  const stores = [await openPostgresStore(url), await openPostgresStore(url)] as const
  try {
    await work(stores)
  } finally {
    await Promise.all(stores.map((store) => store.close()))
    await drop()
  }
}

const PATIENCE = { timeout: 20_000 }
const value = Buffer.from('1')

test('postgres: a table that another transaction is writing is there already: two that make tables never wait for each other', PATIENCE, () => withTwo(async ([one, other]) => {
  const both = one.write(async (tx) => {
    await tx.put('first', ['a'], value)
    const beside = other.write((second) => second.put('first', ['b'], value))
    await delay(300)
    await tx.put('second', ['a'], value)
    return beside
  })
  await both
  assert.deepEqual(await one.read(async (tx) => [await tx.get('first', ['b']), await tx.get('second', ['a'])]), [value, value])
}))

test('postgres: many who looked for a table in vain, and then make it at once, all find it made', PATIENCE, () => withTwo(async ([one, other]) => {
  const either = (at: number): Store => at % 2 === 0 ? one : other
  for (let round = 0; round < 20; round++) {
    const table = `late-${round}`
    await Promise.all(Array.from({ length: 8 }, (_, at) => either(at).read((tx) => tx.get(table, ['a']))))
    await Promise.all(Array.from({ length: 8 }, (_, at) => either(at).write((tx) => tx.put(table, [`${at}`], value))))
  }
  assert.deepEqual(await one.read((tx) => tx.get('late-19', ['7'])), value)
}))

test('postgres: more readers than connections may look for a table that is not there', PATIENCE, () => withTwo(async ([one]) => {
  const found = await Promise.all(Array.from({ length: 60 }, () => one.read((tx) => tx.get('nowhere', ['a']))))
  assert.equal(found.every((each) => each === undefined), true)
}))

test('postgres: a purge keeps no reader waiting for a writer who waits for that reader', PATIENCE, () => withTwo(async ([one, other]) => {
  await one.write((tx) => tx.put('table', ['a'], value))
  let purged: Promise<void> | undefined
  await one.write(async (tx) => {
    await tx.put('table', ['b'], value)
    purged = other.purgeFreeSpace()
    await delay(500)
    assert.deepEqual(await one.read((reader) => reader.get('table', ['a'])), value)
  })
  await purged
}))

test('postgres: a server that is not there, and a database that is not there, give a code without the address', async () => {
  for (const url of ['postgres://nobody@127.0.0.1:1/none', `${server}/not_there`]) {
    await assert.rejects(openPostgresStore(url), (error: Error & { code?: string }) => error.code === 'STORE_UNAVAILABLE' && !JSON.stringify(error).includes('127.0.0.1'))
  }
})
