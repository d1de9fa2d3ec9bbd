// The devnet's synthetic patients: Synthea bundles from the repository's seed set, or a larger folder where one is given.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { devnetErrors } from './errors.ts'

export interface PatientFile {
  readonly file: string
  /** The identifier by which a desk finds the patient: the first one in her record. */
  readonly identifier: { readonly system: string; readonly value: string }
}

const seed = fileURLToPath(new URL('../seed', import.meta.url))
const beside = fileURLToPath(new URL('../../../../shared/data/fhir/synthea-r4', import.meta.url))

/** The folder of patients used where none is named: the larger set beside the repository, if it is there. */
export const defaultPatients = (): string => (existsSync(beside) ? beside : seed)

/** The first `limit` patient bundles of a folder, by name. */
export function patientsOf(folder: string, limit: number): PatientFile[] {
  const files = readdirSync(folder).filter((name) => /\.json(\.gz)?$/.test(name)).sort().slice(0, limit)
  if (files.length === 0) throw devnetErrors.NO_PATIENTS({ folder })
  return files.map((name) => ({ file: join(folder, name), identifier: identifierOf(join(folder, name)) }))
}

interface Bundle {
  readonly entry: readonly { readonly resource: { readonly resourceType: string; readonly identifier?: readonly { system?: string; value?: string }[] } }[]
}

export function readBundle(file: string): Bundle {
  const bytes = readFileSync(file)
  return JSON.parse((file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')) as Bundle
}

function identifierOf(file: string): PatientFile['identifier'] {
  const patient = readBundle(file).entry.find((entry) => entry.resource.resourceType === 'Patient')
  const identifier = patient?.resource.identifier?.[0]
  if (identifier?.system === undefined || identifier.value === undefined) throw new Error('a patient bundle without an identified patient')
  return { system: identifier.system, value: identifier.value }
}

/** At which hospitals each patient is known: one each in turn, and every tenth at the next one too. */
export function hospitalsOf(index: number, hospitals: readonly string[]): string[] {
  const first = hospitals[index % hospitals.length] ?? ''
  const second = hospitals[(index + 1) % hospitals.length] ?? ''
  return index % 10 === 9 && second !== first ? [first, second] : [first]
}
