// A verdict: permit, deny or undetermined, the basis it rests on, and the reasons. Only `permit` opens anything.
import type { RequestBasis } from '@mhmd/schema'
import { answerOf } from './reasons.ts'
import type { Answer, Reason } from './reasons.ts'

export interface Verdict {
  readonly answer: Answer
  /** The basis by whose logic the verdict was reached. */
  readonly basis: RequestBasis
  readonly reasons: readonly Reason[]
  /** A permit holds before this moment; 0 where nothing is permitted. */
  readonly until: number
  /** True where a rule was applied before the date from which it is law. */
  readonly simulation: boolean
}

/** What one basis found: its reasons, and how long a permit would last. */
export interface Finding {
  readonly reasons: readonly Reason[]
  readonly until: number
}

export const found = (until: number, ...reasons: readonly Reason[]): Finding => ({ reasons, until })

/** A definite no outweighs doubt, and doubt outweighs a yes: no answer to the doubt could open what is denied. No reason at all is doubt. */
export function answerOfAll(reasons: readonly Reason[]): Answer {
  const answers = new Set(reasons.map((one) => answerOf(one.code)))
  if (answers.has('deny')) return 'deny'
  return answers.size === 0 || answers.has('undetermined') ? 'undetermined' : 'permit'
}

/** The verdict of a finding; reasons that don't carry its answer are left out, except those that say it is a simulation. */
export function verdictOf(basis: RequestBasis, finding: Finding, simulation: boolean): Verdict {
  const answer = answerOfAll(finding.reasons)
  const reasons = finding.reasons.filter((one) => answerOf(one.code) === answer)
  return { answer, basis, reasons, until: answer === 'permit' ? finding.until : 0, simulation }
}
