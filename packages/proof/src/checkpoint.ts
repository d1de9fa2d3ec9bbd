// Checkpoints of the derived log as C2SP tlog-checkpoint text.
import { fromBase64, toBase64 } from './note.ts'

export interface Checkpoint {
  /** Names the log: no spaces, no plus sign. Ours is `mhmd/NETWORK-ID`. */
  readonly origin: string
  readonly size: number
  readonly root: Uint8Array
}

export const checkpointOrigin = (networkId: string): string => `mhmd/${networkId}`
/** The note key name of a member's checkpoints. */
export const memberKeyName = (networkId: string, member: string): string => `mhmd/${networkId}/${member}`

/** The three lines of a checkpoint. */
export const checkpointText = (checkpoint: Checkpoint): string =>
  `${checkpoint.origin}\n${checkpoint.size}\n${toBase64(checkpoint.root)}\n`

/** A size as these formats write it; undefined for anything else. */
export function parseSize(text: string): number | undefined {
  return /^(0|[1-9][0-9]{0,15})$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined
}

/** The checkpoint of a text; extension lines are ignored as the format says. Undefined where it is none. */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  const [origin, sizeText, root, ...rest] = text.split('\n')
  const size = parseSize(sizeText ?? '')
  if (!origin || size === undefined || !root || rest.length === 0 || rest.at(-1) !== '') return undefined
  const bytes = fromBase64(root)
  return bytes?.length === 32 && rest.slice(0, -1).every((line) => line !== '') ? { origin, size, root: bytes } : undefined
}
