// C2SP signed notes: text, signature lines and verifier keys, with Ed25519 (type 0x01). What else a line may be, a cosignature, is in cosignature.ts.
import { accepted, fromBase64Url, refused, toBase64Url, toHex, utf8 } from '@mhmd/base'
import type { Result } from '@mhmd/base'
import { sha256, verifySignature } from '@mhmd/crypto'
import type { PublicKey, SigningKey } from '@mhmd/crypto'

/** A note key as trust roots name it. */
export interface NoteKey {
  readonly name: string
  readonly publicKey: PublicKey
}

export interface NoteSigner {
  readonly name: string
  readonly key: SigningKey
}

/** A signature line, taken apart. */
export interface NoteLine {
  readonly name: string
  /** Four bytes, hexadecimal. */
  readonly keyId: string
  readonly bytes: Uint8Array
}

/** What a key's signatures are, by the byte that the specifications assign. */
const keyTypes = { note: 1, cosignature: 4 } as const
export type KeyType = keyof typeof keyTypes

const DASH = '\u2014'
const ID_BYTES = 4

/** SHA-256(name ‖ 0x0A ‖ type ‖ public key), its first four bytes. */
export const noteKeyId = (key: NoteKey, type: KeyType = 'note'): Uint8Array =>
  sha256(utf8(`${key.name}\n`), Uint8Array.of(keyTypes[type]), fromBase64Url(key.publicKey)).subarray(0, ID_BYTES)

/** The key's text form `name+keyid+base64`, as other tools of the ecosystem read it. */
export const verifierKeyText = (key: NoteKey, type: KeyType = 'note'): string =>
  `${key.name}+${toHex(noteKeyId(key, type))}+${toBase64(Uint8Array.of(keyTypes[type], ...fromBase64Url(key.publicKey)))}`

/** The key of such a text, if it is one of this type and its id is its own. */
export function parseVerifierKey(text: string, type: KeyType = 'note'): NoteKey | undefined {
  // Base64 may hold plus signs; names may not.
  const [name, id, ...rest] = text.split('+')
  const bytes = fromBase64(rest.join('+'))
  if (!name || /\s/.test(name) || id === undefined || bytes?.length !== 33 || bytes[0] !== keyTypes[type]) return undefined
  const key = { name, publicKey: toBase64Url(bytes.subarray(1)) }
  return id === toHex(noteKeyId(key, type)) ? key : undefined
}

/** Notes use the padded alphabet of RFC 4648 §4. */
export function toBase64(bytes: Uint8Array): string {
  const text = toBase64Url(bytes).replaceAll('-', '+').replaceAll('_', '/')
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=')
}

/** Undefined for any text but the one that `toBase64` makes. */
export function fromBase64(text: string): Uint8Array | undefined {
  try {
    const bytes = fromBase64Url(text.replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_'))
    return toBase64(bytes) === text ? bytes : undefined
  } catch {
    return undefined
  }
}

/** A line of a key, without its line feed. */
export const noteLine = (name: string, keyId: Uint8Array, bytes: Uint8Array): string => `${DASH} ${name} ${toBase64(Uint8Array.of(...keyId, ...bytes))}`

/** One signature line of a note, without its line feed. */
export const noteSignature = (text: string, { name, key }: NoteSigner): string =>
  noteLine(name, noteKeyId({ name, publicKey: key.publicKey }), fromBase64Url(key.sign(utf8(text))))

export const noteOf = (text: string, lines: readonly string[]): string => `${text}\n${lines.map((line) => `${line}\n`).join('')}`

export const signNote = (text: string, signers: readonly NoteSigner[]): string => noteOf(text, signers.map((signer) => noteSignature(text, signer)))

/** Text and lines of a note; undefined where it is none. */
export function parseNote(note: string): { readonly text: string; readonly lines: readonly NoteLine[] } | undefined {
  const split = note.lastIndexOf('\n\n')
  if (split < 0 || !note.endsWith('\n') || note.length === split + 2) return undefined
  const lines = note.slice(split + 2, -1).split('\n').map(parseSignatureLine)
  return lines.every((line) => line !== undefined) ? { text: note.slice(0, split + 1), lines } : undefined
}

export function parseSignatureLine(line: string): NoteLine | undefined {
  const [dash, name, encoded, ...rest] = line.split(' ')
  if (dash !== DASH || !name || name.includes('+') || !encoded || rest.length > 0) return undefined
  const bytes = fromBase64(encoded)
  return bytes === undefined || bytes.length <= ID_BYTES ? undefined : { name, keyId: toHex(bytes.subarray(0, ID_BYTES)), bytes: bytes.subarray(ID_BYTES) }
}

export const isLineOf = ({ name, keyId }: NoteLine, key: NoteKey, type: KeyType): boolean => name === key.name && keyId === toHex(noteKeyId(key, type))

/**
 * The text of a note and those of the given keys that signed it. Signatures of keys not given are ignored, as the format says;
 * a wrong one of a given key refuses the whole note.
 */
export function openNote(note: string, keys: readonly NoteKey[]): Result<{ readonly text: string; readonly signedBy: readonly NoteKey[] }> {
  const parsed = parseNote(note)
  if (parsed === undefined) return refused('PROOF_MALFORMED_NOTE')
  const signedBy = new Set<NoteKey>()
  for (const line of parsed.lines) {
    const key = keys.find((candidate) => isLineOf(line, candidate, 'note'))
    if (key === undefined) continue
    if (!verifySignature(key.publicKey, utf8(parsed.text), toBase64Url(line.bytes))) return refused('PROOF_BAD_SIGNATURE', { key: key.name })
    signedBy.add(key)
  }
  return accepted({ text: parsed.text, signedBy: [...signedBy] })
}
