// Checks packed batches of Ed25519 signatures on a worker thread. Layout of a batch: see `packed-checks.ts`.
import { createPublicKey, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { parentPort } from 'node:worker_threads'
import { readPacked } from './packed-checks.ts'
import type { PackedCheck } from './packed-checks.ts'

const KEYS_KEPT = 20_000
const keys = new Map<string, KeyObject>()

/** Imported keys are kept: importing one costs a good part of a verification. The oldest goes first. */
function keyOf(raw: Buffer): KeyObject {
  const name = raw.toString('latin1')
  const known = keys.get(name)
  if (known !== undefined) return known
  const key = createPublicKey({ key: raw, format: 'raw-public', asymmetricKeyType: 'ed25519' })
  if (keys.size >= KEYS_KEPT) keys.delete(keys.keys().next().value as string)
  keys.set(name, key)
  return key
}

function isValid(check: PackedCheck): boolean {
  try {
    return check.wellFormed && verify(null, check.bytes, keyOf(check.publicKey), check.signature)
  } catch {
    return false
  }
}

parentPort?.on('message', (packed: Uint8Array) => {
  const verdicts = Uint8Array.from(readPacked(packed), (check) => (isValid(check) ? 1 : 0))
  parentPort?.postMessage(verdicts, [verdicts.buffer])
})
