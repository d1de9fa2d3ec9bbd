// Door two, first form: a protected count. What leaves, protected how, allowed by which figures; people are read only with a decision.
import { newId, refused } from '@mhmd/base'
import type { Clock, Randomness, Refusal } from '@mhmd/base'
import { requireDecision, subjectsOf } from '@mhmd/consent'
import type { Decision } from '@mhmd/consent'
import { statementDigest } from '@mhmd/crypto'
import type { Commitment, Salt } from '@mhmd/crypto'
import type { Question, UseRequest } from '@mhmd/schema'
import type { Store } from '@mhmd/store'
import { WITHHELD, releaseErrors } from './errors.ts'
import { commitManifest, notes, sealManifest } from './manifest.ts'
import type { HolderManifest, RecipientManifest } from './manifest.ts'
import { checkPolicy } from './policy.ts'
import type { CountPolicy } from './policy.ts'
import type { FactsSource } from './ports.ts'
import { protect } from './protect.ts'
import type { Counted, Protected, Rule } from './protect.ts'
import { checkQuestion, holdsFor, typesAsked } from './question.ts'

export interface CountOptions {
  readonly request: UseRequest
  readonly decision: Decision
  /** The member whose people are counted. */
  readonly holder: string
  readonly vault: FactsSource
  /** Where the memory of earlier answers stands. */
  readonly store: Store
  /** 32 bytes that the holder keeps as long as its memory; a new one would let answers be drawn anew. */
  readonly secret: Uint8Array
  readonly policy: CountPolicy
  readonly clock: Clock
  readonly randomness: Randomness
}

export interface ReleasedCount {
  readonly released: true
  readonly answer: number
  readonly manifest: RecipientManifest
  /** For the holder's own archive. */
  readonly sealedManifest: Uint8Array
  readonly commitment: Commitment
  readonly salt: Salt
}

/** `refusal` is what the requester learns; `rule` is for the holder's eyes. */
export interface WithheldCount {
  readonly released: false
  readonly refusal: Refusal
  readonly rule: Rule
}

/**
 * Counts the people of the decision for whom the request's question holds, and answers where that hides every small group.
 * Throws RELEASE_NO_QUESTION, RELEASE_OTHER_REQUEST, RELEASE_QUESTION_BEYOND_REQUEST, RELEASE_UNSAFE_POLICY, and as `requireDecision`.
 */
export async function releaseCount(options: CountOptions): Promise<ReleasedCount | WithheldCount> {
  const question = checkedQuestion(options)
  const held = await people(question, options)
  // Asked again here: who withdrew while the vault was read is out before anything is computed from her.
  const standing = new Set(subjectsOf(options.decision, options.clock.now()))
  const counted: Counted = { question: statementDigest('question', question), population: among(held.population, standing), cohort: among(held.cohort, standing), height: options.decision.height }
  const outcome = await options.store.write((tx) => protect(tx, counted, options))
  requireDecision(options.decision, { now: options.clock.now(), form: 'computation' })
  return outcome.released ? released(outcome, counted, { ...options, question }) : { released: false, refusal: refused(WITHHELD).refusal, rule: outcome.rule }
}

const among = (group: ReadonlySet<string>, standing: ReadonlySet<string>): Set<string> => new Set([...group].filter((subject) => standing.has(subject)))

function checkedQuestion({ request, decision, policy, clock }: CountOptions): Question {
  checkPolicy(policy)
  requireDecision(decision, { now: clock.now(), form: 'computation', purpose: request.purpose })
  if (decision.requestId !== request.id) throw releaseErrors.OTHER_REQUEST()
  if (request.question === undefined) throw releaseErrors.NO_QUESTION()
  checkQuestion(request.question, request)
  return request.question
}

async function people(question: Question, { vault, decision, request }: CountOptions): Promise<{ population: Set<string>; cohort: Set<string> }> {
  const population = new Set<string>()
  const cohort = new Set<string>()
  for await (const { subject, facts } of vault.facts(decision, typesAsked(question))) {
    population.add(subject)
    if (holdsFor(question, facts, request.dataWindow)) cohort.add(subject)
  }
  return { population, cohort }
}

function released({ answer, draw }: Extract<Protected, { released: true }>, counted: Counted, { question, request, decision, holder, policy, secret, clock, randomness }: CountOptions & { question: Question }): ReleasedCount {
  const shared = { release: newId(randomness), request: request.id, question, answer, height: decision.height, time: clock.now() }
  const kept: HolderManifest = { format: 'mhmd-count-holder/1', ...shared, policy, population: counted.population.size, exact: counted.cohort.size, draw }
  const manifest: RecipientManifest = {
    format: 'mhmd-count/1', ...shared, holder, methods: ['threshold', 'unbiased-random-rounding', 'overlap-control'], parameters: { threshold: policy.threshold, base: policy.base },
    simulation: decision.simulation, notes: [notes.countedTwice, notes.permittedOnly, ...(decision.simulation ? [notes.simulation] : [])],
  }
  return { released: true, answer, manifest, sealedManifest: sealManifest(kept, secret), ...commitManifest(manifest, kept, randomness) }
}
