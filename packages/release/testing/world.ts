// A small population for attacks: a target, everybody else, and a holder that answers from its memory; protections are switched off by numbers, never by a switch in the code.
import { memoryStore } from '@mhmd/store/testing'
import type { Store } from '@mhmd/store'
import { protect } from '../src/protect.ts'
import type { Protected } from '../src/protect.ts'
import { countPolicy } from '../src/policy.ts'
import type { CountPolicy } from '../src/policy.ts'

/** What a sabotage changes; everything else stays as in production. */
export interface Sabotage {
  readonly policy?: Partial<CountPolicy>
  /** Overlap control off: the holder forgets every answer at once. */
  readonly forgetful?: boolean
  /** The rounding's key is not kept. */
  readonly freshKey?: boolean
  /** The draw belongs to the cohort alone, not to the population. */
  readonly cohortOnlyDraw?: boolean
}

export interface Oracle {
  ask(question: string, cohort: ReadonlySet<string>, population: ReadonlySet<string>): Promise<number | null>
}

/** The holder as an attacker meets it: a figure, or nothing and no reason. */
export function oracle(seed: number, sabotage: Sabotage = {}): Oracle {
  const policy = { ...countPolicy, ...sabotage.policy }
  let store: Store = memoryStore()
  let turn = 0
  return {
    async ask(question, cohort, population) {
      if (sabotage.forgetful === true) store = memoryStore()
      turn++
      const secret = Buffer.alloc(32, `${seed}/${sabotage.freshKey === true ? turn : 0}/`)
      const outcome: Protected = await store.write((tx) => protect(tx, { question, population, cohort, height: 1 }, { policy, secret }))
      return outcome.released ? outcome.answer : null
    },
  }
}

export const persons = (from: number, to: number): string[] => Array.from({ length: to - from }, (_unused, index) => `p${from + index}`)

/** Mulberry32: seeded, so that a failing run repeats. */
export function generator(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
