// Whose each row of a released table is, as its holder alone can tell: for an independent reader that counts people.
import { textAt } from '@mhmd/columns'
import { columnsOut } from '../src/table/columns.ts'
import type { TableHolderManifest } from '../src/table/manifest.ts'
import type { PersonRows, TableEngine } from '../src/table/ports.ts'
import { tableOf } from '../src/table/release-table.ts'

export function peopleAsWritten({ request, dataset, agreement }: TableHolderManifest, { source, engine, secret }: { source: PersonRows; engine: TableEngine; secret: Uint8Array }): string[] {
  const form = request.form === 'pseudonymised' ? 'pseudonymised' : 'anonymised'
  const { sourceRows } = tableOf(form, { source, out: columnsOut(dataset, request), dataset, options: { engine, secret, agreement } })
  return Array.from(sourceRows, (row) => textAt(source.person, row))
}
