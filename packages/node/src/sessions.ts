// Sessions of staff: opened by one signed request, shown by a cookie, kept under a digest; over when idle or old (docs/decisions/0013).
import { createHash, timingSafeEqual } from 'node:crypto'
import { toBase64Url, utf8 } from '@mhmd/base'
import type { Clock, Randomness } from '@mhmd/base'
import type { PublicKey } from '@mhmd/crypto'
import type { Store, WriteTransaction } from '@mhmd/store'
import { nodeErrors } from './errors.ts'
import { jsonTable } from './table.ts'

interface SessionRow {
  readonly key: PublicKey
  readonly opened: number
  readonly seen: number
}

/** A session that is not over, and when it will be. */
export interface LiveSession {
  /** Its digest, by which it is kept. */
  readonly id: string
  readonly key: PublicKey
  /** What a changing request shows beside the cookie; a page of another origin can't read it. */
  readonly csrf: string
  readonly idleUntil: number
  readonly expires: number
}

export interface SessionLimits {
  readonly idleMilliseconds: number
  readonly longestMilliseconds: number
}

export const sessionLimits: SessionLimits = { idleMilliseconds: 15 * 60_000, longestMilliseconds: 8 * 3_600_000 }

export interface Sessions {
  /** `secret` is the cookie's value, and is kept nowhere here. */
  open(key: PublicKey): Promise<LiveSession & { readonly secret: string }>
  /** The session of a cookie, seen now. Throws NODE_SESSION_OVER. */
  use(secret: string): Promise<LiveSession>
  end(id: string): Promise<void>
}

const table = jsonTable<SessionRow>('sessions')
/** Somebody's sixth browser ends the session of her first. */
const PER_KEY = 5

const digestOf = (use: string, secret: string): string => createHash('sha256').update(`mhmd-session ${use} `).update(secret).digest('base64url')

export const isToken = (given: string, wanted: string): boolean => {
  const [a, b] = [utf8(given), utf8(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}

export function createSessions(parts: { readonly store: Store; readonly clock: Clock; readonly randomness: Randomness; readonly limits?: SessionLimits }): Sessions {
  const { store, clock } = parts
  const { idleMilliseconds, longestMilliseconds } = parts.limits ?? sessionLimits
  const live = ({ key, opened, seen }: SessionRow, secret: string): LiveSession => ({ id: digestOf('id', secret), key, csrf: digestOf('csrf', secret), idleUntil: Math.min(seen + idleMilliseconds, opened + longestMilliseconds), expires: opened + longestMilliseconds })
  const isOver = ({ opened, seen }: SessionRow, now: number): boolean => now >= seen + idleMilliseconds || now >= opened + longestMilliseconds

  /** Those that are over go, and of this key's all but the newest. */
  async function makeRoom(tx: WriteTransaction, key: PublicKey): Promise<void> {
    const rows = await table.list(tx)
    const hers = rows.filter(({ value }) => value.key === key && !isOver(value, clock.now())).sort((a, b) => b.value.seen - a.value.seen)
    const surplus = new Set(hers.slice(PER_KEY - 1))
    for (const row of rows) if (isOver(row.value, clock.now()) || surplus.has(row)) await table.delete(tx, ...row.key)
  }

  return {
    open: (key) => store.write(async (tx) => {
      const secret = toBase64Url(parts.randomness.bytes(32))
      const row = { key, opened: clock.now(), seen: clock.now() }
      await makeRoom(tx, key)
      await table.put(tx, [digestOf('id', secret)], row)
      return { ...live(row, secret), secret }
    }),
    use: async (secret) => {
      const id = digestOf('id', secret)
      const row = await store.read((tx) => table.get(tx, id))
      const now = clock.now()
      if (row === undefined || isOver(row, now)) throw nodeErrors.SESSION_OVER()
      // Not each request needs a durable write.
      if (now - row.seen < idleMilliseconds / 30) return live(row, secret)
      return store.write(async (tx) => {
        if (await table.get(tx, id) === undefined) throw nodeErrors.SESSION_OVER()
        await table.put(tx, [id], { ...row, seen: now })
        return live({ ...row, seen: now }, secret)
      })
    },
    end: (id) => store.write((tx) => table.delete(tx, id)),
  }
}
