// Writes docs/reference/errors.md from the error tables and refusal tables that the packages export; `--check` only compares.
// Prevents codes that nobody can look up. A code that vanishes from the code moves to Retired, and is never used again.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import type { ErrorRow } from '@mhmd/base'
import { writeGenerated } from './generated-file.ts'
import { root, roomOf } from './imports.ts'

export const REFERENCE = 'docs/reference/errors.md'

export interface Code {
  readonly code: string
  readonly room: string
  /** An error's kind, or `refusal` for an expected answer. */
  readonly kind: string
  readonly says: string
  readonly remedy: string
}

type Table = { readonly prefix: string; readonly rows: Readonly<Record<string, ErrorRow<never>>> }
type Refusals = Readonly<Record<string, { readonly says: string; readonly remedy: string }>>

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null
const isErrorTable = (value: unknown): value is { readonly table: Table } => isObject(value) && isObject(value['table']) && typeof value['table']['prefix'] === 'string' && isObject(value['table']['rows'])
const isRefusalTable = (value: unknown): value is Refusals =>
  isObject(value) && Object.keys(value).length > 0 && Object.entries(value).every(([code, row]) => /^[A-Z]+(_[A-Z0-9]+)+$/.test(code) && isObject(row) && typeof row['says'] === 'string' && typeof row['remedy'] === 'string')

/** A row's sentence with each detail shown by its name. */
function sentence(row: ErrorRow<never>): string {
  const names = new Proxy({}, { get: (_, name) => `{${String(name)}}` }) as never
  return row.says(names)
}

function codesOf(room: string, value: unknown): Code[] {
  if (isErrorTable(value)) return Object.entries(value.table.rows).map(([name, row]) => ({ code: `${value.table.prefix}_${name}`, room, kind: row.kind, says: sentence(row), remedy: row.remedy }))
  if (isRefusalTable(value)) return Object.entries(value).map(([code, { says, remedy }]) => ({ code, room, kind: 'refusal', says, remedy }))
  return []
}

/** Codes that the project's own commands print, as they stand in their text. */
function toolCodes(): Code[] {
  return globSync('tools/*.{ts,mjs}', { cwd: root, exclude: ['**/*.test.ts'] }).flatMap((path) =>
    [...readFileSync(root + path, 'utf8').matchAll(/[`'"{} ]([A-Z]+(?:_[A-Z0-9]+)+): ([^`'\n]+)[`']/g)].map(([, code = '', text = '']) => {
      const [says = '', ...remedy] = text.replace(/\$\{[^}]*\}/g, '{…}').split(/(?<=[.;]) /)
      return { code, room: 'tools', kind: 'setup', says, remedy: remedy.join(' ') }
    }))
}

/** Every code of the repository, by room and then by code. The same table exported twice counts once. */
export async function collectCodes(): Promise<Code[]> {
  const found = new Map<string, Code>()
  for (const index of globSync('{packages,adapters,apps}/*/src/{index,errors,device/errors}.ts', { cwd: root }).sort()) {
    const exported = await import(pathToFileURL(root + index).href) as Record<string, unknown>
    for (const code of Object.values(exported).flatMap((value) => codesOf(roomOf(index) ?? '', value))) {
      const other = found.get(code.code)
      if (other !== undefined && other.room !== code.room && other.says !== code.says) throw new Error(`${code.code} is declared in ${other.room} and in ${code.room}: one code has one meaning`)
      if (other === undefined) found.set(code.code, code)
    }
  }
  for (const code of toolCodes()) found.set(code.code, code)
  return [...found.values()].sort((a, b) => compare(a.room, b.room) || compare(a.code, b.code))
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** The codes that a reference lists as in use and as retired. */
export function codesListed(text: string): { readonly used: string[]; readonly retired: string[] } {
  return {
    used: [...text.matchAll(/^\| `([A-Z0-9_]+)` \|/gm)].map(([, code = '']) => code),
    retired: [...text.matchAll(/^- `([A-Z0-9_]+)`$/gm)].map(([, code = '']) => code),
  }
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;')

export function referenceText(codes: readonly Code[], before: string): string {
  const listed = codesListed(before)
  const used = new Set(codes.map(({ code }) => code))
  const again = listed.retired.filter((code) => used.has(code))
  if (again.length > 0) throw new Error(`retired codes are never used again: ${again.join(', ')}`)
  const retired = [...new Set([...listed.retired, ...listed.used.filter((code) => !used.has(code))])].sort(compare)
  const sections = [...Map.groupBy(codes, ({ room }) => room)].map(([room, rows]) =>
    [`## ${room}`, '', '| code | kind | says | what to do |', '| --- | --- | --- | --- |', ...rows.map((row) => `| \`${row.code}\` | ${row.kind} | ${cell(row.says)} | ${cell(row.remedy)} |`)].join('\n'))
  return `${[
    '# Errors and refusals',
    'Generated from the tables in the code by `npm run generate`; edits here are overwritten. Codes are stable: match on them, never on the sentence. `{name}` stands for a detail: an id, a code or a count, never a value from a person\'s record. A *refusal* is an expected answer, recorded as such; a *setup* code comes from the project\'s own commands; a *bug* is shown outside only as `INTERNAL` with a correlation id.',
    ...sections,
    '## Retired\n\nNever used again.',
    ...(retired.length > 0 ? [retired.map((code) => `- \`${code}\``).join('\n')] : []),
  ].join('\n\n')}\n`
}

if (import.meta.main) {
  const before = existsSync(root + REFERENCE) ? readFileSync(root + REFERENCE, 'utf8') : ''
  writeGenerated(REFERENCE, referenceText(await collectCodes(), before))
}
