// A holder's datasets: described here, committed to on the ledger by category; the catalogue of later rooms grows from these rows.
import { newId } from '@mhmd/base'
import type { Clock, Randomness } from '@mhmd/base'
import { commit, newSalt } from '@mhmd/crypto'
import { dataCategoryCodes, documentType } from '@mhmd/schema'
import type { Store } from '@mhmd/store'
import Type from 'typebox'
import { nodeErrors } from './errors.ts'
import { accepted } from './ledger-outbox.ts'
import type { LedgerOutbox } from './ledger-outbox.ts'
import { AtHeight, Exactly, Id, StateVersion, When } from './people-answers.ts'
import { ledgerRefusals } from './people-refusals.ts'
import { route } from './people.ts'
import type { PeopleRoute } from './people.ts'
import { jsonTable } from './table.ts'

const closed = { additionalProperties: false } as const
const description = Type.Object({
  title: Type.String({ minLength: 1, maxLength: 200 }),
  summary: Type.String({ maxLength: 4000 }),
  /** Categories of Regulation (EU) 2025/327, Art. 51(1). */
  categories: Type.Array(Type.Enum([...dataCategoryCodes]), { minItems: 1, maxItems: 17, uniqueItems: true }),
}, closed)
const datasetDocument = documentType('dataset', description)

const DatasetRecorded = Exactly({ dataset: Id, version: StateVersion, height: AtHeight })

interface Dataset {
  readonly id: string
  readonly description: Type.Static<typeof description>
  readonly salt: string
  readonly version: number
  readonly state: 'offered' | 'withdrawn'
  readonly at: number
}

const datasets = jsonTable<Dataset>('datasets')

export function datasetRoutes(parts: { store: Store; ledger: LedgerOutbox; clock: Clock; randomness: Randomness }): PeopleRoute[] {
  const { store } = parts

  /** The ledger first: what it refuses is not kept. */
  async function record(dataset: Dataset): Promise<{ dataset: string; version: number; height: number }> {
    const { id, description: described, salt, version, state } = dataset
    const receipt = accepted(await parts.ledger.submit({
      contract: 'datasets@1', operation: 'register', operationId: newId(parts.randomness),
      payload: { dataset: id, categories: described.categories, description: commit('dataset-description', described, salt), version, state },
    }))
    await store.write((tx) => datasets.put(tx, [id], dataset))
    return { dataset: id, version, height: receipt.height }
  }

  return [
    route({
      method: 'POST', path: '/staff/1/datasets', body: datasetDocument, roles: ['steward'], refusals: ledgerRefusals,
      summary: 'Offers a dataset: its description stays here, its categories and a commitment go on the ledger.',
      answer: DatasetRecorded,
      handle: async ({ body }) => record({ id: newId(parts.randomness), description: body, salt: newSalt(parts.randomness), version: 1, state: 'offered', at: parts.clock.now() }),
    }),
    route({
      method: 'DELETE', path: '/staff/1/datasets/:id', roles: ['steward'], refusals: [...ledgerRefusals, 'NODE_NOT_FOUND', 'NODE_STATE'],
      summary: 'Withdraws a dataset: it is offered no more.',
      answer: DatasetRecorded,
      handle: async ({ params }) => {
        const present = await store.read((tx) => datasets.get(tx, params['id'] ?? ''))
        if (present === undefined) throw nodeErrors.NOT_FOUND({ what: 'dataset' })
        if (present.state === 'withdrawn') throw nodeErrors.STATE({ what: 'dataset', state: 'withdrawn' })
        return record({ ...present, version: present.version + 1, state: 'withdrawn' })
      },
    }),
    route({
      method: 'GET', path: '/staff/1/datasets', roles: ['staff'], refusals: [],
      summary: 'The datasets described here, offered and withdrawn.',
      answer: Exactly({ datasets: Type.Array(Exactly({ id: Id, description: datasetDocument.schema, version: StateVersion, state: Type.Enum(['offered', 'withdrawn']), at: When })) }),
      handle: async () => {
        const rows = await store.read((tx) => datasets.list(tx))
        return { datasets: rows.map(({ value: { salt: _, ...shown } }) => shown) }
      },
    }),
  ]
}
