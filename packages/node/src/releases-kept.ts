// A holder's releases as it keeps them, sealed: what left, who was considered, and whether it was called back.
import type { SignedRecallStatement } from '@mhmd/accounts'
import { ordinal } from '@mhmd/base'
import type { Decision } from '@mhmd/consent'
import type { ClassesOfPeople, Figures } from '@mhmd/release'
import type { ReadTransaction, WriteTransaction } from '@mhmd/store'
import { orderedTable } from './ordered-table.ts'
import type { OrderedTable } from './ordered-table.ts'
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
  /** Where a table left and not a figure; `exact` is then how many people are in it. */
  readonly table?: TableRow
}

interface TableRow {
  readonly form: 'anonymised' | 'pseudonymised'
  readonly agreement: string
  /** Its record's operation on the ledger. */
  readonly record: string
  readonly dataset: string
  readonly digest: string
  readonly size: number
  readonly figures: Figures
  /** When its recipient had all of it. */
  readonly received?: number
  /** When it was stopped on its way, since somebody in it decided otherwise. */
  readonly stopped?: number
  /** Its recipient's receipt. */
  readonly deleted?: { readonly at: number; readonly document: SignedRecallStatement }
}

/** Who was in which class of a generalised table; what later ones to the same recipient are laid over. */
interface ClassesRow {
  readonly to: string
  readonly dataset: string
  readonly release: string
  readonly classes: ClassesOfPeople
}

export interface ReleasesKept {
  put(tx: WriteTransaction, release: ReleaseRow): Promise<void>
  get(tx: ReadTransaction, id: string): Promise<ReleaseRow | undefined>
  /** Oldest first. */
  list(tx: ReadTransaction): Promise<ReleaseRow[]>
  /** Newest first. */
  page: OrderedTable<ReleaseRow>['page']
  fill: OrderedTable<ReleaseRow>['fill']
  /** Releases that considered this person. */
  considering(tx: ReadTransaction, subject: string): Promise<ReleaseRow[]>
  putClasses(tx: WriteTransaction, row: ClassesRow): Promise<void>
  /** Of every generalised table of this dataset that left to this recipient, called back or not. */
  classesTo(tx: ReadTransaction, to: string, dataset: string): Promise<ClassesOfPeople[]>
  /** Takes an erased person out of the lists of who was considered. */
  forget(tx: WriteTransaction, subject: string): Promise<void>
}

export function createReleasesKept(nodeKey: Uint8Array): ReleasesKept {
  const table = orderedTable(sealedTable<ReleaseRow>('releases', nodeKey), { name: 'releases-by-age', placeOf: ({ at }) => [ordinal(at)] })
  const classes = sealedTable<ClassesRow>('release-classes', nodeKey)
  const list = async (tx: ReadTransaction): Promise<ReleaseRow[]> => (await table.list(tx)).map((row) => row.value).sort((a, b) => a.at - b.at)
  const considering = async (tx: ReadTransaction, subject: string): Promise<ReleaseRow[]> => (await list(tx)).filter((row) => row.considered.includes(subject))
  return {
    put: (tx, release) => table.put(tx, [release.id], release),
    get: (tx, id) => table.get(tx, id),
    list,
    page: table.page,
    fill: table.fill,
    considering,
    putClasses: (tx, row) => classes.put(tx, [row.to, row.dataset, row.release], row),
    classesTo: async (tx, to, dataset) => (await classes.list(tx, { prefix: [to, dataset] })).map((row) => row.value.classes),
    forget: async (tx, subject) => {
      for (const { key, value } of await classes.list(tx)) {
        if (value.classes.some((people) => people.includes(subject))) await classes.put(tx, key, { ...value, classes: value.classes.map((people) => people.filter((one) => one !== subject)) })
      }
      for (const row of await considering(tx, subject)) {
        // Her rows are in it: what has not left yet stays.
        const stopped = row.table === undefined || row.table.received !== undefined ? {} : { table: { ...row.table, stopped: row.table.stopped ?? row.at } }
        await table.put(tx, [row.id], { ...row, ...stopped, considered: row.considered.filter((one) => one !== subject) })
      }
    },
  }
}
