// A holder's releases as it keeps them, sealed: what left, who was considered, and whether it was called back.
import type { Decision } from '@mhmd/consent'
import type { ReadTransaction, WriteTransaction } from '@mhmd/store'
import { sealedTable } from './sealed-table.ts'

/** What left, and the manifest that repeats it. */
export interface ReleaseRow {
  readonly id: string
  readonly at: number
  readonly ask: string
  readonly request: string
  readonly to: string
  readonly height: number
  /** The holder's manifest, sealed once more under the count's own key; base64url. */
  readonly manifest: string
  readonly salt: string
  readonly exact: number
  readonly tallies: Decision['tallies']
  /** Everyone the decision covered, whether she was counted or not. */
  readonly considered: readonly string[]
  /** The recall by which its recipient was told to remove it. */
  readonly recall?: string
}

export interface ReleasesKept {
  put(tx: WriteTransaction, release: ReleaseRow): Promise<void>
  get(tx: ReadTransaction, id: string): Promise<ReleaseRow | undefined>
  /** Oldest first. */
  list(tx: ReadTransaction): Promise<ReleaseRow[]>
  /** Releases that considered this person. */
  considering(tx: ReadTransaction, subject: string): Promise<ReleaseRow[]>
  /** Takes an erased person out of the lists of who was considered. */
  forget(tx: WriteTransaction, subject: string): Promise<void>
}

export function createReleasesKept(nodeKey: Uint8Array): ReleasesKept {
  const table = sealedTable<ReleaseRow>('releases', nodeKey)
  const list = async (tx: ReadTransaction): Promise<ReleaseRow[]> => (await table.list(tx)).map((row) => row.value).sort((a, b) => a.at - b.at)
  const considering = async (tx: ReadTransaction, subject: string): Promise<ReleaseRow[]> => (await list(tx)).filter((row) => row.considered.includes(subject))
  return {
    put: (tx, release) => table.put(tx, [release.id], release),
    get: (tx, id) => table.get(tx, id),
    list,
    considering,
    forget: async (tx, subject) => {
      for (const row of await considering(tx, subject)) await table.put(tx, [row.id], { ...row, considered: row.considered.filter((one) => one !== subject) })
    },
  }
}
