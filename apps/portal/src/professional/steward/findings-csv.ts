// What an import noted, as a table for whoever corrects the source: CSV (RFC 4180), by place and code, never by value.
export interface Finding {
  readonly import: string
  readonly source: string
  readonly item: number
  readonly offset: number
  readonly path: string
  readonly code: string
  readonly severity: 'error' | 'warning'
  readonly rule?: string
  readonly profile?: string
}

const columns = ['import', 'source', 'item', 'offset', 'severity', 'code', 'path', 'rule', 'profile'] as const

export const findingsCsv = (rows: readonly Finding[]): string => [columns, ...rows.map((row) => columns.map((name) => row[name] ?? ''))].map((cells) => `${cells.map(cell).join(',')}\r\n`).join('')

/** A name that a spreadsheet would take for a formula begins with an apostrophe (OWASP, CSV injection). */
function cell(value: string | number): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
