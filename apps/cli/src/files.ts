// Files of the command line: keys, profiles and JSON documents.
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fromHex, toHex } from '@mhmd/base'
import { newSigningKey, signingKeyFromSeed } from '@mhmd/crypto'
import type { SigningKey } from '@mhmd/crypto'
import { cliErrors } from './errors.ts'
import { dialled } from './loopback.ts'

/** Reads a JSON file. Throws CLI_FILE_MISSING, CLI_NOT_JSON. */
export function readJsonFile(file: string): unknown {
  try {
    // A byte order mark, as some editors write it, is no part of the document.
    return JSON.parse(readText(file).replace(/^\uFEFF/, ''))
  } catch (cause) {
    if (cause instanceof SyntaxError) throw cliErrors.NOT_JSON({ file }, { cause })
    throw cause
  }
}

export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw cliErrors.FILE_MISSING({ file }, { cause })
  }
}

/** Writes a new file that only its owner may read. Throws CLI_FILE_EXISTS. */
export function writeNew(file: string, text: string): void {
  if (existsSync(file)) throw cliErrors.FILE_EXISTS({ file })
  writeFileSync(file, text, { mode: 0o600, flag: 'wx' })
}

export function newKeyFile(file: string): SigningKey {
  const { key, seed } = newSigningKey()
  writeNew(file, `${toHex(seed)}\n`)
  return key
}

export function readKeyFile(file: string): SigningKey {
  const text = readText(file).trim()
  if (!/^[0-9a-f]{64}$/.test(text)) throw cliErrors.BAD_KEY_FILE({ file })
  return signingKeyFromSeed(fromHex(text))
}

/** A member of staff: which node, and with which key. */
export interface Profile {
  readonly node: string
  readonly key: SigningKey
}

export function readProfile(option: string | undefined): Profile {
  const file = option ?? process.env['MHMD_PROFILE']
  if (file === undefined) throw cliErrors.NO_PROFILE()
  const value = readJsonFile(file) as { node?: unknown; keyFile?: unknown }
  if (typeof value.node !== 'string' || typeof value.keyFile !== 'string') throw cliErrors.NO_PROFILE()
  return { node: dialled(value.node), key: readKeyFile(resolve(dirname(file), value.keyFile)) }
}

/** Size and SHA-256 of a file, read as a stream. */
export async function digestFile(file: string): Promise<{ size: number; sha256: string }> {
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) throw cliErrors.FILE_MISSING({ file })
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  return { size: statSync(file).size, sha256: hash.digest('base64url') }
}
