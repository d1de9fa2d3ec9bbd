// The protection of one count against its own smallness and against everything answered before. Pure but for the memory it reads and writes in one transaction.
import type { WriteTransaction } from '@mhmd/store'
import { remember, remembered } from './memory.ts'
import type { Remembered } from './memory.ts'
import { distance, hidesSmallGroups } from './overlap.ts'
import type { CountPolicy } from './policy.ts'
import { digestOf, drawName, roundedCount } from './rounding.ts'
import type { Draw } from './rounding.ts'

/** A group found for a question, among the people who were eligible. */
export interface Counted {
  /** The question's digest. */
  readonly question: string
  readonly population: ReadonlySet<string>
  readonly cohort: ReadonlySet<string>
  readonly height: number
}

export type Rule = 'threshold' | 'overlap' | 'draws' | 'questions'
export type Protected = { readonly released: true; readonly answer: number; readonly draw: Draw } | { readonly released: false; readonly rule: Rule }

/** Answers or withholds, and remembers what it answered. The closure may be run again after a conflict: it comes out the same. */
export async function protect(tx: WriteTransaction, counted: Counted, { policy, secret }: { policy: CountPolicy; secret: Uint8Array }): Promise<Protected> {
  const draw = { population: digestOf(counted.population, secret), cohort: digestOf(counted.cohort, secret) }
  const earlier = await remembered(tx, secret)
  const same = earlier.find((answer) => answer.question === counted.question)
  if (same !== undefined && same.draws.at(-1) === drawName(draw)) return { released: true, answer: same.answer, draw }
  const rule = withheldBy(counted, { policy, draw, same, others: earlier.filter((answer) => answer !== same) })
  if (rule !== null) return { released: false, rule }
  const answer = roundedCount(counted.cohort.size, policy.base, { draw, secret })
  await remember(tx, { question: counted.question, cohort: [...counted.cohort], answer, height: counted.height, draws: [...(same?.draws ?? []), drawName(draw)] }, secret)
  return { released: true, answer, draw }
}

interface Context {
  readonly policy: CountPolicy
  readonly draw: Draw
  /** The same question's last answer: it is replaced, so that a question can be asked again after a withdrawal. */
  readonly same: Remembered | undefined
  readonly others: readonly Remembered[]
}

function withheldBy({ population, cohort }: Counted, { policy, draw, same, others }: Context): Rule | null {
  const { threshold } = policy
  if (cohort.size < threshold || population.size - cohort.size < threshold) return 'threshold'
  if (same === undefined && others.length >= policy.maxQuestions) return 'questions'
  if (!hidesSmallGroups(cohort, { answered: others.map((answer) => new Set(answer.cohort)), population, threshold })) return 'overlap'
  const near = others.filter((answer) => distance(new Set(answer.cohort), cohort) < threshold)
  const draws = new Set([...(same?.draws ?? []), ...near.flatMap((answer) => answer.draws)])
  return draws.size >= policy.maxDraws && !draws.has(drawName(draw)) ? 'draws' : null
}
