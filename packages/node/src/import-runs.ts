// What every import does, whatever its source: checked against the profiles kept here, its patients' links followed, and a record of where it came from (FHIR R4 Provenance) left with the job's end.
import { MhmdError } from '@mhmd/base'
import type { Clock } from '@mhmd/base'
import type { Source, ValidationLevel } from '@mhmd/fhir'
import type { Store, WriteTransaction } from '@mhmd/store'
import { importRecords, patientLinks } from '@mhmd/vault'
import type { ImportCounts, LinkedPatients, Vault } from '@mhmd/vault'
import type { HolderVault } from './holder-vault.ts'
import type { Job, JobStep } from './jobs.ts'
import { isBetween } from './patient-merges.ts'
import type { Merges } from './patient-merges.ts'
import type { Profiles } from './profiles.ts'
import { jsonTable } from './table.ts'

/** Where one import came from and what it did. No name of a file: people write patients' names there. */
export interface ImportRecord extends ImportCounts {
  readonly id: string
  readonly began: number
  readonly ended: number
  readonly level: ValidationLevel
  /** The key of the member of staff who sent the file; null where a record system gave it. */
  readonly by: string | null
  /** Of each file's bytes, SHA-256. */
  readonly digests: readonly string[]
  /** Addresses of the profiles that resources were held to where they named them; not kept by the oldest rows. */
  readonly profiles?: readonly string[]
}

export const importsKept = jsonTable<ImportRecord>('import-provenance')

export interface ImportRuns {
  /** Imports, follows links, and gives what the job's end keeps. */
  run(job: Job, step: JobStep, what: { readonly sources: readonly Source[]; readonly level: ValidationLevel; readonly by: string | null; readonly digests: readonly string[] }): Promise<(tx: WriteTransaction) => Promise<void>>
}

export function createImportRuns(parts: { store: Store; records: Vault; vault: HolderVault; merges: Merges; profiles: Profiles; clock: Clock }): ImportRuns {
  const { store, records, vault, merges, clock } = parts

  /** The record system's own word on who is one person: followed where it merges, undone where it takes that back, shown where it only hints. */
  async function followLinks(): Promise<void> {
    const links = await patientLinks(records, vault.duty('import'))
    const wanted = links.flatMap((link) => mergeOf(link) ?? [])
    for (const row of await store.read((tx) => merges.list(tx))) {
      const isWanted = wanted.some(({ from, into }) => isBetween(row, from, into))
      if (row.origin === 'source' && row.state === 'merged' && !isWanted) await merges.end(row.id, { origin: 'source' })
    }
    for (const one of wanted) {
      const rows = (await store.read((tx) => merges.list(tx))).filter((row) => isBetween(row, one.from, one.into))
      const isSettled = rows.some((row) => row.state === 'merged' || row.ended?.origin === 'staff')
      if (!isSettled) await merges.merge({ ...one, origin: 'source' }).catch(unlessOneAlready)
    }
    for (const { type, subject, patient, otherSubject, other } of links) {
      if (type === 'seealso' || type === 'refer') await merges.propose({ from: subject, into: otherSubject, link: { patient, other } })
    }
  }

  return {
    run: async (job, step, { sources, level, by, digests }) => {
      const profiles = level === 'full' ? await parts.profiles.kept() : []
      const { read, added, changed, unchanged, quarantined } = await importRecords(sources, { id: job.id, level, profiles: profiles.map(({ definition }) => definition), vault: records, decision: vault.duty('import'), signal: step.signal, progress: (progress) => step.progress(progress.read, 0) })
      await followLinks()
      return (tx) => importsKept.put(tx, [job.id], { id: job.id, began: job.created, ended: clock.now(), level, by, digests, profiles: profiles.map(({ url }) => url), read, added, changed, unchanged, quarantined })
    },
  }
}

/** Which of two stays: the one that replaces the other. */
function mergeOf({ type, subject, patient, otherSubject, other }: LinkedPatients): { from: string; into: string; link: { patient: string; other: string } } | undefined {
  const link = { patient, other }
  if (type === 'replaced-by') return { from: subject, into: otherSubject, link }
  return type === 'replaces' ? { from: otherSubject, into: subject, link } : undefined
}

/** Two that are one by way of a third need no row of their own. */
function unlessOneAlready(error: unknown): undefined {
  if (MhmdError.isInstance(error) && error.code === 'NODE_STATE') return undefined
  throw error
}
