// A citizen's key that was linked to the wrong patient's records: the desk closes it here, at once and for good. Her consents then count as withdrawn for these records; her opt-outs stand.
import type { Clock } from '@mhmd/base'
import { stateKeys } from '@mhmd/contracts'
import type { Follower } from '@mhmd/ledger'
import { documentType } from '@mhmd/schema'
import type { SubjectState } from '@mhmd/schema'
import type { Store } from '@mhmd/store'
import Type from 'typebox'
import { nodeErrors } from './errors.ts'
import type { HolderVault } from './holder-vault.ts'
import { keysClosedHere } from './keys-closed.ts'
import { Exactly, When } from './people-answers.ts'
import { route } from './people.ts'
import type { PeopleRoute } from './people.ts'
import type { Standing } from './standing.ts'
import type { StatementTables } from './statements.ts'

const patient = documentType('key-closing', Type.Object({ system: Type.String({ minLength: 1, maxLength: 500 }), value: Type.String({ minLength: 1, maxLength: 200 }) }, { additionalProperties: false }))

export function keyClosingRoutes(parts: { store: Store; holder: string; vault: HolderVault; follower: Follower; standing: Standing; statements: StatementTables; clock: Clock }): PeopleRoute[] {
  const { store, clock } = parts
  return [
    route({
      method: 'POST', path: '/staff/1/key-closings', body: patient, roles: ['desk'], refusals: ['NODE_SUBJECT_UNKNOWN', 'NODE_STATE'],
      summary: 'Closes the key that is linked to a patient\'s records by mistake: from now on it decides nothing about them, and what left by its consents is called back.',
      answer: Exactly({ closed: When }),
      handle: async ({ key, body }) => {
        const subject = await parts.vault.find(body.system, body.value)
        const state = await parts.follower.latest(stateKeys.subject(parts.holder, subject)) as SubjectState | undefined
        if (state === undefined) throw nodeErrors.STATE({ what: 'patient', state: 'not linked with any key' })
        const closed = await store.write(async (tx) => {
          const before = await keysClosedHere.get(tx, subject)
          if (before !== undefined) return before
          const now = { at: clock.now(), by: key }
          await keysClosedHere.put(tx, [subject], now)
          await parts.statements.note(tx, { subject, kind: 'key', version: state.version, operationId: null, heard: now.at })
          return now
        })
        parts.standing.close(subject)
        return { closed: closed.at }
      },
    }),
  ]
}
