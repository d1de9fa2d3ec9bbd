// What a question is: typed parameters, SQL at a height, the transactions behind its figures, words in both languages.

/** English, Italian. */
export type Words = readonly [en: string, it: string]

const parameterKinds = {
  member: { pattern: /^[a-z][a-z0-9-]{1,30}$/, type: 'text' },
  id: { pattern: /^[0-9a-hjkmnp-tv-z]{26}$/, type: 'text' },
  days: { pattern: /^[1-9][0-9]{0,3}$/, type: 'number' },
  factor: { pattern: /^[1-9][0-9]{0,2}$/, type: 'number' },
} as const

export interface Parameter {
  readonly kind: keyof typeof parameterKinds
  readonly says: Words
  /** Without one it may be left out and is then null, unless it is required. */
  readonly standard?: string
  readonly required?: true
}

export interface Question {
  readonly name: string
  readonly title: Words
  readonly says: Words
  readonly parameters: Readonly<Record<string, Parameter>>
  /** Headings of the columns, in the order of the SQL. */
  readonly columns: Readonly<Record<string, Words>>
  /** Takes `$height` and the parameters by name; sorted wholly, so that two answers at one height are the same text. */
  readonly sql: string
  /** Gives `height, place` of the transactions that the figures were made of, under the same parameters. */
  readonly evidence: string
  /** Which column a chart shows by which. */
  readonly chart?: { readonly label: string; readonly value: string }
  /** What one would want to know here, and the contracts do not hold. */
  readonly missing?: Words
}

/** Why a text is no value of the parameter, or its value. */
export function valueOf({ kind, standard, required }: Parameter, given: string | undefined): { readonly value: string | number | null } | { readonly why: string } {
  const text = given ?? standard
  if (text === undefined || text === '') return required === true ? { why: 'is missing' } : { value: null }
  const { pattern, type } = parameterKinds[kind]
  if (!pattern.test(text)) return { why: `is not of the form ${pattern.source}` }
  return { value: type === 'number' ? Number(text) : text }
}
