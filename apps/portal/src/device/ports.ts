// The browser's clock and randomness, behind the ports that the packages take.
import type { Clock, Randomness } from '@mhmd/base'

export const clock: Clock = { now: () => Date.now() }
export const randomness: Randomness = { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) }
