// Figures as comma-separated values (RFC 4180), for spreadsheets.
type Cell = string | number | boolean | null

/** A text that a spreadsheet would take for a formula is led by an apostrophe. */
export const csvOf = (headings: readonly string[], rows: readonly (readonly Cell[])[]): string => [headings, ...rows].map((row) => `${row.map(csvCell).join(',')}\r\n`).join('')

function csvCell(cell: Cell): string {
  const text = typeof cell === 'string' && /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : String(cell ?? '')
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
