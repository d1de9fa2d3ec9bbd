// A holder tells members that may ask for data what it offers: each version once to each of them, by a durable message; who joins later is told then.
import { MhmdError } from '@mhmd/base'
import type { Outbox } from '@mhmd/messages'
import { catalogueEntryDocument, documentType } from '@mhmd/schema'
import type { MemberRecord } from '@mhmd/schema'
import type { Store } from '@mhmd/store'
import Type from 'typebox'
import { datasetsKept, openingOf } from './datasets-kept.ts'
import type { DatasetRow } from './datasets-kept.ts'
import { pause } from './ledger-outbox.ts'
import { jsonTable } from './table.ts'
import type { Trust } from './trust.ts'

const closed = { additionalProperties: false } as const

export const offeredMessage = documentType('dataset-offered-message', Type.Object({
  dataset: Type.String({ pattern: '^[0-9a-hjkmnp-tv-z]{26}$' }),
  version: Type.Integer({ minimum: 1 }),
  entry: catalogueEntryDocument.schema,
  /** A commitment to the document that stays with the holder. */
  document: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }),
  salt: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }),
}, closed))

export interface Announcements {
  /** Something is offered, or somebody joined. */
  wake(): void
  run(signal: AbortSignal): Promise<void>
}

const LOOK_MILLISECONDS = 250
const isInterested = ({ roles }: MemberRecord): boolean => roles.includes('data-user') || roles.includes('access-body')

/** The version each member was told last; by member and dataset. */
const told = jsonTable<{ readonly version: number }>('datasets-told')

export function createAnnouncements({ store, outbox, trust, holder }: { store: Store; outbox: Outbox; trust: Pick<Trust, 'members' | 'onChange'>; holder: string }): Announcements {
  let isDue = true
  const wake = (): void => { isDue = true }
  trust.onChange(wake)

  async function tell(row: DatasetRow): Promise<void> {
    const others = trust.members().filter((member) => member.id !== holder && isInterested(member))
    await store.write(async (tx) => {
      for (const { id: to } of others) {
        if (((await told.get(tx, to, row.id))?.version ?? 0) >= row.version) continue
        await told.put(tx, [to, row.id], { version: row.version })
        await outbox.post(tx, { to, kind: 'dataset-offered/1', body: { dataset: row.id, version: row.version, ...openingOf(row), salt: row.salt } })
      }
    })
  }

  async function tellAll(): Promise<void> {
    isDue = false
    try {
      for (const row of await store.read((tx) => datasetsKept.list(tx))) if (row.state === 'offered') await tell(row)
    } catch (error) {
      isDue = true
      if (!MhmdError.isInstance(error)) throw error
    }
  }

  return {
    wake,
    run: async (signal) => {
      while (!signal.aborted) {
        if (isDue) await tellAll()
        await pause(LOOK_MILLISECONDS, signal)
      }
    },
  }
}
