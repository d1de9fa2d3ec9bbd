// How often one address or one key may ask: buckets that fill at a steady rate (a token bucket), kept in memory and few.
import type { Clock } from '@mhmd/base'
import { nodeErrors } from './errors.ts'

export interface Rate {
  readonly perSecond: number
  /** How many at once, after a while of silence. */
  readonly burst: number
}

export interface RateLimits {
  /** A hospital's staff may share one address. */
  readonly address: Rate
  readonly key: Rate
  /** Refusals for want of a known key or a right signature, by address: whoever guesses is slowed. */
  readonly refused: Rate
}

export const rateLimits: RateLimits = { address: { perSecond: 300, burst: 3000 }, key: { perSecond: 50, burst: 1000 }, refused: { perSecond: 5, burst: 300 } }

export interface RateLimit {
  /** Throws NODE_TOO_MANY, with the seconds after which it is worth asking again. */
  check(who: string): void
  note(who: string): void
}

interface Bucket {
  readonly tokens: number
  readonly at: number
}

/** A bucket that is full again says nothing, so there need not be many. */
const BUCKETS = 10_000

export function createRateLimit({ perSecond, burst }: Rate, clock: Clock): RateLimit {
  const buckets = new Map<string, Bucket>()
  const tokensOf = (who: string): number => {
    const bucket = buckets.get(who)
    return bucket === undefined ? burst : Math.min(burst, bucket.tokens + Math.max(0, clock.now() - bucket.at) * perSecond / 1000)
  }
  return {
    check: (who) => {
      const tokens = tokensOf(who)
      if (tokens < 1) throw nodeErrors.TOO_MANY({ afterSeconds: Math.ceil((1 - tokens) / perSecond) })
    },
    note: (who) => {
      const tokens = tokensOf(who)
      buckets.delete(who)
      // The one that was silent longest goes: it is the likeliest to be full again.
      for (const oldest of buckets.keys()) if (buckets.size >= BUCKETS) buckets.delete(oldest); else break
      buckets.set(who, { tokens: Math.max(0, tokens - 1), at: clock.now() })
    },
  }
}
