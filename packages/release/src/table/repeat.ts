// A release made again from the holder's manifest and the same rows: byte for byte what left, or an error.
import { toBase64Url } from '@mhmd/base'
import { sha256 } from '@mhmd/crypto'
import { releaseErrors } from '../errors.ts'
import { columnsOut } from './columns.ts'
import { protectedTable, sourceDigest } from './make-table.ts'
import type { TableHolderManifest } from './manifest.ts'
import type { PersonRows, TableEngine } from './ports.ts'
import { agreementKeys } from './pseudonymise.ts'

/** Throws RELEASE_SOURCE_CHANGED where the rows, the engine or the secret are not those it was made with. */
export function repeatTable(manifest: TableHolderManifest, { source, engine, secret }: { source: PersonRows; engine: TableEngine; secret: Uint8Array }): Uint8Array {
  const { request, dataset, agreement } = manifest
  if (sourceDigest(source) !== manifest.sourceDigest) throw releaseErrors.SOURCE_CHANGED()
  const keys = request.form === 'pseudonymised' ? agreementKeys(secret, agreement) : null
  const { bytes } = protectedTable({ source, columns: columnsOut(dataset, request).columns, dataset, keys }, engine)
  if (toBase64Url(sha256(bytes)) !== manifest.digest) throw releaseErrors.SOURCE_CHANGED()
  return bytes
}
