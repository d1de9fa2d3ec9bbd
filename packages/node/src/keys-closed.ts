// Keys that this holder's desk closed, because they were linked to the wrong patient's records; by subject.
import { jsonTable } from './table.ts'

/** The ledger shows such a key until holder and account provider close it there too. */
export const keysClosedHere = jsonTable<{ readonly at: number; readonly by: string }>('keys-closed-here')
