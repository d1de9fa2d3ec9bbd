// What the source's Patient records say of each other (Patient.link): read under the holder's duty to import, for the room that keeps merges.
import { fromUtf8 } from '@mhmd/base'
import { requireDecision } from '@mhmd/consent'
import type { Decision } from '@mhmd/consent'
import type { PatientLink } from './import-candidates.ts'
import { referenceName } from './people-names.ts'
import { tables } from './tables.ts'
import { insideOf } from './vault.ts'
import type { Vault } from './vault.ts'

/** One link between two subjects of this vault, with the references by which the source names them. */
export interface LinkedPatients {
  readonly type: string
  readonly subject: string
  readonly patient: string
  readonly otherSubject: string
  readonly other: string
}

/** Links whose other patient is here too; few, so they are read at once. Throws as `requireDecision`. */
export async function patientLinks(vault: Vault, decision: Decision): Promise<readonly LinkedPatients[]> {
  const { ports: { store, clock }, keys } = insideOf(vault)
  requireDecision(decision, { now: clock.now(), purpose: 'import' })
  return store.read(async (tx) => {
    const found: LinkedPatients[] = []
    for await (const { key: [subject = '', place = ''], value } of tx.scan(tables.links)) {
      const own = await keys.find(tx, subject)
      if (own === undefined) continue
      const { patient, links } = JSON.parse(fromUtf8(own.open('link', place, value))) as { patient: string; links: readonly PatientLink[] }
      for (const { other, type } of links) {
        const otherSubject = await keys.subjectOf(tx, referenceName(other))
        if (otherSubject !== undefined && otherSubject !== subject) found.push({ type, subject, patient, otherSubject, other })
      }
    }
    return found
  })
}
