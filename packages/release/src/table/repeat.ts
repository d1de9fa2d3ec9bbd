// A release made again from the holder's manifest and the same rows: byte for byte what left, or an error.
import { toBase64Url } from '@mhmd/base'
import { sha256 } from '@mhmd/crypto'
import { releaseErrors } from '../errors.ts'
import { columnsOut } from './columns.ts'
import type { TableHolderManifest } from './manifest.ts'
import type { PersonRows, TableEngine } from './ports.ts'
import { sourceDigest, tableOf } from './release-table.ts'

/** Throws RELEASE_SOURCE_CHANGED where the rows, the engine or the secret are not those it was made with. */
export function repeatTable(manifest: TableHolderManifest, { source, engine, secret }: { source: PersonRows; engine: TableEngine; secret: Uint8Array }): Uint8Array {
  const { request, dataset, agreement } = manifest
  if (sourceDigest(source) !== manifest.sourceDigest) throw releaseErrors.SOURCE_CHANGED()
  const form = request.form === 'pseudonymised' ? 'pseudonymised' : 'anonymised'
  const { bytes } = tableOf(form, { source, out: columnsOut(dataset, request), dataset, options: { engine, secret, agreement } })
  if (toBase64Url(sha256(bytes)) !== manifest.digest) throw releaseErrors.SOURCE_CHANGED()
  return bytes
}
