// The catalogue as every member has it: what holders offer, each entry held against the ledger before it is shown.
import { stateKeys } from '@mhmd/contracts'
import type { Follower } from '@mhmd/ledger'
import { catalogueEntryDocument, Ehds51Category } from '@mhmd/schema'
import type { CatalogueEntry, DatasetState } from '@mhmd/schema'
import type { ReadTransaction, Store } from '@mhmd/store'
import { ordinal } from '@mhmd/base'
import type { Clock } from '@mhmd/base'
import Type from 'typebox'
import { offeredMessage } from './catalogue-announcements.ts'
import { datasetsKept, openingOf, opensEntry, wordsOfEntry } from './datasets-kept.ts'
import type { EntryOpening } from './datasets-kept.ts'
import { nodeErrors } from './errors.ts'
import type { NodePart } from './node-part.ts'
import { newestFirst, pageAnswer, pageOf, searchQuery } from './paging.ts'
import type { Row } from './paging.ts'
import { AtHeight, Exactly, Id, MemberId, OrNull, StateVersion, When } from './people-answers.ts'
import { route } from './people.ts'
import { jsonTable } from './table.ts'

interface EntryRow extends EntryOpening {
  readonly version: number
  readonly salt: string
  readonly received: number
}

/** By holder and dataset. */
const entries = jsonTable<EntryRow>('catalogue')

/** `entry` is null until the holder's message is here and opens what the ledger holds. */
const Shown = Exactly({ holder: MemberId, dataset: Id, version: StateVersion, since: When, categories: Type.Array(Ehds51Category), entry: OrNull(catalogueEntryDocument.schema) })

interface Offered {
  readonly holder: string
  readonly dataset: string
  readonly version: number
  readonly since: number
  readonly categories: DatasetState['categories']
  readonly entry: CatalogueEntry | null
}

interface Stated {
  readonly holder: string
  readonly dataset: string
  readonly state: DatasetState
}

const placed = (one: Stated): Row<Stated>[] => one.state.state === 'offered' ? [{ key: [ordinal(one.state.time), one.holder, one.dataset], value: one }] : []

export function catalogue({ store, follower, clock, self, nameOf }: { store: Store; follower: Pick<Follower, 'latest' | 'latestBelow' | 'height'>; clock: Clock; self: string; nameOf: (member: string) => string }): Required<Pick<NodePart, 'routes' | 'handlers'>> {
  /** This member's own are read where they are kept. */
  async function rowOf(tx: ReadTransaction, holder: string, dataset: string): Promise<EntryRow | undefined> {
    if (holder !== self) return entries.get(tx, holder, dataset)
    const own = await datasetsKept.get(tx, dataset)
    return own === undefined ? undefined : { ...openingOf(own), version: own.version, salt: own.salt, received: own.at }
  }

  /** By commitment: what once opened it opens it for good. As many as there are datasets in the network. */
  const opened = new Map<string, { readonly commitment: string; readonly entry: CatalogueEntry }>()

  async function entryOf(tx: ReadTransaction, { holder, dataset, state }: Stated): Promise<CatalogueEntry | null> {
    const place = `${holder} ${dataset}`
    const known = opened.get(place)
    if (known?.commitment === state.description) return known.entry
    const row = await rowOf(tx, holder, dataset)
    if (row?.version !== state.version || !opensEntry(state.description, row, row.salt)) return null
    opened.set(place, { commitment: state.description, entry: row.entry })
    return row.entry
  }

  async function offered(tx: ReadTransaction, one: Stated): Promise<Offered> {
    const { holder, dataset, state } = one
    return { holder, dataset, version: state.version, since: state.time, categories: state.categories, entry: await entryOf(tx, one) }
  }

  return {
    handlers: {
      'dataset-offered/1': async (envelope, tx) => {
        const { dataset, entry, ...row } = offeredMessage.parse(envelope.body)
        const before = await entries.get(tx, envelope.from, dataset)
        // Messages may overtake each other.
        if ((before?.version ?? 0) < row.version) await entries.put(tx, [envelope.from, dataset], { ...row, entry: catalogueEntryDocument.parse(entry), received: clock.now() })
        return {}
      },
    },
    routes: [
      route({
        method: 'GET', path: '/catalogue/1/datasets', roles: ['staff'], query: searchQuery(), refusals: [],
        summary: 'What holders of the network offer, as the ledger has it at this height; newest first.',
        answer: pageAnswer('datasets', Shown, { height: AtHeight }),
        handle: async ({ query }) => {
          const height = follower.height()
          const states = newestFirst((await follower.latestBelow(['dataset'])).flatMap(({ key, value }) => placed({ holder: String(key[1]), dataset: String(key[2]), state: value as unknown as DatasetState })))
          const { rows, next } = await store.read((tx) => pageOf(query, {
            rows: async function* (range) {
              for await (const { key, value } of states(range)) yield { key, value: await offered(tx, value) }
            },
            textOf: ({ holder, dataset, categories, entry }) => [holder, nameOf(holder), dataset, ...categories, ...(entry === null ? [] : [wordsOfEntry(entry)])].join(' '),
          }))
          return { height, datasets: rows, next }
        },
      }),
      route({
        method: 'GET', path: '/catalogue/1/datasets/:holder/:id', roles: ['staff'], refusals: [], params: { holder: MemberId },
        summary: 'One dataset that a holder offers.',
        answer: Exactly({ height: AtHeight, dataset: Shown }),
        handle: async ({ params: { holder = '', id = '' } }) => {
          const state = await follower.latest(stateKeys.dataset(holder, id)) as DatasetState | undefined
          if (state?.state !== 'offered') throw nodeErrors.NOT_FOUND({ what: 'dataset' })
          return { height: follower.height(), dataset: await store.read((tx) => offered(tx, { holder, dataset: id, state })) }
        },
      }),
    ],
  }
}
