// The request `add-checkpoint` of C2SP tlog-witness: the size a witness is thought to have cosigned last, a consistency proof from there, and the checkpoint's note.
import { fromBase64, toBase64 } from './note.ts'
import { parseSize } from './checkpoint.ts'
import type { Hash } from './merkle.ts'

export interface AddCheckpoint {
  readonly oldSize: number
  readonly proof: readonly Hash[]
  readonly note: string
}

/** The specification's limit of proof lines. */
const PROOF_LINES = 63

export const addCheckpointText = ({ oldSize, proof, note }: AddCheckpoint): string => `old ${oldSize}\n${proof.map((hash) => `${toBase64(hash)}\n`).join('')}\n${note}`

/** Undefined for what is no such request. */
export function parseAddCheckpoint(text: string): AddCheckpoint | undefined {
  const end = text.indexOf('\n\n')
  if (end < 0) return undefined
  const [old = '', ...lines] = text.slice(0, end).split('\n')
  const oldSize = old.startsWith('old ') ? parseSize(old.slice(4)) : undefined
  const proof = lines.map(fromBase64)
  if (oldSize === undefined || proof.length > PROOF_LINES || !proof.every((hash) => hash !== undefined)) return undefined
  return proof.some((hash) => hash.length !== 32) ? undefined : { oldSize, proof, note: text.slice(end + 2) }
}
