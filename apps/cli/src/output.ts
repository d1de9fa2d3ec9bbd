// What the command line prints: plain lines for people, one JSON document with `--json`, errors with code and remedy on stderr, and exit codes by kind.
import { MhmdError } from '@mhmd/base'
import type { ErrorKind } from '@mhmd/base'
import { cliErrors } from './errors.ts'

/** 0 done; 2 wrong use or input; 3 refused; 4 not found; 5 conflict; 6 unavailable, try again; 70 a mistake of the program. */
export const exitCodes: Readonly<Record<ErrorKind, number>> = { invalid: 2, unauthenticated: 3, forbidden: 3, 'not-found': 4, conflict: 5, unavailable: 6, bug: 70 }

export interface Output {
  /** The result: printed whole as JSON with `--json`, else as the lines given. */
  result(value: unknown, lines: readonly string[]): void
  /** Progress for a person: on stderr, and only without `--json`. */
  progress(line: string): void
}

export const outputOf = (options: { json?: boolean }): Output => ({
  result: (value, lines) => process.stdout.write(options.json === true ? `${JSON.stringify(value)}\n` : `${lines.join('\n')}\n`),
  progress: (line) => {
    if (options.json !== true) process.stderr.write(`${line}\n`)
  },
})

/** Prints an error as a person can use it and gives the exit code. Unknown errors show their class only: a message might quote data. */
export function report(thrown: unknown, json: boolean): number {
  const error = ofFile(thrown) ?? thrown
  const shown = MhmdError.isInstance(error)
    ? error.toJSON()
    : { code: 'INTERNAL', kind: 'bug' as const, message: `The program made a mistake (${error instanceof Error ? error.name : typeof error}).`, remedy: 'Run it again with MHMD_DEBUG=1 and tell the maintainers what it prints.', details: {} }
  if (json) process.stderr.write(`${JSON.stringify({ error: shown })}\n`)
  else process.stderr.write(`${shown.code}: ${shown.message}\n  → ${shown.remedy}\n`)
  if (process.env['MHMD_DEBUG'] !== undefined) process.stderr.write(`${error instanceof Error ? error.stack ?? '' : ''}\n`)
  return exitCodes[shown.kind]
}

const ofFiles = new Set(['EACCES', 'EISDIR', 'ENOENT', 'ENOSPC', 'ENOTDIR', 'EPERM', 'EROFS'])

/** What the operating system says of a path that somebody typed is no mistake of the program. */
function ofFile(thrown: unknown): MhmdError | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown) || typeof thrown.code !== 'string' || !ofFiles.has(thrown.code)) return undefined
  return cliErrors.FILE_UNUSABLE({ file: 'path' in thrown && typeof thrown.path === 'string' ? thrown.path : 'A file', why: thrown.code }, { cause: thrown })
}

/** Rows of equal columns, aligned; the first row is the heading. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd())
}

export const when = (milliseconds: number): string => new Date(milliseconds).toISOString().replace('T', ' ').slice(0, 19)
