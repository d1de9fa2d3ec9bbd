// A holder's datasets: checked against their view, committed to on the ledger version by version, announced to those who may ask for data.
import { newId } from '@mhmd/base'
import type { Clock, Randomness } from '@mhmd/base'
import { catalogueErrors, checkDataset, entryOf, entryOfDescription } from '@mhmd/catalogue'
import { newSalt } from '@mhmd/crypto'
import { catalogueEntryDocument, documentType, offeredDatasetDocument } from '@mhmd/schema'
import type { CatalogueEntry, Dataset, DatasetDescription } from '@mhmd/schema'
import type { ReadTransaction, Store } from '@mhmd/store'
import Type from 'typebox'
import { viewRefusals } from './dataset-drafts.ts'
import type { DatasetDrafts } from './dataset-drafts.ts'
import { datasetsKept, entryCommitment, openingOf } from './datasets-kept.ts'
import type { DatasetRow } from './datasets-kept.ts'
import { nodeErrors } from './errors.ts'
import { accepted } from './ledger-outbox.ts'
import type { LedgerOutbox } from './ledger-outbox.ts'
import { pageAnswer, searchQuery } from './paging.ts'
import { AtHeight, Exactly, Id, StateVersion, When } from './people-answers.ts'
import { ledgerRefusals } from './people-refusals.ts'
import { route } from './people.ts'
import type { PeopleRoute } from './people.ts'

const DatasetRecorded = Exactly({ dataset: Id, version: StateVersion, height: AtHeight })
/** As others see it: a holder may have a thousand, each document many times as long as its entry. */
const DatasetListed = Exactly({ id: Id, entry: catalogueEntryDocument.schema, version: StateVersion, state: Type.Enum(['offered', 'withdrawn']), at: When })
const DatasetShown = Exactly({ ...DatasetListed.properties, description: offeredDatasetDocument.schema })
/** The version that what is offered began from. Whoever doesn't say it writes over what is there. */
const nextQuery = documentType('dataset-next', Type.Object({ after: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$' })) }, { additionalProperties: false }))
const checkRefusals = [...viewRefusals, ...Object.keys(catalogueErrors.table.rows).map((code) => `CATALOGUE_${code}`)]

const KEEPER = 'dataset'
const shown = ({ salt: _, documentSalt: __, ...row }: DatasetRow): Omit<DatasetRow, 'salt' | 'documentSalt'> => row

export function datasetRoutes(parts: { store: Store; ledger: LedgerOutbox; drafts: Pick<DatasetDrafts, 'profileOf'>; clock: Clock; randomness: Randomness }): PeopleRoute[] {
  const { store, randomness } = parts

  parts.ledger.keeper(KEEPER, (tx, row) => datasetsKept.put(tx, row as DatasetRow))

  /** The ledger first: what it refuses is not kept; what it takes is kept with its receipt. */
  async function record(row: DatasetRow): Promise<{ dataset: string; version: number; height: number }> {
    const { id, description: { categories }, salt, version, state } = row
    const receipt = accepted(await parts.ledger.submit({
      contract: 'datasets@1', operation: 'register', operationId: newId(randomness),
      payload: { dataset: id, categories, description: entryCommitment(openingOf(row), salt), version, state },
      keeps: { by: KEEPER, value: row },
    }))
    return { dataset: id, version, height: receipt.height }
  }

  /** What others will see. Nothing whose columns are not all classified comes through. */
  async function entryFor(description: Dataset | DatasetDescription): Promise<CatalogueEntry> {
    if (!('view' in description)) return entryOfDescription(description)
    const view = checkDataset(description)
    return entryOf(description, view, await store.read((tx) => parts.drafts.profileOf(tx, description.view)))
  }

  async function offer(id: string, version: number, description: Dataset | DatasetDescription): ReturnType<typeof record> {
    return record({ id, description, entry: await entryFor(description), salt: newSalt(randomness), documentSalt: newSalt(randomness), version, state: 'offered', at: parts.clock.now() })
  }

  async function mustFind(tx: ReadTransaction, id: string): Promise<DatasetRow> {
    const row = await datasetsKept.get(tx, id)
    if (row === undefined) throw nodeErrors.NOT_FOUND({ what: 'dataset' })
    return row
  }

  return [
    route({
      method: 'POST', path: '/staff/1/datasets', body: offeredDatasetDocument, roles: ['steward'], refusals: [...ledgerRefusals, ...checkRefusals],
      summary: 'Offers a dataset: its document stays here, its categories and a commitment go on the ledger, its entry to the catalogue. Refused while a column is unclassified.',
      answer: DatasetRecorded,
      handle: ({ body }) => offer(newId(randomness), 1, body),
    }),
    route({
      method: 'POST', path: '/staff/1/datasets/:id', body: offeredDatasetDocument, query: nextQuery, roles: ['steward'], refusals: [...ledgerRefusals, ...checkRefusals, 'NODE_DATASET_CHANGED'],
      summary: 'Offers a dataset\'s next version, unless it has changed since the version that this began from.',
      answer: DatasetRecorded,
      handle: async ({ params, body, query: { after } }) => {
        const { id, version } = await store.read((tx) => mustFind(tx, params['id'] ?? ''))
        if (after !== undefined && Number(after) !== version) throw nodeErrors.DATASET_CHANGED()
        return offer(id, version + 1, body)
      },
    }),
    route({
      method: 'DELETE', path: '/staff/1/datasets/:id', roles: ['steward'], refusals: [...ledgerRefusals, 'NODE_STATE'],
      summary: 'Withdraws a dataset: it is offered no more.',
      answer: DatasetRecorded,
      handle: async ({ params }) => {
        const present = await store.read((tx) => mustFind(tx, params['id'] ?? ''))
        if (present.state === 'withdrawn') throw nodeErrors.STATE({ what: 'dataset', state: 'withdrawn' })
        return record({ ...present, version: present.version + 1, state: 'withdrawn', at: parts.clock.now() })
      },
    }),
    route({
      method: 'GET', path: '/staff/1/datasets', roles: ['staff'], query: searchQuery(), refusals: [],
      summary: 'The datasets described here, offered and withdrawn, each by its catalogue entry; newest first.',
      answer: pageAnswer('datasets', DatasetListed),
      handle: async ({ query }) => {
        const { rows, next } = await store.read((tx) => datasetsKept.page(tx, query))
        return { datasets: rows.map(({ id, entry, version, state, at }) => ({ id, entry, version, state, at })), next }
      },
    }),
    route({
      method: 'GET', path: '/staff/1/datasets/:id', roles: ['staff'], refusals: [],
      summary: 'A dataset with all its versions, the oldest first.',
      answer: Exactly({ dataset: DatasetShown, versions: Type.Array(DatasetShown) }),
      handle: ({ params }) => store.read(async (tx) => {
        const row = await mustFind(tx, params['id'] ?? '')
        return { dataset: shown(row), versions: (await datasetsKept.versions(tx, row.id)).map(shown) }
      }),
    }),
  ]
}
