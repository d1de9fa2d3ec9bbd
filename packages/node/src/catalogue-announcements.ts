// A holder tells members that may ask for data what it offers: each version once to each of them, by a durable message; who joins later is told then.
import { MhmdError, pause } from '@mhmd/base'
import type { Outbox } from '@mhmd/messages'
import { catalogueEntryDocument, documentType } from '@mhmd/schema'
import type { MemberRecord } from '@mhmd/schema'
import type { Store } from '@mhmd/store'
import Type from 'typebox'
import { datasetsKept, openingOf } from './datasets-kept.ts'
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
  run(signal: AbortSignal): Promise<void>
}

const LOOK_MILLISECONDS = 250
const isInterested = ({ roles }: MemberRecord): boolean => roles.includes('data-user') || roles.includes('access-body')

/** The version each member was told last; by member and dataset. */
const told = jsonTable<{ readonly version: number }>('datasets-told')

export function createAnnouncements({ store, outbox, trust, holder }: { store: Store; outbox: Outbox; trust: Pick<Trust, 'members' | 'onChange'>; holder: string }): Announcements {
  /** At the start, and when somebody joined: everything is gone through. */
  let isAllDue = true
  trust.onChange(() => { isAllDue = true })

  /** The version that stands now, to whoever was not told of it yet. */
  async function tell(id: string): Promise<void> {
    const others = trust.members().filter((member) => member.id !== holder && isInterested(member))
    await store.write(async (tx) => {
      const row = await datasetsKept.get(tx, id)
      await datasetsKept.told(tx, id)
      if (row?.state !== 'offered') return
      for (const { id: to } of others) {
        if (((await told.get(tx, to, row.id))?.version ?? 0) >= row.version) continue
        await told.put(tx, [to, row.id], { version: row.version })
        await outbox.post(tx, { to, kind: 'dataset-offered/1', body: { dataset: row.id, version: row.version, ...openingOf(row), salt: row.salt } })
      }
    })
  }

  async function tellWhatIsDue(): Promise<void> {
    const isAll = isAllDue
    isAllDue = false
    try {
      for (const id of await store.read(async (tx) => isAll ? (await datasetsKept.list(tx)).map((row) => row.id) : datasetsKept.untold(tx))) await tell(id)
    } catch (error) {
      isAllDue ||= isAll
      if (!MhmdError.isInstance(error)) throw error
    }
  }

  return {
    run: async (signal) => {
      while (!signal.aborted) {
        await tellWhatIsDue()
        await pause(LOOK_MILLISECONDS, signal)
      }
    },
  }
}
