// Link codes: what a hospital's desk hands a patient so that her device can enrol. Single use, seven days, 80 random bits; only a keyed digest is kept.
import { createHmac } from 'node:crypto'
import { base32 } from '@mhmd/base'
import type { Clock, Randomness } from '@mhmd/base'
import type { Store } from '@mhmd/store'
import { nodeErrors } from './errors.ts'
import { jsonTable } from './table.ts'

interface LinkCode {
  readonly subject: string
  readonly expires: number
  /** The pairwise key that began an enrolment with it; the code then belongs to that key alone. */
  readonly key?: string
}

const table = jsonTable<LinkCode>('link-codes')
const LIFE_MILLISECONDS = 7 * 24 * 3600 * 1000

export interface LinkCodes {
  issue(subject: string): Promise<{ code: string; expires: number }>
  /** Binds the code to the first key that shows it, and gives the subject. Throws NODE_LINK_CODE. */
  claim(code: string, key: string): Promise<string>
}

export function createLinkCodes(parts: { store: Store; secret: Uint8Array; clock: Clock; randomness: Randomness }): LinkCodes {
  const { store, clock } = parts
  const digest = (code: string): string => createHmac('sha256', parts.secret).update(code.toLowerCase().replaceAll('-', '')).digest('base64url')
  return {
    issue: async (subject) => {
      const code = (base32(parts.randomness.bytes(10)).match(/.{4}/g) ?? []).join('-')
      const expires = clock.now() + LIFE_MILLISECONDS
      await store.write((tx) => table.put(tx, [digest(code)], { subject, expires }))
      return { code, expires }
    },
    claim: (code, key) => store.write(async (tx) => {
      const row = await table.get(tx, digest(code))
      if (row === undefined || row.expires <= clock.now() || (row.key !== undefined && row.key !== key)) throw nodeErrors.LINK_CODE()
      await table.put(tx, [digest(code)], { ...row, key })
      return row.subject
    }),
  }
}
