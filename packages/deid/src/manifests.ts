// The two papers of a release. The sealed manifest stays with the holder and repeats the release byte for byte: it holds the secret. The
// recipient's names methods, parameters, hashes of hierarchies and the engine, and nothing of which a record could be told: no secret, seed,
// shift, path, nor a figure about rows that didn't leave.
import { fromBase64Url, toBase64Url, toHex, utf8 } from '@mhmd/base'
import { sha256 } from '@mhmd/crypto'
import type { Column, Table } from '@mhmd/columns'
import { deidErrors } from './errors.ts'
import type { Job, MaskSpec, ModelSpec } from './job.ts'
import type { JobTables } from './prepare.ts'
import { release } from './release.ts'
import type { Release } from './released.ts'

/** Raised whenever the same job, tables and secret would give another table. */
const engine = 'mhmd-deid/3'

/** What tells a release's bytes, and their form. */
export interface ReleasedFile {
  readonly kind: 'csv' | 'ndjson' | 'parquet'
  readonly bytes: number
  /** SHA-256, in hexadecimal. */
  readonly digest: string
}

export interface SealedManifest {
  readonly format: 'mhmd-deid-sealed/1'
  readonly engine: string
  readonly job: Job
  /** Levels that the search found, so that a repetition need not search. */
  readonly levels: Readonly<Record<string, number>>
  /** SHA-256 of what went in, by name, and of the table that left. */
  readonly inputs: Readonly<Record<string, string>>
  readonly release: string
  /** The file as it was written, unpacked. */
  readonly file?: ReleasedFile
  /** Base64url; only where the job draws. */
  readonly secret?: string
}

export interface RecipientManifest {
  readonly format: 'mhmd-deid-manifest/1'
  readonly engine: string
  readonly release: string
  readonly rows: number
  readonly columns: readonly { readonly name: string; readonly role: string; readonly level?: number; readonly hierarchy?: string }[]
  readonly models: readonly Readonly<Record<string, unknown>>[]
  readonly masks: readonly MaskSpec[]
  /** What was assumed of an attacker where persons are the unit. */
  readonly person?: { readonly visits: number; readonly ordered: boolean }
  readonly localRecoding: boolean
  readonly suppressionLimit: number
}

/** SHA-256 of a table's names and cells, in hexadecimal: the same for any file form and any order of dictionaries. */
export function tableDigest({ rows, columns }: Table): string {
  return toHex(sha256(Buffer.concat([utf8(`${rows}`), ...columns.map(columnDigest)])))
}

function columnDigest({ name, dictionary, codes }: Column): Uint8Array {
  const [places, texts] = [new Int32Array(dictionary.length).fill(-1), [] as string[]]
  const own = Uint32Array.from(codes, (code) => {
    if (places[code] === -1) places[code] = texts.push(dictionary[code] as string) - 1
    return places[code] as number
  })
  return sha256(Buffer.concat([utf8(JSON.stringify([name, texts])), new Uint8Array(own.buffer)]))
}

export interface Manifests {
  readonly sealed: SealedManifest
  readonly recipient: RecipientManifest
}

/** The manifests of a release just made from these. */
export function releaseManifests(job: Job, tables: JobTables, { found, secret, file }: { found: Release; secret?: Uint8Array; file?: ReleasedFile }): Manifests {
  const inputs = inputDigests(tables)
  const digest = tableDigest(found.table)
  return {
    sealed: { format: 'mhmd-deid-sealed/1', engine, job, levels: found.levels, inputs, release: digest, ...(file && { file }), ...(secret && { secret: toBase64Url(secret) }) },
    recipient: {
      format: 'mhmd-deid-manifest/1', engine, release: digest, rows: found.table.rows,
      columns: found.table.columns.map(({ name }) => ({ name, role: job.columns[name]?.role ?? 'unnamed', ...levelOf(found.levels[name]), ...(inputs[`hierarchy of ${name}`] !== undefined && { hierarchy: inputs[`hierarchy of ${name}`] as string }) })),
      models: job.models.map(withoutFiles),
      masks: job.masks ?? [],
      ...(job.person && { person: { visits: job.person.visits ?? 1, ordered: job.person.ordered ?? false } }),
      localRecoding: job.localRecoding ?? false,
      suppressionLimit: job.suppressionLimit ?? 0,
    },
  }
}

/** A column may be called `constructor`, of which every object has one. */
const levelOf = (level: unknown): { level?: number } => typeof level === 'number' ? { level } : {}

/** A model without the paths of its second table. */
function withoutFiles(model: ModelSpec): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(model).filter(([name]) => name !== 'subset' && name !== 'population'))
}

function inputDigests({ input, hierarchies, subset, population }: JobTables): Record<string, string> {
  return {
    input: tableDigest(input),
    ...Object.fromEntries(Object.entries(hierarchies).map(([name, { table }]) => [`hierarchy of ${name}`, tableDigest(table)])),
    ...(subset && { subset: tableDigest(subset) }),
    ...(population && { population: tableDigest(population) }),
  }
}

/** The release again, from its sealed manifest. Throws DEID_MANIFEST_ENGINE, DEID_MANIFEST_INPUT, DEID_MANIFEST_RESULT. */
export function repeatRelease(sealed: SealedManifest, tables: JobTables): Table {
  const table = repeated(sealed, tables)
  if (tableDigest(table) !== sealed.release) throw deidErrors.MANIFEST_RESULT({})
  return table
}

/** What the sealed manifest gives now, whether or not it is what left. Throws DEID_MANIFEST_ENGINE, DEID_MANIFEST_INPUT. */
export function repeated(sealed: SealedManifest, tables: JobTables): Table {
  if (sealed.engine !== engine) throw deidErrors.MANIFEST_ENGINE({ made: sealed.engine, own: engine })
  const inputs = inputDigests(tables)
  const other = Object.keys({ ...inputs, ...sealed.inputs }).find((name) => inputs[name] !== sealed.inputs[name])
  if (other !== undefined) throw deidErrors.MANIFEST_INPUT({ what: other })
  return release(atLevels(sealed), tables, sealed.secret === undefined ? {} : { secret: fromBase64Url(sealed.secret) }).table
}

/** The job with the levels found, so that a search that was cut short ends where it did. Private and local searches draw or go round again. */
function atLevels({ job, levels }: SealedManifest): Job {
  if (job.localRecoding === true || job.models.some(({ type }) => type === 'differential-privacy')) return job
  const columns = Object.fromEntries(Object.entries(job.columns).map(([name, column]) => [name, typeof levels[name] !== 'number' ? column : { ...column, minLevel: levels[name], maxLevel: levels[name] }]))
  return { ...job, columns, search: { type: 'exact' } }
}
