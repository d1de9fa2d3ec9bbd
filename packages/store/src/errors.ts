// The errors of every store adapter.
import { defineErrors } from '@mhmd/base'

export const storeErrors = defineErrors('STORE', {
  CLOSED: { kind: 'unavailable', says: () => 'The store is closed', remedy: 'Start the node again; nothing that was acknowledged is lost.' },
  BAD_TABLE: { kind: 'bug', says: (d: { table: string }) => `Not a table name: ${d.table}`, remedy: 'A table name is a lower-case letter followed by lower-case letters, digits and hyphens.' },
  UNAVAILABLE: { kind: 'unavailable', says: (d: { reason: string }) => `The store did not carry it out: ${d.reason}`, remedy: 'Check that the disk has room and the data folder (or the database server) is reachable, then try again. Nothing was changed by this call.' },
  NOT_SYNCED: { kind: 'unavailable', says: (d: { reason: string }) => `The disk did not take what was written: ${d.reason}`, remedy: 'Check the disk, then start the node again: it goes on from what the disk has. Whether this call took effect can be asked then.' },
  IN_USE: { kind: 'conflict', says: (d: { file: string }) => `Another process uses the store ${d.file}`, remedy: 'Stop the other process, or give this one a data folder of its own.' },
  NOT_YOURS: { kind: 'conflict', says: (d: { why: string }) => `The store named is not this node's: ${d.why}`, remedy: 'Start the node with the store it was first started with (`--store`, `--database`). Moving from one to the other is not supported.' },
  TRANSACTION_OVER: { kind: 'bug', says: () => 'The transaction is over', remedy: 'Await every call on a transaction inside its closure.' },
  CONFLICT: { kind: 'conflict', says: (d: { attempts: number }) => `The transaction met others on the same data ${d.attempts} times`, remedy: 'Try again. Nothing was changed by this call.' },
})

/** Throws STORE_BAD_TABLE unless the name may be a table's. */
export function checkTable(table: string): void {
  if (!/^[a-z][a-z0-9-]{0,50}$/.test(table)) throw storeErrors.BAD_TABLE({ table: table.slice(0, 60) })
}
