// Checkpoints of the derived log as C2SP tlog-checkpoint text, signed as C2SP signed-note with Ed25519 (type 0x01). No other signature type is made or accepted.
import { fromBase64Url, refused, accepted, toBase64Url, utf8, toHex } from '@mhmd/base'
import type { Result } from '@mhmd/base'
import { sha256, verifySignature } from '@mhmd/crypto'
import type { PublicKey, SigningKey } from '@mhmd/crypto'

export interface Checkpoint {
  /** Names the log: no spaces, no plus sign. Ours is `mhmd/NETWORK-ID`. */
  readonly origin: string
  readonly size: number
  readonly root: Uint8Array
}

/** A note key as trust roots name it. */
export interface NoteKey {
  readonly name: string
  readonly publicKey: PublicKey
}

export interface NoteSigner {
  readonly name: string
  readonly key: SigningKey
}

const ED25519 = Uint8Array.of(1)
const DASH = '\u2014'

export const checkpointOrigin = (networkId: string): string => `mhmd/${networkId}`
/** The note key name of a member's checkpoints. */
export const memberKeyName = (networkId: string, member: string): string => `mhmd/${networkId}/${member}`

/** SHA-256(name ‖ 0x0A ‖ 0x01 ‖ public key), its first four bytes. */
export const noteKeyId = (key: NoteKey): Uint8Array => sha256(utf8(`${key.name}\n`), ED25519, fromBase64Url(key.publicKey)).subarray(0, 4)

/** The key's text form `name+keyid+base64`, as other tools of the ecosystem read it. */
export const verifierKeyText = (key: NoteKey): string =>
  `${key.name}+${toHex(noteKeyId(key))}+${base64(Uint8Array.of(...ED25519, ...fromBase64Url(key.publicKey)))}`

/** The three lines of a checkpoint. */
export const checkpointText = (checkpoint: Checkpoint): string =>
  `${checkpoint.origin}\n${checkpoint.size}\n${base64(checkpoint.root)}\n`

/** The checkpoint of a text; extension lines are ignored as the format says. Undefined where it is none. */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  const [origin, size, root, ...rest] = text.split('\n')
  if (!origin || !size || !root || rest.length === 0 || rest.at(-1) !== '' || !/^(0|[1-9][0-9]{0,15})$/.test(size)) return undefined
  const bytes = strictBase64(root)
  if (bytes?.length !== 32 || rest.slice(0, -1).some((line) => line === '') || !Number.isSafeInteger(Number(size))) return undefined
  return { origin, size: Number(size), root: bytes }
}

/** Notes use the padded alphabet of RFC 4648 §4. */
function base64(bytes: Uint8Array): string {
  const text = toBase64Url(bytes).replaceAll('-', '+').replaceAll('_', '/')
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=')
}

function strictBase64(text: string): Uint8Array | undefined {
  try {
    const bytes = fromBase64Url(text.replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_'))
    return base64(bytes) === text ? bytes : undefined
  } catch {
    return undefined
  }
}

/** One signature line of a note, without its line feed. */
export function noteSignature(text: string, signer: NoteSigner): string {
  const id = noteKeyId({ name: signer.name, publicKey: signer.key.publicKey })
  return `${DASH} ${signer.name} ${base64(Uint8Array.of(...id, ...fromBase64Url(signer.key.sign(utf8(text)))))}`
}

export const signNote = (text: string, signers: readonly NoteSigner[]): string =>
  `${text}\n${signers.map((signer) => `${noteSignature(text, signer)}\n`).join('')}`

/**
 * The text of a note and those of the given keys that signed it. Signatures of keys not given are ignored, as the format says;
 * a wrong one of a given key refuses the whole note.
 */
export function openNote(note: string, keys: readonly NoteKey[]): Result<{ readonly text: string; readonly signedBy: readonly NoteKey[] }> {
  const split = note.lastIndexOf('\n\n')
  if (split < 0 || !note.endsWith('\n') || note.length === split + 2) return refused('PROOF_MALFORMED_NOTE')
  const text = note.slice(0, split + 1)
  const signedBy = new Set<NoteKey>()
  for (const line of note.slice(split + 2, -1).split('\n')) {
    const signature = parseSignatureLine(line)
    if (signature === undefined) return refused('PROOF_MALFORMED_NOTE')
    const key = keys.find((candidate) => candidate.name === signature.name && toHex(noteKeyId(candidate)) === toHex(signature.keyId))
    if (key === undefined) continue
    if (!verifySignature(key.publicKey, utf8(text), toBase64Url(signature.bytes))) return refused('PROOF_BAD_SIGNATURE', { key: key.name })
    signedBy.add(key)
  }
  return accepted({ text, signedBy: [...signedBy] })
}

function parseSignatureLine(line: string): { name: string; keyId: Uint8Array; bytes: Uint8Array } | undefined {
  const [dash, name, encoded, ...rest] = line.split(' ')
  if (dash !== DASH || !name || name.includes('+') || !encoded || rest.length > 0) return undefined
  const bytes = strictBase64(encoded)
  return bytes === undefined || bytes.length < 5 ? undefined : { name, keyId: bytes.subarray(0, 4), bytes: bytes.subarray(4) }
}
