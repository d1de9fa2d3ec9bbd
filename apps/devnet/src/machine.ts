// The real clock and randomness, for what the launcher does in the name of operators and citizens.
import { randomBytes } from 'node:crypto'
import type { Clock, Randomness } from '@mhmd/base'

export const clock: Clock = { now: () => Date.now() }
export const randomness: Randomness = { bytes: (length) => randomBytes(length) }
