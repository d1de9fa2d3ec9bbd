// The state on which a committed transaction ran: that of the block before, with what stands before it in its own block.
import { byCodeUnits, encodeKey, isBelow } from '@mhmd/base'
import type { Canonical, Key } from '@mhmd/base'
import type { StateReader } from './fetch-reads.ts'
import type { Follower } from './follower.ts'
import type { Block } from './port.ts'

export function stateBefore({ height, committed }: Pick<Block, 'height' | 'committed'>, index: number, follower: Pick<Follower, 'stateAt' | 'rangeAt'>): StateReader {
  const written = new Map(committed.slice(0, index).flatMap(({ writes }) => writes.map((write) => [encodeKey(write.key), write] as const)))
  return {
    get: async (key) => {
      const own = written.get(encodeKey(key))
      if (own !== undefined) return own.value ?? undefined
      return height === 0 ? undefined : follower.stateAt(key, height - 1)
    },
    below: async (prefix) => {
      const found: { key: Key; value: Canonical }[] = [...written.values()].filter(({ key, value }) => value !== null && isBelow(prefix, key))
      if (height > 0) for await (const { key, value } of follower.rangeAt(prefix, height - 1)) if (!written.has(encodeKey(key))) found.push({ key, value })
      return found.sort((a, b) => byCodeUnits(encodeKey(a.key), encodeKey(b.key)))
    },
  }
}
