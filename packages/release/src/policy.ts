// How counts are protected: the numbers behind `docs/decisions/0006-door-two-count.md`.
import { releaseErrors } from './errors.ts'

export interface CountPolicy {
  /** The smallest group that an answer, or what can be computed from answers, may be about. */
  readonly threshold: number
  /** Answers are multiples of this. */
  readonly base: number
  /** How often the rounding of nearly the same group may be drawn anew. */
  readonly maxDraws: number
  /** How many different questions are answered in all; each one narrows what may still be asked. */
  readonly maxQuestions: number
}

export const countPolicy: CountPolicy = { threshold: 10, base: 5, maxDraws: 5, maxQuestions: 100 }

const least: CountPolicy = { threshold: 5, base: 3, maxDraws: 1, maxQuestions: 1 }

/** Throws RELEASE_UNSAFE_POLICY: a mistyped setting must not switch a protection off. */
export function checkPolicy(policy: CountPolicy): void {
  for (const setting of ['threshold', 'base', 'maxDraws', 'maxQuestions'] as const) {
    if (!Number.isSafeInteger(policy[setting]) || policy[setting] < least[setting]) throw releaseErrors.UNSAFE_POLICY({ setting, least: least[setting] })
  }
}
