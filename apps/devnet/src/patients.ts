// The devnet's synthetic patients: Synthea bundles from the repository's seed set and copies of them, or another folder's.
import { readFileSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { copiedId, copiedText, originalOf } from './copies.ts'
import type { Bundle, Original } from './copies.ts'
import { devnetErrors } from './errors.ts'

export interface PatientFile {
  readonly file: string
  /** 0: as it stands in the file; n: its n-th copy. */
  readonly copy: number
  /** The identifier by which a desk finds the patient: the first one in her record. */
  readonly identifier: { readonly system: string; readonly value: string }
}

/** The folder of patients used where none is named. */
export const defaultPatients = (): string => fileURLToPath(new URL('../seed', import.meta.url))

/** The first `limit` patient bundles of a folder, by name. The seed set has as many as are asked for: after its own come copies of them. */
export function patientsOf(folder: string, limit: number): PatientFile[] {
  const files = readdirSync(folder).filter((name) => /\.json(\.gz)?$/.test(name)).sort().slice(0, limit).map((name) => join(folder, name))
  if (files.length === 0) throw devnetErrors.NO_PATIENTS({ folder })
  const own = files.map((file): PatientFile => ({ file, copy: 0, identifier: identifierOf(file) }))
  if (resolve(folder) !== resolve(defaultPatients())) return own
  return Array.from({ length: limit }, (_, index) => {
    const original = own[index % own.length] as PatientFile
    const copy = Math.floor(index / own.length)
    const { system, value } = original.identifier
    return copy === 0 ? original : { ...original, copy, identifier: { system, value: copiedId(value, copy) } }
  })
}

/** The patient's bundle on one line. */
export function bundleText({ file, copy }: Pick<PatientFile, 'file' | 'copy'>): string {
  if (copy === 0) return JSON.stringify(fromFile(file))
  const original = originals.get(file) ?? originalOf(fromFile(file))
  originals.set(file, original)
  return copiedText(original, copy)
}

/** Each is read once: they are copied several times, at several hospitals at once. */
const originals = new Map<string, Original>()

export const readBundle = (patient: Pick<PatientFile, 'file' | 'copy'>): Bundle => (patient.copy === 0 ? fromFile(patient.file) : JSON.parse(bundleText(patient)) as Bundle)

function fromFile(file: string): Bundle {
  const bytes = readFileSync(file)
  return JSON.parse((file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')) as Bundle
}

function identifierOf(file: string): PatientFile['identifier'] {
  const patient = fromFile(file).entry.find((entry) => entry.resource.resourceType === 'Patient')
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
