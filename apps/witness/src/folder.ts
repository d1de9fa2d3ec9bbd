// A witness's folder: its key, the logs it knows, and what it cosigned last of each, durable before any answer (SQLite, every commit synced).
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fromHex, toHex } from '@mhmd/base'
import { newSigningKey, signingKeyFromSeed } from '@mhmd/crypto'
import { parseRoots, verifierKeyText } from '@mhmd/proof'
import type { NamedRoots, NoteSigner, RootsDocument } from '@mhmd/proof'
import { witnessErrors } from './errors.ts'

export interface WitnessConfig {
  /** The key's name, like `witness.hospital.example/w1`. */
  readonly name: string
  readonly host: string
  readonly port: number
}

/** A checkpoint that this witness cosigned, with the members' signatures and its own; or one that contradicted it. */
export interface KeptNote {
  readonly origin: string
  readonly size: number
  readonly note: string
}

export interface WitnessState {
  /** What was cosigned last. */
  latest(origin: string): KeptNote | undefined
  /** The signed checkpoints that contradicted what was cosigned: the first of each size. */
  contradictions(): KeptNote[]
  /** Runs `act` with nobody else writing, in this process or another, and makes durable what it put. */
  exclusively<T>(act: (write: { latest: (kept: KeptNote) => void; contradiction: (kept: KeptNote) => void }) => T): T
  close(): void
}

const files = { config: 'witness.json', seed: 'witness.seed', logs: 'logs.json', state: 'state.db' }
const CONTRADICTIONS = 1000

/** Makes a folder with a fresh key. Throws WITNESS_FOLDER_EXISTS. */
export function initFolder(home: string, config: WitnessConfig): void {
  if (existsSync(join(home, files.config))) throw witnessErrors.FOLDER_EXISTS({ home })
  if (!/^[^\s+]{1,200}$/.test(config.name)) throw witnessErrors.BAD_OPTION({ why: '--name: a name of a witness has no spaces and no plus sign' })
  mkdirSync(home, { recursive: true, mode: 0o700 })
  write(home, files.seed, `${toHex(newSigningKey().seed)}\n`)
  write(home, files.logs, '[]\n')
  write(home, files.config, `${JSON.stringify(config, null, 2)}\n`)
}

/** Adds a log, or changes whose signatures over it count: network.json, or a file of trust roots. Throws WITNESS_BAD_ROOTS. */
export function trustLog(home: string, roots: unknown): void {
  const { origin } = rootsOf(roots)
  const others = (read(home, files.logs) as RootsDocument[]).filter((log) => rootsOf(log).origin !== origin)
  write(home, files.logs, `${JSON.stringify([...others, roots], null, 2)}\n`)
}

function rootsOf(value: unknown): NamedRoots {
  const roots = parseRoots(value)
  if (!roots.ok) throw witnessErrors.BAD_ROOTS({ why: String(roots.refusal.details?.['why'] ?? roots.refusal.code) })
  return roots.value
}

export const readConfig = (home: string): WitnessConfig => read(home, files.config) as WitnessConfig

export const readLogs = (home: string): NamedRoots[] => (read(home, files.logs) as unknown[]).map(rootsOf)

export function readSigner(home: string): NoteSigner {
  return { name: readConfig(home).name, key: signingKeyFromSeed(fromHex(text(home, files.seed).trim())) }
}

/** The witness's line of a policy (C2SP tlog-policy). */
export function policyLine(home: string, alias: string): string {
  const { name, key } = readSigner(home)
  const { host, port } = readConfig(home)
  return `witness ${alias} ${verifierKeyText({ name, publicKey: key.publicKey }, 'cosignature')} http://${host}:${port}`
}

export function openState(home: string): WitnessState {
  readConfig(home)
  const database = new DatabaseSync(join(home, files.state))
  // EXTRA syncs the folder too when the journal goes away: after an answer no crash takes the size back.
  database.exec('PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA; PRAGMA busy_timeout = 5000; CREATE TABLE IF NOT EXISTS latest (origin TEXT PRIMARY KEY, size INTEGER NOT NULL, note TEXT NOT NULL) STRICT; CREATE TABLE IF NOT EXISTS contradictions (origin TEXT, size INTEGER, note TEXT NOT NULL, PRIMARY KEY (origin, size)) STRICT')
  const select = database.prepare('SELECT origin, size, note FROM latest WHERE origin = ?')
  const put = database.prepare('INSERT INTO latest VALUES (:origin, :size, :note) ON CONFLICT DO UPDATE SET size = :size, note = :note')
  const keep = database.prepare(`INSERT INTO contradictions SELECT :origin, :size, :note WHERE (SELECT count(*) FROM contradictions) < ${CONTRADICTIONS} ON CONFLICT DO NOTHING`)
  const list = database.prepare('SELECT origin, size, note FROM contradictions ORDER BY origin, size')
  const write = { latest: (kept: KeptNote) => void put.run({ ...kept }), contradiction: (kept: KeptNote) => void keep.run({ ...kept }) }
  return {
    latest: (origin) => select.get(origin) as KeptNote | undefined,
    contradictions: () => list.all() as unknown as KeptNote[],
    exclusively: (act) => {
      database.exec('BEGIN IMMEDIATE')
      try {
        const result = act(write)
        database.exec('COMMIT')
        return result
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK')
        throw error
      }
    },
    close: () => database.close(),
  }
}

function text(home: string, name: string): string {
  if (!existsSync(join(home, name))) throw witnessErrors.FOLDER_MISSING({ home })
  return readFileSync(join(home, name), 'utf8')
}

function read(home: string, name: string): unknown {
  try {
    return JSON.parse(text(home, name))
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    throw witnessErrors.FOLDER_UNUSABLE({ home, what: `${name} is not JSON` }, { cause })
  }
}

function write(home: string, name: string, content: string): void {
  const handle = openSync(join(home, name), 'w', 0o600)
  writeSync(handle, content)
  fsyncSync(handle)
  closeSync(handle)
}
