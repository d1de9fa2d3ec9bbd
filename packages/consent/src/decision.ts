// The decision value: the only thing that opens a vault. It can be made here and nowhere else, is bound to a request, its subjects, a ledger height, a form and
// a deadline, and never leaves the process: what it knows is kept beside it in a module-private map, so a copy of it, however exact, knows nothing.
import type { Form, Purpose, RequestBasis, UseRequest } from '@mhmd/schema'
import type { Basis } from './basis.ts'
import { decide } from './decide.ts'
import { consentErrors } from './errors.ts'
import type { Answer, ReasonCode } from './reasons.ts'

/** What a decision may show of itself. Reading these proves nothing: `requireDecision` does. */
export interface Decision {
  readonly requestId: string
  readonly basis: RequestBasis
  readonly purpose: Purpose
  readonly form: Form
  /** The ledger height at which the cohort was resolved. */
  readonly height: number
  readonly decidedAt: number
  readonly deadline: number
  readonly simulation: boolean
  /** How many subjects got which answer, and for which reasons: the holder's own figures, never the requester's. */
  readonly tallies: Tallies
}

export interface Tallies {
  readonly answers: Readonly<Record<Answer, number>>
  readonly reasons: Readonly<Partial<Record<ReasonCode, number>>>
}

/**
 * Whether a subject's decision still stands, asked again at each reading: false after a withdrawal that the holder has heard of, and for
 * everyone (undefined) while the node is blind to the ledger's head. What it looks at must fit the basis: a withdrawn consent ends no duty of the holder.
 */
export type StillStands = (subject: string | undefined) => boolean

export interface DecisionTerms {
  readonly time: number
  readonly height: number
  readonly deadline: number
  readonly stillStands: StillStands
}

interface Secret {
  /** Covered subjects, each with the end of its own permit; null: whoever the holder's duty concerns. */
  readonly subjects: ReadonlyMap<string, number> | null
  readonly revoked: Set<string>
  readonly stillStands: StillStands
}

const minted = new WeakMap<object, Secret>()

/** Decides for each subject and mints the decision for those who are permitted. Denied and undetermined subjects are not in it. Throws CONSENT_BAD_TERM. */
export async function resolveCohort(request: UseRequest, subjects: Iterable<SubjectBases> | AsyncIterable<SubjectBases>, terms: DecisionTerms): Promise<Decision> {
  checkTerms(terms)
  const covered = new Map<string, number>()
  const refused = new Set<string>()
  const tally = newTally()
  for await (const { subject, bases } of subjects) {
    const verdict = decide(request, bases, terms.time)
    tally.add(verdict)
    if (verdict.answer !== 'permit') refused.add(subject)
    // A subject given twice is covered by the narrower answer only.
    else covered.set(subject, Math.min(verdict.until, covered.get(subject) ?? Infinity))
  }
  for (const subject of refused) covered.delete(subject)
  return mint(request, terms, { subjects: covered, tallies: tally.done() })
}

/** The decision for a duty of the holder, which covers subjects not yet known (an import meets them as it reads). Throws CONSENT_NOT_A_DUTY, CONSENT_BAD_TERM. */
export function resolveDuty(request: UseRequest, bases: readonly Basis[], terms: DecisionTerms): Decision {
  checkTerms(terms)
  const verdict = decide(request, bases, terms.time)
  if (request.basis !== 'holder-duty' || verdict.answer !== 'permit') throw consentErrors.NOT_A_DUTY()
  const tally = newTally()
  tally.add(verdict)
  return mint(request, { ...terms, deadline: Math.min(terms.deadline, verdict.until) }, { subjects: null, tallies: tally.done() })
}

/** A subject and what the holder knows about her. */
export interface SubjectBases {
  readonly subject: string
  readonly bases: readonly Basis[]
}

/**
 * Lets a door open, or throws: CONSENT_NO_DECISION, _OTHER_SUBJECT, _OTHER_FORM, _OTHER_PURPOSE, _DECISION_EXPIRED, _DECISION_SUPERSEDED.
 * Asked at each reading, and again before the last byte leaves.
 */
export function requireDecision(value: unknown, asked: { readonly now: number; readonly subject?: string; readonly form?: Form; readonly purpose?: Purpose }): Decision {
  const { decision, secret } = secretOf(value)
  if (asked.form !== undefined && asked.form !== decision.form) throw consentErrors.OTHER_FORM({ decided: decision.form, asked: asked.form })
  if (asked.purpose !== undefined && asked.purpose !== decision.purpose) throw consentErrors.OTHER_PURPOSE({ decided: decision.purpose, asked: asked.purpose })
  // Written so that a time that is no number closes.
  if (!(asked.now >= decision.decidedAt && asked.now < decision.deadline)) throw consentErrors.DECISION_EXPIRED()
  if (!secret.stillStands(undefined)) throw consentErrors.DECISION_SUPERSEDED()
  if (asked.subject !== undefined) requireSubject(secret, asked.subject, asked.now)
  return decision
}

function requireSubject({ subjects, revoked, stillStands }: Secret, subject: string, now: number): void {
  if (subjects !== null) {
    const until = subjects.get(subject)
    if (until === undefined) throw consentErrors.OTHER_SUBJECT()
    if (!(now < until)) throw consentErrors.DECISION_EXPIRED()
  }
  if (revoked.has(subject) || !stillStands(subject)) throw consentErrors.DECISION_SUPERSEDED()
}

/** The subjects a decision still covers at this moment; nothing for a duty, whose subjects the vault knows. Throws as `requireDecision`. */
export function* subjectsOf(value: unknown, now: number): Generator<string> {
  requireDecision(value, { now })
  const { subjects, revoked, stillStands } = secretOf(value).secret
  for (const [subject, until] of subjects ?? []) if (now < until && !revoked.has(subject) && stillStands(subject)) yield subject
}

/** Takes a subject out of a decision for good. Anyone who holds the decision may close; nobody can open again. */
export function revokeSubject(value: unknown, subject: string): void {
  secretOf(value).secret.revoked.add(subject)
}

function secretOf(value: unknown): { decision: Decision; secret: Secret } {
  const secret = typeof value === 'object' && value !== null ? minted.get(value) : undefined
  if (secret === undefined) throw consentErrors.NO_DECISION()
  return { decision: value as Decision, secret }
}

function mint(request: UseRequest, terms: DecisionTerms, { subjects, tallies }: { subjects: ReadonlyMap<string, number> | null; tallies: Tallies & { simulation: boolean } }): Decision {
  const { simulation, answers, reasons } = tallies
  const decision: Decision = Object.freeze({
    requestId: request.id, basis: request.basis, purpose: request.purpose, form: request.form,
    height: terms.height, decidedAt: terms.time, deadline: terms.deadline, simulation, tallies: Object.freeze({ answers: Object.freeze(answers), reasons: Object.freeze(reasons) }),
  })
  minted.set(decision, { subjects, revoked: new Set(), stillStands: terms.stillStands })
  return decision
}

function newTally(): { add: (verdict: ReturnType<typeof decide>) => void; done: () => Tallies & { simulation: boolean } } {
  const answers: Record<Answer, number> = { permit: 0, deny: 0, undetermined: 0 }
  const reasons: Partial<Record<ReasonCode, number>> = {}
  let simulation = false
  return {
    add(verdict) {
      answers[verdict.answer]++
      simulation ||= verdict.simulation
      for (const code of new Set(verdict.reasons.map((one) => one.code))) reasons[code] = (reasons[code] ?? 0) + 1
    },
    done: () => ({ answers, reasons, simulation }),
  }
}

function checkTerms({ time, height, deadline }: DecisionTerms): void {
  if (!Number.isSafeInteger(time)) throw consentErrors.BAD_TERM({ what: 'the time' })
  if (!Number.isSafeInteger(height) || height < 0) throw consentErrors.BAD_TERM({ what: 'the height' })
  if (!Number.isSafeInteger(deadline) || deadline <= time) throw consentErrors.BAD_TERM({ what: 'the deadline' })
}
