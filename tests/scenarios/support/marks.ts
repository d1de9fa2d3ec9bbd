// Marked values and the search for them: a random string that was planted somewhere must not come out anywhere else, in any form it can be read back from.
import { createHash, randomBytes } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { brotliDecompressSync, constants, inflateRawSync } from 'node:zlib'
import { DatabaseSync } from 'node:sqlite'
import { ClassicLevel } from 'classic-level'

/** A marked value: unlike anything else, and of characters that stand in names, ids and codes alike. */
export const newMark = (): string => `Zq${randomBytes(9).toString('hex')}`

interface Needle {
  readonly form: string
  readonly bytes: Buffer
}

/** Every form of a mark that is searched for, digests included: a plain hash of an id is as good as the id. */
export function needlesOf(mark: string): Needle[] {
  const text = Buffer.from(mark)
  const digests = ['sha256', 'sha1', 'md5'].flatMap((name) => [mark, mark.toLowerCase(), mark.toUpperCase()].map((value): [string, Buffer] => [name, createHash(name).update(value).digest()]))
  const found: Needle[] = [
    { form: 'raw', bytes: text }, { form: 'lower case', bytes: Buffer.from(mark.toLowerCase()) }, { form: 'upper case', bytes: Buffer.from(mark.toUpperCase()) },
    { form: 'utf-16', bytes: Buffer.from(mark, 'utf16le') }, { form: 'utf-16', bytes: Buffer.from(mark, 'utf16le').swap16() },
    { form: 'reversed', bytes: Buffer.from([...mark].reverse().join('')) },
    { form: 'url', bytes: Buffer.from([...text].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')) },
    { form: 'json escapes', bytes: Buffer.from([...mark].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')) },
    ...encoded('', text),
    ...digests.flatMap(([name, digest]) => [{ form: name, bytes: digest }, ...encoded(`${name} `, digest)]),
  ]
  return found
}

function encoded(prefix: string, bytes: Buffer): Needle[] {
  // In base64 a value looks different by where it begins: of each of three beginnings, the characters that neighbours can't change.
  const alignments = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64').replaceAll('=', '')
    return text.slice(before === 0 ? 0 : before + 1, (before + bytes.length) % 3 === 0 ? undefined : -1)
  })
  return [
    { form: `${prefix}hex`, bytes: Buffer.from(bytes.toString('hex')) }, { form: `${prefix}hex`, bytes: Buffer.from(bytes.toString('hex').toUpperCase()) },
    ...alignments.flatMap((text) => [{ form: `${prefix}base64`, bytes: Buffer.from(text) }, { form: `${prefix}base64`, bytes: Buffer.from(text.replaceAll('+', '-').replaceAll('/', '_')) }]),
  ]
}

export interface Sighting {
  readonly mark: string
  readonly form: string
  readonly where: string
}

export interface Scan {
  readonly sightings: readonly Sighting[]
  readonly files: number
  readonly bytes: number
  readonly values: number
}

/** All forms of all marks at once: one pass over the bytes, however many there are. */
class Search {
  readonly #byStart = new Map<number, (Needle & { readonly mark: string })[]>()
  /** By two bytes, whether any form begins with them. */
  readonly #begins = new Uint8Array(65_536)

  constructor(marks: readonly string[]) {
    for (const mark of marks) {
      for (const needle of needlesOf(mark)) {
        const start = needle.bytes.readUInt32LE(0)
        this.#begins[start & 0xffff] = 1
        this.#byStart.set(start, [...this.#byStart.get(start) ?? [], { mark, ...needle }])
      }
    }
  }

  in(bytes: Buffer): (Needle & { readonly mark: string })[] {
    const found: (Needle & { readonly mark: string })[] = []
    for (let at = 0; at + 4 <= bytes.length; at++) {
      if (this.#begins[(bytes[at] as number) | ((bytes[at + 1] as number) << 8)] === 0) continue
      for (const needle of this.#byStart.get(bytes.readUInt32LE(at)) ?? []) if (bytes.subarray(at, at + needle.bytes.length).equals(needle.bytes)) found.push(needle)
    }
    return found
  }
}

/** Looks for marks in bytes, as they are and as what they decompress to. */
const sightingsIn = (where: string, bytes: Buffer, search: Search): Sighting[] =>
  [{ form: '', bytes }, ...decompressed(bytes)].flatMap((layer) => search.in(layer.bytes).map(({ mark, form }) => ({ mark, form: `${layer.form}${form}`, where })))

export const sightingsInText = (where: string, text: string, marks: readonly string[]): Sighting[] => sightingsIn(where, Buffer.from(text), new Search(marks))

// What follows a compressed member, or that it is cut, keeps nobody from reading it: header skipped, raw data read as far as they go.
const lenient = { finishFlush: constants.Z_SYNC_FLUSH }
const inflaters = [
  { form: 'gzip ', magic: Buffer.from([0x1f, 0x8b, 0x08]), header: (bytes: Buffer) => 10 + ((bytes[3] ?? 0) & 8 ? bytes.indexOf(0, 10) - 9 : 0) },
  ...[0x01, 0x5e, 0x9c, 0xda].map((level) => ({ form: 'deflate ', magic: Buffer.from([0x78, level]), header: () => 2 })),
]
const LAYER_LIMIT = 200

/** What stands compressed in the bytes: gzip and zlib at any place by their first bytes, brotli and raw deflate as the whole. */
function decompressed(bytes: Buffer): { form: string; bytes: Buffer }[] {
  const layers: { form: string; bytes: Buffer }[] = []
  const attempt = (form: string, read: () => Buffer): void => {
    try {
      const out = read()
      if (out.length > 8) layers.push({ form, bytes: out })
    } catch {
      // Not compressed in this way.
    }
  }
  for (const { form, magic, header } of inflaters) {
    let found = 0
    for (let at = bytes.indexOf(magic); at >= 0 && found < LAYER_LIMIT; at = bytes.indexOf(magic, at + 1), found++) attempt(form, () => inflateRawSync(bytes.subarray(at + header(bytes.subarray(at))), lenient))
  }
  attempt('brotli ', () => brotliDecompressSync(bytes))
  attempt('raw deflate ', () => inflateRawSync(bytes))
  return layers
}

/** Searches every file below a folder byte by byte, and the values of its databases one by one: LevelDB's tables are compressed. */
export async function scanFolder(folder: string, marks: readonly string[]): Promise<Scan> {
  const sightings: Sighting[] = []
  let bytes = 0
  let values = 0
  const files = filesBelow(folder)
  const search = new Search(marks)
  const take = (where: string, value: Buffer): void => {
    values++
    sightings.push(...sightingsIn(where, value, search))
  }
  for (const file of files) {
    const content = readFileSync(file)
    bytes += content.length
    const where = relative(folder, file)
    sightings.push(...sightingsIn(where, content, search), ...sightingsIn(`name of ${where}`, Buffer.from(where), search))
    if (content.subarray(0, 15).toString() === 'SQLite format 3') for (const value of sqliteValues(file)) take(`${where}, a value`, value)
    if (file.endsWith('/CURRENT')) for await (const value of levelValues(join(file, '..'))) take(`${relative(folder, join(file, '..'))}, a value`, value)
  }
  return { sightings, files: files.length, bytes, values }
}

const filesBelow = (folder: string): string[] => readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort()

function* sqliteValues(file: string): Generator<Buffer> {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    const tables = database.prepare('SELECT name FROM sqlite_schema WHERE type = \'table\'').all() as { name: string }[]
    for (const { name } of tables) for (const row of database.prepare(`SELECT * FROM "${name}"`).iterate()) yield* bytesOf(row)
  } finally {
    database.close()
  }
}

const bytesOf = (row: Readonly<Record<string, unknown>>): Buffer[] => Object.values(row).flatMap((value) => typeof value === 'string' || value instanceof Uint8Array ? [Buffer.from(value as Uint8Array)] : [])

/** Of a copy: opening a LevelDB rewrites its files. */
async function* levelValues(original: string): AsyncGenerator<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'mhmd-level-'))
  cpSync(original, folder, { recursive: true })
  const database = new ClassicLevel<Buffer, Buffer>(folder, { keyEncoding: 'buffer', valueEncoding: 'buffer', createIfMissing: false })
  try {
    for await (const [key, value] of database.iterator()) {
      yield key
      yield value
    }
  } finally {
    await database.close()
    rmSync(folder, { recursive: true })
  }
}
