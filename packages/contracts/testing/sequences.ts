// Random sequences of acts for the model-based test: abstract choices, made concrete only against the model of what happened before.
import fc from 'fast-check'
import type { Person } from './world.ts'
import { person } from './world.ts'

export const people: readonly Person[] = [person('alice'), person('bob'), person('alice', 'berlin')]

export interface DecisionChoice {
  readonly who: Person
  readonly operation: 'set' | 'withdraw'
  /** How far the version lies above the present; only 1 is right. */
  readonly step: number
  readonly signer: 'hers' | 'former' | 'another' | 'forged'
  readonly isOver: boolean
  /** Uses the operation id of an earlier decision. */
  readonly reuses: boolean
}

export type Choice =
  | { readonly act: 'decide'; readonly kind: 'consent' | 'opt-out'; readonly item: DecisionChoice }
  | { readonly act: 'batch'; readonly kind: 'consent' | 'opt-out'; readonly items: readonly DecisionChoice[] }
  | { readonly act: 'desk'; readonly kind: 'consent' | 'opt-out'; readonly item: DecisionChoice; readonly staff: 'two' | 'one twice' | 'a stranger'; readonly submitter: 'holder' | 'another' }
  | { readonly act: 'enrol'; readonly who: Person; readonly isForged: boolean }
  | { readonly act: 'replace'; readonly who: Person; readonly by: 'old-key' | 'recovery'; readonly isForged: boolean; readonly step: number }
  | { readonly act: 'close'; readonly who: Person; readonly step: number }
  | { readonly act: 'file'; readonly request: number }
  | { readonly act: 'close-request'; readonly request: number }
  | { readonly act: 'answer'; readonly request: number; readonly holder: string; readonly state: 'accepted' | 'refused'; readonly step: number }
  | { readonly act: 'release'; readonly request: number; readonly holder: string; readonly release: number }
  | { readonly act: 'vote'; readonly operation: 'suspend' | 'reinstate'; readonly member: string; readonly by: string }
  | { readonly act: 'replay'; readonly index: number }

const who = fc.constantFrom(...people)
const kind = fc.constantFrom('consent', 'opt-out')
const holder = fc.constantFrom('rome', 'berlin')
const request = fc.nat(1)
const rarely = fc.integer({ min: 0, max: 9 }).map((draw) => draw === 0)
const step = fc.oneof({ weight: 12, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.constantFrom(0, 2) })
const item: fc.Arbitrary<DecisionChoice> = fc.record({
  who, step, isOver: rarely, reuses: rarely, operation: fc.constantFrom('set', 'withdraw'),
  signer: fc.oneof({ weight: 9, arbitrary: fc.constant('hers' as const) }, { weight: 2, arbitrary: fc.constantFrom('former', 'another', 'forged') }),
})

const choice: fc.Arbitrary<Choice> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ act: fc.constant('decide'), kind, item }) },
  { weight: 4, arbitrary: fc.record({ act: fc.constant('batch'), kind, items: fc.array(item, { minLength: 1, maxLength: 4 }) }) },
  { weight: 6, arbitrary: fc.record({ act: fc.constant('desk'), kind, item, staff: fc.oneof({ weight: 9, arbitrary: fc.constant('two' as const) }, { weight: 1, arbitrary: fc.constantFrom('one twice', 'a stranger') }), submitter: fc.oneof({ weight: 9, arbitrary: fc.constant('holder' as const) }, { weight: 1, arbitrary: fc.constant('another' as const) }) }) },
  { weight: 5, arbitrary: fc.record({ act: fc.constant('enrol'), who, isForged: rarely }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('replace'), who, by: fc.constantFrom('old-key', 'recovery'), isForged: rarely, step }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('close'), who, step }) },
  { weight: 4, arbitrary: fc.record({ act: fc.constant('file'), request }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('close-request'), request }) },
  { weight: 7, arbitrary: fc.record({ act: fc.constant('answer'), request, holder, state: fc.constantFrom('accepted', 'accepted', 'refused'), step }) },
  { weight: 7, arbitrary: fc.record({ act: fc.constant('release'), request, holder, release: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('vote'), operation: fc.constantFrom('suspend', 'reinstate'), member: holder, by: fc.constantFrom('accounts', 'institute', 'ledger') }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('replay'), index: fc.nat(40) }) },
)

/** Who is enrolled from the start, and what then happens. */
export const sequences = fc.record({ enrolled: fc.subarray([...people]), choices: fc.array(choice, { minLength: 10, maxLength: 60, size: 'max' }) })
