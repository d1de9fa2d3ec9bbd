// Suggests a role for each column of a table from its name and its values; a person decides.
import type { Column, Table } from '@mhmd/columns'
import { numberOf } from '../hierarchies/builders/interval.ts'
import { suggestHierarchy } from '../hierarchies/suggest.ts'
import type { ColumnRole } from '../job.ts'

export interface RoleSuggestion {
  readonly role: ColumnRole
  readonly reason: string
}

interface NameRule extends RoleSuggestion {
  readonly name: RegExp
}

/** By name, in English; the identifiers are those of Safe Harbor's list. */
const names: readonly NameRule[] = [
  { name: /^(name|surname|first.?name|last.?name|full.?name|street|address|phone|fax|e-?mail|url|ip)$|(patient|person|record|account|insurance|passport).?(id|no|nr|number)$|\b(ssn|mrn|iban)\b/i, role: 'identifying', reason: 'its name is that of a direct identifier' },
  { name: /diagnos|disease|condition|icd|hiv|drug|medication|procedure|result|salary|income|religion|ethnic|sexual|genetic|occupation/i, role: 'sensitive', reason: 'its name is that of something people keep to themselves' },
  { name: /^(sex|gender|age|race|zip|plz|country|region|state|city|nationality|marital.*|education|workclass|.*birth.*|.*postal.*|.*admission.*date.*)$|native.?country/i, role: 'quasi-identifying', reason: 'its name is that of something others know about a person' },
]

const KINDS_OTHERS_KNOW = ['date', 'postal-code', 'age']

/** By name first, then by shape; whatever can't be told is quasi-identifying, the cautious guess. */
export function suggestRoles(table: Table): Readonly<Record<string, RoleSuggestion>> {
  return Object.fromEntries(table.columns.map((column) => [column.name, roleOf(column, table.rows)]))
}

function roleOf(column: Column, rows: number): RoleSuggestion {
  const named = names.find(({ name }) => name.test(column.name))
  if (named !== undefined) return { role: named.role, reason: named.reason }
  if (column.dictionary.length <= 1) return { role: 'insensitive', reason: 'every row has the same value' }
  const { kind } = suggestHierarchy(column)
  if (KINDS_OTHERS_KNOW.includes(kind)) return { role: 'quasi-identifying', reason: `its values are of the kind ${kind}, which others know about a person` }
  if (kind === 'icd-10' || kind === 'icd-9-cm' || kind === 'atc' || kind === 'loinc') return { role: 'sensitive', reason: `its values are codes of ${kind.toUpperCase()}` }
  if (rows >= 20 && column.dictionary.length > 0.95 * rows && !(kind === 'number' && isMeasured(column, rows))) return { role: 'identifying', reason: 'nearly every row has a value of its own' }
  return { role: 'quasi-identifying', reason: 'nothing speaks for another role; others may know it' }
}

/** Numbers that differ in nearly every row are measured where they have fractions, or are few; whole ones by the hundred are keys. */
function isMeasured({ dictionary }: Column, rows: number): boolean {
  return rows < 100 || dictionary.some((value) => numberOf(value) !== undefined && !Number.isInteger(numberOf(value)))
}
