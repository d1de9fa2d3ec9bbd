// Private values of members: kept beside the state, visible to their own member, and gone from every file after a purge.
// Keys: `p` member, key hash: the bytes; `k` member, key: the hash of the value it has now.
import { encodeKey } from '@mhmd/base'
import type { Key } from '@mhmd/base'
import { privateHashes, stateKeys } from '@mhmd/contracts'
import type { Transaction } from '@mhmd/contracts'
import { ledgerErrors } from '@mhmd/ledger'
import type { PrivateValue } from '@mhmd/ledger'
import type { PrivateState } from '@mhmd/schema'
import { writeBatch } from './folder.ts'
import type { BatchOperation, Database } from './folder.ts'
import type { State } from './state.ts'

const CONTRACT = 'private@1'
const FRESH_BYTES = 16

export const isPurge = (transaction: Transaction): boolean => transaction.contract === CONTRACT && transaction.operation === 'purge'
const isPut = (transaction: Transaction): boolean => transaction.contract === CONTRACT && transaction.operation === 'put'

const bytesKey = (member: string, keyHash: string): string => `p${member}\u0000${keyHash}`
const nameKey = (member: string, key: Key): string => `k${member}\u0000${encodeKey(key)}`

interface Hashes {
  readonly keyHash: string
  readonly valueHash: string
}

export class PrivateValues {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Throws LEDGER_BAD_PRIVATE_VALUE unless a put comes with the value it names, and nothing else comes with one. */
  check(transaction: Transaction, value: PrivateValue | undefined): void {
    if (!isPut(transaction)) {
      if (value !== undefined) throw ledgerErrors.BAD_PRIVATE_VALUE({ why: 'only private@1 put takes one' })
      return
    }
    if (value === undefined) throw ledgerErrors.BAD_PRIVATE_VALUE({ why: 'it is missing' })
    if (value.value.length < FRESH_BYTES) throw ledgerErrors.BAD_PRIVATE_VALUE({ why: `it has fewer than ${FRESH_BYTES} bytes` })
    const named = transaction.payload as Partial<Hashes> | null
    const { keyHash, valueHash } = privateHashes(value.key, value.value)
    if (named?.keyHash !== keyHash || named?.valueHash !== valueHash) throw ledgerErrors.BAD_PRIVATE_VALUE({ why: 'its hashes are others' })
  }

  /** What the valid transactions of a block change here, for its batch. A new value under an old key replaces the old one. */
  async operations(valid: readonly { readonly transaction: Transaction; readonly privateValue: PrivateValue | undefined }[]): Promise<BatchOperation[]> {
    const operations: BatchOperation[] = []
    const names = new Map<string, string>()
    for (const { transaction, privateValue } of valid) {
      const { keyHash = '' } = (transaction.payload ?? {}) as Partial<Hashes>
      if (isPurge(transaction)) operations.push({ type: 'del', key: bytesKey(transaction.submitter, keyHash) })
      if (privateValue === undefined) continue
      const name = nameKey(transaction.submitter, privateValue.key)
      const old = names.get(name) ?? (await this.#database.get(name))
      if (old !== undefined && old !== keyHash) operations.push({ type: 'del', key: bytesKey(transaction.submitter, old) })
      names.set(name, keyHash)
      operations.push({ type: 'put', key: bytesKey(transaction.submitter, keyHash), value: privateValue.value }, { type: 'put', key: name, value: keyHash })
    }
    return operations
  }

  async get(member: string, key: Key): Promise<Uint8Array | undefined> {
    const keyHash = await this.#database.get(nameKey(member, key))
    return keyHash === undefined ? undefined : await this.#database.get<string, Uint8Array>(bytesKey(member, keyHash), { valueEncoding: 'view' })
  }

  /** Removes the value and its name, and rewrites the files that held them. */
  async purge(member: string, key: Key): Promise<void> {
    const keyHash = await this.#database.get(nameKey(member, key))
    if (keyHash === undefined) return
    await this.#database.batch([{ type: 'del', key: nameKey(member, key) }, { type: 'del', key: bytesKey(member, keyHash) }], { sync: true })
    await this.compact()
  }

  /** LevelDB keeps deleted bytes in its log and tables until they are rewritten. */
  async compact(): Promise<void> {
    await this.#database.compactRange('p', 'q')
    await this.#database.compactRange('k', 'l')
  }
}

/** Into a rebuilt folder, whose state says which are there: those whose bytes give the hash that they are named by. */
export async function copyPrivateValues(from: Database, to: Database, state: State): Promise<{ copied: number; lost: number }> {
  let [copied, lost] = [0, 0]
  for await (const [name, keyHash] of from.iterator({ gte: 'k', lt: 'l' })) {
    const [member = '', ...key] = name.slice(1).split('\u0000')
    const known = (await state.entry(stateKeys.privateValue(member, keyHash))).value as PrivateState | undefined
    if (known?.state === 'purged') continue
    const value = await from.get<string, Uint8Array>(bytesKey(member, keyHash), { valueEncoding: 'view' }).catch(() => undefined)
    if (value === undefined || value.length < FRESH_BYTES || privateHashes(key as unknown as Key, value).keyHash !== keyHash) lost++
    else {
      copied++
      await writeBatch(to, [{ type: 'put', key: bytesKey(member, keyHash), value }, { type: 'put', key: name, value: keyHash }], { sync: false })
    }
  }
  return { copied, lost }
}
