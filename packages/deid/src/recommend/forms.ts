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
  readonly reason: string
}

interface Situation {
  readonly kind: DataKind
  readonly need: Need
  readonly recipient: Recipient
}

type Rule = (situation: Situation) => Omit<FormAdvice, 'form'>

const recommended = (reason: string): Omit<FormAdvice, 'form'> => ({ verdict: 'recommended', reason })
const possible = (reason: string): Omit<FormAdvice, 'form'> => ({ verdict: 'possible', reason })
const notAdvised = (reason: string): Omit<FormAdvice, 'form'> => ({ verdict: 'not advised', reason })
const notHere = (reason: string): Omit<FormAdvice, 'form'> => ({ verdict: 'not possible here', reason })

const unstructured: Readonly<Partial<Record<DataKind, string>>> = {
  image: 'images carry identity in pixels and headers; generalising columns does not reach them',
  text: 'free text names people in ways no hierarchy covers',
  genome: 'a genome identifies its bearer and relatives whatever else is removed',
}

const rules: Readonly<Record<ReleaseForm, Rule>> = {
  count: ({ need }) => (need === 'counts' ? recommended('the answer is a number: nothing of a single person need leave') : possible('answers how many, not the question asked')),
  computation: ({ need }) => (need === 'statistics' ? recommended('the records stay; only protected results leave') : need === 'counts' ? possible('more than a count needs') : possible('where the question can be put as a program, records need not move')),
  synthetic: ({ kind }) => (kind === 'table' ? possible('fit for trying out programs; figures from it need confirming on the data, and its disclosure risk must be measured') : notHere(`no generator for data of kind ${kind} in this house`)),
  generalised: generalisedRule,
  pseudonymised: pseudonymisedRule,
}

function generalisedRule({ kind, need, recipient }: Situation): Omit<FormAdvice, 'form'> {
  const why = unstructured[kind]
  if (why !== undefined) return notHere(why)
  if (kind !== 'table') return notHere(`a person's ${kind === 'set' ? 'set of codes' : 'sequence of visits'} singles her out beyond her columns, and the search here measures columns only`)
  if (need === 'records') return recipient === 'secure-environment' ? possible('safer than pseudonyms, at a price in detail the environment may make unnecessary') : recommended('records are needed and the recipient\'s surroundings are not under control')
  return possible('more leaves than the question needs')
}

function pseudonymisedRule({ need, recipient }: Situation): Omit<FormAdvice, 'form'> {
  if (recipient === 'public') return notAdvised('pseudonymised records remain personal data (GDPR recital 26); they cannot be published')
  if (recipient === 'named') return notAdvised('without a secure environment nothing but a contract stands between the recipient and a linkage')
  return need === 'records' ? recommended('full detail is needed, and the environment controls who sees it and what leaves (EHDS art. 73)') : possible('more detail than the question needs')
}

const order = ['recommended', 'possible', 'not advised', 'not possible here']

/** Advice on every form, the recommended first and the less exposing before the more. */
export function adviseForms(situation: Situation): FormAdvice[] {
  return releaseForms.map((form) => ({ form, ...rules[form](situation) })).sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict))
}
