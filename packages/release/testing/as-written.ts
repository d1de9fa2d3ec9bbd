// Whose each row of a released table is, as its holder alone can tell: for an independent reader that counts people.
import { textAt } from '@mhmd/columns'
import { columnsOut } from '../src/table/columns.ts'
import { protectedTable } from '../src/table/make-table.ts'
import type { TableHolderManifest } from '../src/table/manifest.ts'
import type { PersonRows, TableEngine } from '../src/table/ports.ts'
import { agreementKeys } from '../src/table/pseudonymise.ts'

export function peopleAsWritten({ request, dataset, agreement }: TableHolderManifest, { source, engine, secret }: { source: PersonRows; engine: TableEngine; secret: Uint8Array }): string[] {
  const keys = request.form === 'pseudonymised' ? agreementKeys(secret, agreement) : null
  const { sourceRows } = protectedTable({ source, columns: columnsOut(dataset, request).columns, dataset, keys }, engine)
  return Array.from(sourceRows, (row) => textAt(source.person, row))
}
