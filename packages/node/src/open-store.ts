// Where a node keeps its state: a SQLite file in its own folder, or a PostgreSQL database. Chosen at the first start; a node never goes on with another, empty one.
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromUtf8, utf8 } from '@mhmd/base'
import { storeErrors } from '@mhmd/store'
import type { Store } from '@mhmd/store'
import { openSqliteStore } from '@mhmd/store-sqlite'
import { homePaths } from './home.ts'

/** `url` names a database without a password; without it PostgreSQL's own environment does (PGHOST, PGDATABASE, PGUSER, PGPASSFILE …). */
export type StoreChoice = { readonly kind: 'sqlite' } | { readonly kind: 'postgres'; readonly url?: string }

const TABLE = 'store-owner'
const OWNER = ['member'] as const

/** Throws STORE_NOT_YOURS, STORE_IN_USE, STORE_UNAVAILABLE. */
export async function openStore(home: string, member: string, choice: StoreChoice = { kind: 'sqlite' }): Promise<Store> {
  const { data, store: file } = homePaths(home)
  const mark = join(data, 'store-is-postgres')
  if (choice.kind === 'sqlite') {
    if (existsSync(mark)) throw storeErrors.NOT_YOURS({ why: 'this node keeps its state in PostgreSQL' })
    return openSqliteStore(file)
  }
  if (existsSync(file)) throw storeErrors.NOT_YOURS({ why: 'this node keeps its state in its SQLite file' })
  // Loaded only where it is chosen: other nodes don't carry the driver.
  const { openPostgresStore } = await import('@mhmd/store-postgres')
  const store = await openPostgresStore(choice.url, { alone: true })
  try {
    await claim(store, member)
    writeFileSync(mark, '')
    return store
  } catch (error) {
    await store.close()
    throw error
  }
}

/** A database is one node's: the first that comes writes its name, others are refused. */
function claim(store: Store, member: string): Promise<void> {
  return store.write(async (tx) => {
    const owner = await tx.get(TABLE, OWNER)
    if (owner !== undefined && fromUtf8(owner) !== member) throw storeErrors.NOT_YOURS({ why: `the database belongs to ${fromUtf8(owner)}` })
    if (owner === undefined) await tx.put(TABLE, OWNER, utf8(member))
  })
}
