// Whose secrets are where: every secret file of a network, searched for in the memory of every process while they run.
import { createPrivateKey } from 'node:crypto'
import { closeSync, openSync, readFileSync, readSync, readdirSync } from 'node:fs'
import { basename, join, relative } from 'node:path'

export interface Secret {
  /** The organisation whose folder holds it, or whose person: `staff of rome`, `citizen 003`. */
  readonly owner: string
  readonly file: string
  readonly bytes: Buffer
}

/** All secrets below a development network's folder: nodes' keys and keyrings, staff's key files, citizens' seeds. */
export function secretsBelow(folder: string): Secret[] {
  const below = (kind: 'nodes' | 'staff' | 'citizens', ownerOf: (name: string) => string): Secret[] => readdirSync(join(folder, kind)).flatMap((name) =>
    filesBelow(join(folder, kind, name)).flatMap((file) => {
      const bytes = secretIn(file)
      return bytes === undefined ? [] : [{ owner: ownerOf(name), file: relative(folder, file), bytes }]
    }))
  return [...below('nodes', (name) => name), ...below('staff', (name) => `staff of ${name}`), ...below('citizens', (name) => `citizen ${name}`)]
}

const filesBelow = (folder: string): string[] => readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))

/** The secret of a key file: 32 bytes, as they are, in hex, or a private key in PEM. */
function secretIn(file: string): Buffer | undefined {
  if (!/\.(key|seed|pem)$|^seed$/.test(basename(file))) return undefined
  const content = readFileSync(file)
  if (content.length === 32) return content
  const text = content.toString().trim()
  if (/^[0-9a-f]{64}$/.test(text)) return Buffer.from(text, 'hex')
  return text.includes('PRIVATE KEY') ? Buffer.from(createPrivateKey(text).export({ format: 'jwk' }).d ?? '', 'base64url') : undefined
}

interface Form {
  readonly secret: Secret
  readonly bytes: Buffer
}

const formsOf = (secret: Secret): Form[] => [secret.bytes, Buffer.from(secret.bytes.toString('hex')), Buffer.from(secret.bytes.toString('base64url')), Buffer.from(secret.bytes.toString('base64'))].map((bytes) => ({ secret, bytes }))

const CHUNK = 8 * 1024 * 1024
const PAGE = 4096
const EMPTY = Buffer.alloc(PAGE)

/** Which of the secrets stand in a process's writable memory, in any form. A page that goes away while it is read is left out. */
export function secretsInMemory(pid: number, secrets: readonly Secret[]): { readonly found: ReadonlySet<Secret>; readonly bytes: number } {
  const search = searchFor(secrets)
  const found = new Set<Secret>()
  let read = 0
  const memory = openSync(`/proc/${pid}/mem`, 'r')
  try {
    for (const { from, to } of writableRegions(pid)) {
      for (let at = from; at < to; at += CHUNK) {
        const chunk = readAt(memory, at, Math.min(CHUNK + 128, to - at))
        read += chunk.length
        for (const secret of search(chunk)) found.add(secret)
      }
    }
  } finally {
    closeSync(memory)
  }
  return { found, bytes: read }
}

/** All forms of all secrets at once: one pass over the bytes. */
function searchFor(secrets: readonly Secret[]): (bytes: Buffer) => Secret[] {
  const byStart = Map.groupBy(secrets.flatMap(formsOf), ({ bytes }) => bytes.readUInt32LE(0))
  // By two bytes, whether any form begins with them.
  const begins = new Uint8Array(65_536)
  for (const start of byStart.keys()) begins[start & 0xffff] = 1
  return (chunk) => {
    const found: Secret[] = []
    for (let at = 0; at + 4 <= chunk.length; at++) {
      // Most of what is mapped was never written.
      if (at % PAGE === 0) while (at + PAGE < chunk.length && chunk.compare(EMPTY, 0, PAGE, at, at + PAGE) === 0) at += PAGE
      if (begins[(chunk[at] as number) | ((chunk[at + 1] as number) << 8)] === 0) continue
      for (const { secret, bytes } of byStart.get(chunk.readUInt32LE(at)) ?? []) if (chunk.subarray(at, at + bytes.length).equals(bytes)) found.push(secret)
    }
    return found
  }
}

function writableRegions(pid: number): { from: number; to: number }[] {
  return readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n').flatMap((line) => {
    const region = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line)
    return region === null ? [] : [{ from: Number.parseInt(region[1] ?? '', 16), to: Number.parseInt(region[2] ?? '', 16) }]
  })
}

function readAt(memory: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  try {
    return bytes.subarray(0, readSync(memory, bytes, 0, length, at))
  } catch {
    return Buffer.alloc(0)
  }
}
