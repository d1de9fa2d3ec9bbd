// What the command line prints: plain lines for people, one JSON document with `--json`, errors with code and remedy on stderr, and exit codes by kind.
import { MhmdError } from '@mhmd/base'
import type { ErrorKind } from '@mhmd/base'
import { cliErrors } from './errors.ts'

/** 0 done; 2 wrong use or input; 3 refused; 4 not found; 5 conflict; 6 unavailable, try again; 7 done, but not with all of it; 70 a mistake of the program. */
export const exitCodes: Readonly<Record<ErrorKind, number>> = { invalid: 2, unauthenticated: 3, forbidden: 3, 'not-found': 4, conflict: 5, unavailable: 6, bug: 70 }

/** Of what was given, something was not taken. */
export const NOT_ALL = 7

export interface Output {
  /** The result: printed whole as JSON with `--json`, else as the lines given. */
  result(value: unknown, lines: readonly string[]): void
  /** Progress for a person: on stderr, and only without `--json`. */
  progress(line: string): void
}

export const outputOf = (options: { json?: boolean }): Output => ({
  result: (value, lines) => process.stdout.write(options.json === true ? `${JSON.stringify(value)}\n` : `${lines.map((line) => pasteable(line)).join('\n')}\n`),
  progress: (line) => {
    if (options.json !== true) process.stderr.write(`${pasteable(line)}\n`)
  },
})

/** Prints an error as a person can use it and gives the exit code. Unknown errors show their class only: a message might quote data. */
export function report(thrown: unknown, json: boolean): number {
  const error = ofFile(thrown) ?? thrown
  const shown = MhmdError.isInstance(error)
    ? error.toJSON()
    : { code: 'INTERNAL', kind: 'bug' as const, message: `The program made a mistake (${error instanceof Error ? error.name : typeof error}).`, remedy: 'Run it again with MHMD_DEBUG=1 and tell the maintainers what it prints.', details: {} }
  if (json) process.stderr.write(`${JSON.stringify({ error: shown })}\n`)
  else process.stderr.write(`${shown.code}: ${shown.message}\n  → ${pasteable(shown.remedy)}\n`)
  if (process.env['MHMD_DEBUG'] !== undefined) process.stderr.write(`${error instanceof Error ? error.stack ?? '' : ''}\n`)
  return exitCodes[shown.kind]
}

const ofFiles = new Set(['EACCES', 'EDQUOT', 'EFBIG', 'EIO', 'EISDIR', 'ELOOP', 'ENAMETOOLONG', 'ENOENT', 'ENOSPC', 'ENOTDIR', 'ENXIO', 'EPERM', 'EROFS'])

/** What the operating system says of a path that somebody typed is no mistake of the program. */
function ofFile(thrown: unknown): MhmdError | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown) || typeof thrown.code !== 'string' || !ofFiles.has(thrown.code)) return undefined
  return cliErrors.FILE_UNUSABLE({ file: 'path' in thrown && typeof thrown.path === 'string' ? thrown.path : 'A file', why: thrown.code }, { cause: thrown })
}

const asStaff = /^(analytics|status|member|staff|records|link-code|desk|job|catalogue|dataset|request|release|access-log|agreement|holding|proof)$/

/** A line in which every command stands as this person can paste it: run as she ran this one, in the name she acts in. */
export function pasteable(line: string, argv: readonly string[] = process.argv, environment: NodeJS.ProcessEnv = process.env): string {
  const program = environment['npm_command'] === 'exec' ? 'npx mhmd' : 'mhmd'
  return line.replace(/(?<![\w/@.-])mhmd ([a-z-]+)((?: [a-z-]+)?)/g, (_, first: string, second: string) => {
    const option = first === 'citizen' ? '--device' : '--profile'
    const given = (first === 'citizen' || asStaff.test(first)) && !line.includes(option) ? argv[argv.indexOf(option) + 1] : undefined
    return `${program} ${first}${second}${given === undefined || !argv.includes(option) ? '' : ` ${option} ${quoted(given)}`}`
  })
}

/** As a shell takes it for one word. */
const quoted = (text: string): string => /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll('\'', '\'\\\'\'')}'`

/** Rows of equal columns, aligned; the first row is the heading. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd())
}

export const when = (milliseconds: number): string => new Date(milliseconds).toISOString().replace('T', ' ').slice(0, 19)
