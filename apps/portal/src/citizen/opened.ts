// Her opened device, in memory only: who asks for it is told when it changes, and after ten idle minutes it is gone.
import type { Device, Directory } from '@mhmd/client'

/** Her device while it is open, and the hospitals that could not be asked whether they know her. */
export interface Opened {
  readonly device: Device
  readonly directory: Directory
  readonly unreached: readonly string[]
}

const IDLE_MILLISECONDS = 10 * 60_000

let opened: Opened | undefined
let idle: ReturnType<typeof setTimeout> | undefined
const watching = new Set<() => void>()

export function become(next: Opened | undefined): void {
  opened = next
  clearTimeout(idle)
  stayAwake()
  for (const tell of watching) tell()
}

export const lock = (): void => become(undefined)

/** Any act of hers puts the lock off. */
export function stayAwake(): void {
  clearTimeout(idle)
  if (opened !== undefined) idle = setTimeout(lock, IDLE_MILLISECONDS)
}

export const current = (): Opened | undefined => opened

export function watch(tell: () => void): () => void {
  watching.add(tell)
  return () => void watching.delete(tell)
}
