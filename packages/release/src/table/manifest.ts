// What is written down of a table: the holder's manifest, sealed, from which it can be repeated byte for byte; the recipient's, which says how it came about and
// holds no seed, key, offset or figure of a record. Both are kept as text, so that what was signed is what was read.
import { fromUtf8, toBase64Url, utf8 } from '@mhmd/base'
import type { Canonical, Randomness } from '@mhmd/base'
import { commit, deriveKey, newSalt, open, seal, sha256 } from '@mhmd/crypto'
import type { Commitment, Salt } from '@mhmd/crypto'
import type { Dataset, DatasetRole, UseRequest } from '@mhmd/schema'
import type { Figures } from '../gate/figures.ts'
import type { ColumnsOut } from './columns.ts'

/** What the holder keeps. `sourceDigest` tells whether rows read again are those it was made of. */
export interface TableHolderManifest {
  readonly format: 'mhmd-table-holder/1'
  readonly release: string
  readonly agreement: string
  readonly request: UseRequest
  readonly dataset: Dataset
  readonly datasetVersion: number
  readonly height: number
  readonly time: number
  readonly engine: { readonly name: string; readonly version: string } | null
  readonly levels: Readonly<Record<string, number>>
  readonly k: number
  readonly withheld: ColumnsOut['withheld']
  readonly figures: Figures
  readonly earlierReleases: number
  readonly sourceDigest: string
  readonly digest: string
}

/** What goes with the bytes. */
export interface TableManifest {
  readonly format: 'mhmd-table/1'
  readonly release: string
  readonly request: string
  readonly agreement: string
  readonly holder: string
  readonly dataset: { readonly id: string; readonly version: number; readonly title: string }
  readonly form: 'anonymised' | 'pseudonymised'
  readonly columns: readonly { readonly name: string; readonly role: DatasetRole; readonly level?: number; readonly hierarchy?: string }[]
  readonly withheld: ColumnsOut['withheld']
  readonly methods: readonly string[]
  readonly parameters: Readonly<Record<string, unknown>>
  readonly engine: TableHolderManifest['engine']
  readonly height: number
  readonly time: number
  readonly simulation: boolean
  readonly media: 'text/csv; charset=utf-8; header=present'
  readonly bytes: number
  readonly digest: string
  readonly notes: readonly string[]
}

export const tableNotes = {
  notAnonymous: 'No machine calls this table anonymous. Treat it as personal data unless the holder’s signed assessment for you, and until its end, says otherwise.',
  pseudonymised: 'Personal data (Regulation (EU) 2016/679, Art. 4(5)). Dates of one person are moved by the same number of days; pseudonyms are made for this agreement alone.',
  suppressed: 'A row of asterisks stands for a row that is not shown.',
  permittedOnly: 'Only people whose data may be used for this request are in it.',
} as const

const context = (release: string): string => `table-manifest/${release}`

export function sealTableManifest(manifest: TableHolderManifest, secret: Uint8Array): Uint8Array {
  return seal(deriveKey(secret, 'release/manifest'), utf8(JSON.stringify(manifest)), context(manifest.release))
}

/** Throws CRYPTO_CANNOT_OPEN. */
export function openTableManifest(sealed: Uint8Array, release: string, secret: Uint8Array): TableHolderManifest {
  return JSON.parse(fromUtf8(open(deriveKey(secret, 'release/manifest'), sealed, context(release)))) as TableHolderManifest
}

/** What the ledger's commitment is over: the recipient can check its own part, the holder's part only by digest. */
export function tableManifestContent(recipient: string, holder: string): Canonical {
  const digestOf = (text: string): string => toBase64Url(sha256(utf8(text)))
  return { recipient: digestOf(recipient), holder: digestOf(holder) }
}

export interface Commitments {
  /** Over both manifests. */
  readonly content: Commitment
  /** Over the digest of the bytes. */
  readonly bytes: Commitment
  readonly salt: Salt
}

/** One salt opens both; their kinds keep them apart. */
export function commitTable({ recipient, holder, digest }: { recipient: string; holder: string; digest: string }, randomness: Randomness): Commitments {
  const salt = newSalt(randomness)
  return { content: commit('table-manifests', tableManifestContent(recipient, holder), salt), bytes: commit('table-bytes', digest, salt), salt }
}
