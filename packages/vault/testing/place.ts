// A vault on real files for tests: store, keyring, and a randomness that remembers what it gave, so that keys can be searched for on the disk.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileKeyring } from '@mhmd/keyring-file'
import { openSqliteStore } from '@mhmd/store-sqlite'
import type { Store } from '@mhmd/store'
import type { Source } from '@mhmd/fhir'
import { openVault } from '../src/index.ts'
import type { Keyring, Vault } from '../src/index.ts'
import { testTime } from './decisions.ts'

export interface OpenPlace {
  readonly vault: Vault
  readonly store: Store
  readonly keyring: Keyring
  close(): Promise<void>
}

export const newFolder = (): string => mkdtempSync(join(tmpdir(), 'mhmd-vault-'))
export const removeFolder = (folder: string): void => rmSync(folder, { recursive: true })

/** Opens the vault whose store is `FOLDER/node.db` and whose keys are in `FOLDER/keys`. */
export async function openPlace(folder: string, given: Uint8Array[] = []): Promise<OpenPlace> {
  const store = await openSqliteStore(join(folder, 'node.db'))
  try {
    const keyring = await fileKeyring(join(folder, 'keys'))
    const randomness = { bytes: (length: number) => remember(given, randomBytes(length)) }
    const vault = await openVault({ store, keyring, clock: { now: () => testTime }, randomness })
    return { vault, store, keyring, close: () => store.close() }
  } catch (error) {
    await store.close()
    throw error
  }
}

function remember(given: Uint8Array[], bytes: Uint8Array): Uint8Array {
  given.push(bytes)
  return bytes
}

/** The bytes of every file below the folder. */
export function allBytes(folder: string): Buffer {
  return Buffer.concat(readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name))).filter((path) => statSync(path).isFile()).map((path) => readFileSync(path)))
}

export const textSource = (text: string, name = 'test'): Source => ({
  name,
  async* open() {
    const bytes = Buffer.from(text)
    for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536)
  },
})

export const ndjson = (...resources: object[]): Source => textSource(resources.map((resource) => `${JSON.stringify(resource)}\n`).join(''))

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
