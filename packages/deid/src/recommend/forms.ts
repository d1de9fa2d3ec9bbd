// Which form of release suits a kind of data, a need and a recipient: a table of rules, each with its reason.

export const dataKinds = ['table', 'set', 'sequence', 'image', 'text', 'genome'] as const
export type DataKind = (typeof dataKinds)[number]
/** What the recipient must be able to do: count people, compute statistics or train models, or look at records. */
export const needs = ['counts', 'statistics', 'records'] as const
export type Need = (typeof needs)[number]
export const recipients = ['public', 'named', 'secure-environment'] as const
export type Recipient = (typeof recipients)[number]

export const releaseForms = ['count', 'computation', 'synthetic', 'generalised', 'pseudonymised'] as const
export type ReleaseForm = (typeof releaseForms)[number]

export interface FormAdvice {
  readonly form: ReleaseForm
  readonly verdict: 'recommended' | 'possible' | 'not advised' | 'not possible here'
  /** A stable name of the reason, for words in other languages. */
  readonly because: Because
  readonly reason: string
}

interface Situation {
  readonly kind: DataKind
  readonly need: Need
  readonly recipient: Recipient
}

type Rule = (situation: Situation) => Advice

const reasons = {
  'number-only': 'the answer is a number: nothing of a single person need leave',
  'not-the-question': 'answers how many, not the question asked',
  'results-only': 'the records stay; only protected results leave. This house computes counts, and no other statistic yet',
  'more-than-a-count': 'more than a count needs',
  'as-counts': 'where counts answer the question, records need not move; this house computes no other statistic yet',
  'no-generator': 'no generator of synthetic data in this house yet; they would be fit for trying out programs, their figures would need confirming on the data',
  image: 'images carry identity in pixels and headers; generalising columns does not reach them',
  text: 'free text names people in ways no hierarchy covers',
  genome: 'a genome identifies its bearer and relatives whatever else is removed',
  set: 'a person\'s set of codes singles her out beyond her columns: kᵐ-anonymity protects one column of sets beside a table (docs/methods/km-anonymity.md), and only where the steward says what may be known of it',
  sequence: 'a person\'s visits single her out beyond her columns: with a person column the classes count persons and up to four known visits (docs/methods/persons.md); longer histories are mostly given up',
  'safer-than-pseudonyms': 'safer than pseudonyms, at a price in detail the environment may make unnecessary',
  'records-uncontrolled': 'records are needed and the recipient\'s surroundings are not under control',
  'more-than-needed': 'more leaves than the question needs',
  'remain-personal': 'pseudonymised records remain personal data (GDPR recital 26); they cannot be published',
  'only-a-contract': 'without a secure environment nothing but a contract stands between the recipient and a linkage',
  'controlled-detail': 'full detail is needed, and the environment controls who sees it and what leaves (EHDS art. 73)',
  'more-detail': 'more detail than the question needs',
} as const
export type Because = keyof typeof reasons

type Advice = Omit<FormAdvice, 'form'>
const recommended = (because: Because): Advice => ({ verdict: 'recommended', because, reason: reasons[because] })
const possible = (because: Because): Advice => ({ verdict: 'possible', because, reason: reasons[because] })
const notAdvised = (because: Because): Advice => ({ verdict: 'not advised', because, reason: reasons[because] })
const notHere = (because: Because): Advice => ({ verdict: 'not possible here', because, reason: reasons[because] })

const rules: Readonly<Record<ReleaseForm, Rule>> = {
  count: ({ need }) => (need === 'counts' ? recommended('number-only') : possible('not-the-question')),
  computation: ({ need }) => (need === 'statistics' ? recommended('results-only') : need === 'counts' ? possible('more-than-a-count') : possible('as-counts')),
  synthetic: () => notHere('no-generator'),
  generalised: generalisedRule,
  pseudonymised: pseudonymisedRule,
}

function generalisedRule({ kind, need, recipient }: Situation): Advice {
  if (kind === 'image' || kind === 'text' || kind === 'genome') return notHere(kind)
  if (kind !== 'table') return possible(kind)
  if (need === 'records') return recipient === 'secure-environment' ? possible('safer-than-pseudonyms') : recommended('records-uncontrolled')
  return possible('more-than-needed')
}

function pseudonymisedRule({ kind, need, recipient }: Situation): Advice {
  if (kind === 'image' || kind === 'text' || kind === 'genome') return notHere(kind)
  if (recipient === 'public') return notAdvised('remain-personal')
  if (recipient === 'named') return notAdvised('only-a-contract')
  return need === 'records' ? recommended('controlled-detail') : possible('more-detail')
}

const order = ['recommended', 'possible', 'not advised', 'not possible here']

/** Advice on every form, the recommended first and the less exposing before the more. */
export function adviseForms(situation: Situation): FormAdvice[] {
  return releaseForms.map((form) => ({ form, ...rules[form](situation) })).sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict))
}
