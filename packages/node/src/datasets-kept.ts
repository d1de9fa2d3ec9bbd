// A holder's datasets as it keeps them: the present version of each, every version that was offered, and what opens its commitment on the ledger.
import { ordinal } from '@mhmd/base'
import type { Canonical } from '@mhmd/base'
import { commit, opens } from '@mhmd/crypto'
import type { Salt } from '@mhmd/crypto'
import type { CatalogueEntry, Dataset, DatasetDescription } from '@mhmd/schema'
import type { ReadTransaction, Store, WriteTransaction } from '@mhmd/store'
import { orderedTable } from './ordered-table.ts'
import type { Page } from './paging.ts'
import { jsonTable } from './table.ts'

export interface DatasetRow {
  readonly id: string
  readonly description: Dataset | DatasetDescription
  /** What others see of it. */
  readonly entry: CatalogueEntry
  readonly salt: Salt
  /** Of the commitment to the document, which the other one contains. */
  readonly documentSalt: Salt
  readonly version: number
  readonly state: 'offered' | 'withdrawn'
  readonly at: number
}

/** What opens the commitment on the ledger: the entry, and a commitment to the document, which stays with the holder. */
export interface EntryOpening {
  readonly entry: CatalogueEntry
  readonly document: string
}

const KIND = 'dataset-description'
const content = ({ entry, document }: EntryOpening): Canonical => ({ entry: entry as unknown as Canonical, document })

/** Documents hold fractions, which have no canonical form: their text is committed to as it is kept. */
export const openingOf = ({ entry, description, documentSalt }: Pick<DatasetRow, 'entry' | 'description' | 'documentSalt'>): EntryOpening => ({ entry, document: commit('dataset-document', JSON.stringify(description), documentSalt) })
export const entryCommitment = (opening: EntryOpening, salt: Salt): string => commit(KIND, content(opening), salt)
export const opensEntry = (commitment: string, opening: EntryOpening, salt: Salt): boolean => opens(commitment, KIND, { content: content(opening), salt })

const present = orderedTable(jsonTable<DatasetRow>('datasets'), { name: 'datasets-by-age', placeOf: ({ at }) => [ordinal(at)] })
const versions = jsonTable<DatasetRow>('dataset-versions')
/** Offered since others were told last. */
const untold = jsonTable<{ readonly version: number }>('datasets-untold')
const PAGE = 64

/** What somebody looks for in a dataset. */
export const wordsOfEntry = ({ title, summary, categories, resource, columns = [] }: CatalogueEntry): string => [title, summary, resource, ...categories, ...columns.map(({ name }) => name)].join(' ')

export const datasetsKept = {
  get: (tx: ReadTransaction, id: string): Promise<DatasetRow | undefined> => present.get(tx, id),
  list: async (tx: ReadTransaction): Promise<DatasetRow[]> => (await present.list(tx)).map((row) => row.value).sort((a, b) => a.at - b.at),
  /** Newest version first. */
  page: (tx: ReadTransaction, query: Readonly<Record<string, string | undefined>>): Promise<Page<DatasetRow>> => present.page(tx, query, ({ id, state, entry }) => [id, state, wordsOfEntry(entry)].join(' ')),
  fill: (store: Store): Promise<void> => present.fill(store),
  /** Oldest first. */
  versions: async (tx: ReadTransaction, id: string): Promise<DatasetRow[]> => (await versions.list(tx, { prefix: [id] })).map((row) => row.value),
  put: async (tx: WriteTransaction, row: DatasetRow): Promise<void> => {
    await present.put(tx, [row.id], row)
    await versions.put(tx, [row.id, ordinal(row.version)], row)
    if (row.state === 'offered') await untold.put(tx, [row.id], { version: row.version })
  },
  /** Some of those that others are still to be told of. */
  untold: async (tx: ReadTransaction): Promise<string[]> => (await untold.list(tx, { limit: PAGE })).map(({ key: [id] }) => id),
  told: (tx: WriteTransaction, id: string): Promise<void> => untold.delete(tx, id),
}

/** A dataset of which tables may be asked: offered, and with a view. */
export async function keptDataset(tx: ReadTransaction, id: string): Promise<{ id: string; version: number; document: Dataset } | undefined> {
  const kept = await datasetsKept.get(tx, id)
  return kept?.state === 'offered' && 'view' in kept.description ? { id, version: kept.version, document: kept.description } : undefined
}
