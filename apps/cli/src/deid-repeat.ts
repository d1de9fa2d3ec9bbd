// mhmd deid repeat: a release made again from the holder's sealed manifest, byte for byte; or which byte differs.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { fileKindOf, tableFileChunks } from '@mhmd/columns'
import type { FileFormat, Table } from '@mhmd/columns'
import { repeated, tableDigest } from '@mhmd/deid'
import type { SealedManifest } from '@mhmd/deid'
import { deidSealedDocument } from '@mhmd/schema'
import type { Command } from 'commander'
import { command } from './action.ts'
import { loadTables, outputFormat } from './deid-files.ts'
import { cliErrors } from './errors.ts'
import { readJsonFile } from './files.ts'
import { exitCodes, outputOf } from './output.ts'

interface RepeatArguments {
  readonly manifest: string
  readonly input?: string
  readonly folder?: string
  readonly output?: string
  readonly json?: boolean
}

/** The first byte that isn't the same, counted from 1; `line` in a text. */
interface Difference {
  readonly byte: number
  readonly line?: number
}

/** `mhmd deid repeat`: exit code 0 where the release is repeated, 3 where something else comes out. */
export function repeatCommand(): Command {
  return command('repeat', 'make a release again from the holder\'s sealed manifest, byte for byte, or say which byte differs')
    .requiredOption('--manifest <file>', 'the sealed manifest (schemas/deid-sealed-manifest.schema.json)')
    .option('--input <file>', 'the table it was made from; default the path in the manifest\'s job')
    .option('--folder <folder>', 'where the job lay, for the paths of its hierarchies; default the manifest\'s folder')
    .option('--output <file>', 'a new file for the repetition')
    .argument('[release]', 'the release that left, to name the first byte that differs')
    .action(repeat)
}

async function repeat(released: string | undefined, options: RepeatArguments): Promise<void> {
  if (options.output !== undefined && existsSync(options.output)) throw cliErrors.FILE_EXISTS({ file: options.output })
  const sealed: SealedManifest = deidSealedDocument.parse(readJsonFile(options.manifest))
  const folder = resolve(options.folder ?? dirname(options.manifest))
  const { tables, input } = await loadTables({ job: sealed.job, folder }, options.input === undefined ? {} : { input: options.input })
  const table = repeated(sealed, tables)
  const bytes = written(table, formOf(sealed, input.format, released ?? options.output))
  if (options.output !== undefined) writeFileSync(options.output, bytes)
  const difference = released === undefined ? undefined : firstDifference(bytes, unpacked(released), fileKindOf(released) !== 'parquet')
  const isSame = difference === undefined && isSealedOne(sealed, table, bytes)
  const found = { repeated: isSame, bytes: bytes.length, digest: digestOf(bytes), ...(difference && { differsAt: difference }) }
  outputOf(options).result(found, [lineOf(found.repeated, difference)])
  if (!isSame) process.exitCode = exitCodes.forbidden
}

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const written = (table: Table, format: FileFormat): Uint8Array => Buffer.concat([...tableFileChunks(table, format)])

/** As it was written then; where nothing was, as the file's name tells. */
function formOf({ file }: SealedManifest, input: FileFormat, name: string | undefined): FileFormat {
  return outputFormat(file === undefined ? name ?? `release.${input.kind}` : `release.${file.kind}`, input)
}

const isSealedOne = ({ file, release }: SealedManifest, table: Table, bytes: Uint8Array): boolean => tableDigest(table) === release && (file === undefined || file.digest === digestOf(bytes))

function unpacked(file: string): Uint8Array {
  if (!existsSync(file)) throw cliErrors.FILE_MISSING({ file })
  const bytes = readFileSync(file)
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes
}

function firstDifference(made: Uint8Array, left: Uint8Array, isText: boolean): Difference | undefined {
  const shorter = Math.min(made.length, left.length)
  let at = 0
  while (at < shorter && made[at] === left[at]) at++
  if (at === made.length && at === left.length) return undefined
  return { byte: at + 1, ...(isText && { line: 1 + made.subarray(0, at).reduce((lines, byte) => lines + Number(byte === 0x0a), 0) }) }
}

function lineOf(isSame: boolean, difference: Difference | undefined): string {
  if (isSame) return 'The release is repeated, byte for byte.'
  if (difference === undefined) return 'NOT REPEATED: another table or other bytes come out. Name the release that left to see the first byte that differs.'
  return `NOT REPEATED: byte ${difference.byte} differs${difference.line === undefined ? '' : `, in line ${difference.line}`}.`
}
