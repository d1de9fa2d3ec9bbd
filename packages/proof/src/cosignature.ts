// Cosignatures of witnesses (C2SP tlog-cosignature), Ed25519, type 0x04: that, at a time, this was the largest consistent checkpoint of the log that the witness knew.
import { accepted, fromBase64Url, refused, toBase64Url, utf8 } from '@mhmd/base'
import type { Result } from '@mhmd/base'
import { verifySignature } from '@mhmd/crypto'
import { isLineOf, noteKeyId, noteLine } from './note.ts'
import type { NoteKey, NoteLine, NoteSigner } from './note.ts'

const TIME_BYTES = 8

const messageOf = (text: string, seconds: number): Uint8Array => utf8(`cosignature/v1\ntime ${seconds}\n${text}`)

/** One cosignature line over a checkpoint's text, without its line feed; the time in seconds. */
export function cosignatureLine(text: string, { name, key }: NoteSigner, seconds: number): string {
  const time = new Uint8Array(TIME_BYTES)
  new DataView(time.buffer).setBigUint64(0, BigInt(seconds))
  return noteLine(name, noteKeyId({ name, publicKey: key.publicKey }, 'cosignature'), Uint8Array.of(...time, ...fromBase64Url(key.sign(messageOf(text, seconds)))))
}

export interface Cosigned {
  readonly key: NoteKey
  /** When the witness saw it, by its own clock: seconds. */
  readonly seconds: number
}

/** Which of these witnesses cosigned the text. Lines of others are ignored; a wrong one of these refuses all. */
export function cosignedBy(text: string, lines: readonly NoteLine[], witnesses: readonly NoteKey[]): Result<readonly Cosigned[]> {
  const found = new Map<string, Cosigned>()
  for (const line of lines) {
    const key = witnesses.find((witness) => isLineOf(line, witness, 'cosignature'))
    if (key === undefined) continue
    const seconds = timeOf(line)
    if (seconds === undefined || !verifySignature(key.publicKey, messageOf(text, seconds), toBase64Url(line.bytes.subarray(TIME_BYTES)))) return refused('PROOF_BAD_SIGNATURE', { key: key.name })
    found.set(key.publicKey, { key, seconds })
  }
  return accepted([...found.values()])
}

/** Up to 2^53 − 1, far past any date; what is beyond is no time. */
function timeOf({ bytes }: NoteLine): number | undefined {
  if (bytes.length <= TIME_BYTES) return undefined
  const seconds = Number(new DataView(bytes.buffer, bytes.byteOffset, TIME_BYTES).getBigUint64(0))
  return Number.isSafeInteger(seconds) && seconds > 0 ? seconds : undefined
}
