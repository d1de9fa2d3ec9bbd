// Privacy models measured plainly on the rows of a release: one figure a model, and whether it is what the model asks.
// Sources of the definitions: docs/methods, one page a model. Written apart from the search's models on purpose.
import type { ModelSpec } from '../job.ts'

/** A release as counted here: classes of row numbers, the rows that count, and the texts of a column of the input. */
export interface Measured {
  readonly classes: readonly (readonly number[])[]
  readonly rows: readonly number[]
  /** Where persons are the unit: the person of each row, and what an attacker knows of one. */
  readonly persons?: { readonly of: ArrayLike<number>; readonly visits?: number; readonly ordered?: boolean }
  /** Rows of the reference distribution: those that count, the suppressed ones among them. */
  readonly referenceRows: readonly number[]
  readonly textsOf: (column: string) => (row: number) => string
  /** Whether all values of the column in the input are numbers, and so ordered as numbers. */
  readonly isNumeric: (column: string) => boolean
  /** Labels of a text of the column from level 0 up. */
  readonly chainOf: (column: string) => (text: string) => readonly string[]
  /** Rows of the whole table in the generalised class of these rows, for δ-presence; people of the population, for k-map. */
  readonly wholeOf: (members: readonly number[]) => number
  readonly peopleOf: (members: readonly number[]) => number
  /** 0 where a class of the whole table holds no row that counts, else 1. */
  readonly leastEmptyShare: number
}

export interface Figure {
  readonly measure: string
  readonly value: number
  readonly holds: boolean
}

const TOLERANCE = 1e-9

type Counts = ReadonlyMap<string, number>
type Measure<T extends ModelSpec['type']> = (spec: Extract<ModelSpec, { type: T }>, release: Measured) => Figure

function countsOf(rows: readonly number[], textOf: (row: number) => string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const row of rows) counts.set(textOf(row), (counts.get(textOf(row)) ?? 0) + 1)
  return counts
}

const smallest = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), Infinity)
const largest = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), 0)
const perClass = (release: Measured, column: string, of: (counts: Counts, size: number) => number): number[] =>
  release.classes.map((rows) => of(countsOf(rows, release.textsOf(column)), rows.length))
const sharesOf = (counts: Counts, size: number): Map<string, number> => new Map([...counts].map(([text, count]) => [text, count / size]))
const input = (release: Measured, column: string): Map<string, number> => sharesOf(countsOf(release.referenceRows, release.textsOf(column)), release.referenceRows.length)

const measures: { readonly [T in ModelSpec['type']]?: Measure<T> } = {
  'k-anonymity': ({ k }, { classes, persons }) => persons === undefined ? atLeast('rows of the smallest class', smallest(classes.map((rows) => rows.length)), k) : atLeast('persons who share the rarest visits', rarestVisits(classes, persons), k),
  'k-map': ({ k }, { classes, peopleOf }) => atLeast('people of the population like the rarest class', smallest(classes.map(peopleOf)), k),
  'distinct-l-diversity': ({ l, column }, release) => atLeast('fewest different values in a class', smallest(perClass(release, column, (counts) => counts.size)), l),
  'entropy-l-diversity': ({ l, column, estimator }, release) => atLeast('smallest exp(entropy) of a class', smallest(perClass(release, column, estimator === 'grassberger' ? grassberger : shannon)), l),
  'recursive-l-diversity': ({ l, c, column }, release) => below('largest r₁ / (r_ℓ + … + r_m) of a class', largest(perClass(release, column, (counts) => tailRatio(counts, l))), c),
  'equal-t-closeness': ({ t, column }, release) => atMost('largest distance of a class', largest(perClass(release, column, equalDistance(input(release, column)))), t),
  'ordered-t-closeness': ({ t, column }, release) => atMost('largest distance of a class', largest(perClass(release, column, orderedDistance(input(release, column), release.isNumeric(column)))), t),
  'hierarchical-t-closeness': ({ t, column }, release) => atMost('largest distance of a class', largest(perClass(release, column, treeDistance(input(release, column), release.chainOf(column)))), t),
  'delta-disclosure': ({ delta, column }, release) => below('largest |ln(share in class / share in all)|', largest(perClass(release, column, disclosure(input(release, column)))), delta),
  'basic-beta-likeness': ({ beta, column }, release) => atMost('largest gain of a value', largest(perClass(release, column, gain(input(release, column), () => 1))), beta),
  'enhanced-beta-likeness': ({ beta, column }, release) => atMost('largest gain of a value, as a share of what it may be', largest(perClass(release, column, gain(input(release, column), (share) => Math.min(beta, -Math.log(share))))), 1),
  'delta-presence': presence,
  'average-risk': ({ threshold }, { classes, rows }) => atMost('classes / rows', classes.length / rows.length, threshold),
  'sample-uniqueness': ({ threshold }, { classes, rows }) => atMost('rows alone in their class / rows', classes.filter((members) => members.length === 1).length / rows.length, threshold),
  'km-anonymity': (spec, release) => atLeast('units that share the rarest combination of items', rarestItems(spec, release), spec.k),
  'cost-benefit': (spec, { classes }) => atLeast('smallest gain of a row to the publisher', smallest(classes.map((rows) => gainOf(spec, rows.length))), 0),
}

/** The model's figure over the release, or undefined where a file alone cannot show it (a property of the procedure). */
export function measure(spec: ModelSpec, release: Measured): Figure | undefined {
  const of = measures[spec.type] as ((spec: ModelSpec, release: Measured) => Figure) | undefined
  return of?.(spec, release)
}

const atLeast = (measured: string, value: number, least: number): Figure => ({ measure: measured, value, holds: value >= least - TOLERANCE })
const atMost = (measured: string, value: number, most: number): Figure => ({ measure: measured, value, holds: value <= most + TOLERANCE })
const below = (measured: string, value: number, bound: number): Figure => ({ measure: measured, value, holds: value < bound })

function shannon(counts: Counts, size: number): number {
  return Math.exp([...counts.values()].reduce((sum, count) => sum - (count / size) * Math.log(count / size), 0))
}

/** Fewest units that share a combination of up to m labels that some unit has. */
function rarestItems({ m, column, separator = ';' }: Extract<ModelSpec, { type: 'km-anonymity' }>, { rows, persons, textsOf }: Measured): number {
  // A column that shows nothing but the marker tells nothing.
  if (rows.every((row) => textsOf(column)(row) === '*')) return Infinity
  const sets = new Map<number, Set<string>>()
  for (const row of rows) {
    const unit = persons?.of[row] ?? row
    sets.set(unit, new Set([...(sets.get(unit) ?? []), ...textsOf(column)(row).split(separator).filter((label) => label !== '')]))
  }
  const sharers = new Map<string, number>()
  for (const set of sets.values()) {
    let chosen: string[][] = [[]]
    for (const label of [...set].sort()) chosen = [...chosen, ...chosen.filter((some) => some.length < m).map((some) => [...some, label])]
    for (const some of chosen) if (some.length > 0) sharers.set(some.join('\u0000'), (sharers.get(some.join('\u0000')) ?? 0) + 1)
  }
  return smallest([...sharers.values()])
}

/** Fewest persons who share a combination of visits that somebody has. */
function rarestVisits(classes: Measured['classes'], { of, visits = 1, ordered = false }: NonNullable<Measured['persons']>): number {
  const history = new Map<number, { row: number; at: number }[]>()
  classes.forEach((rows, at) => { for (const row of rows) history.set(of[row] as number, [...(history.get(of[row] as number) ?? []), { row, at }]) })
  const sharers = new Map<string, number>()
  for (const own of history.values()) {
    const path = own.sort((a, b) => ordered ? a.row - b.row : a.at - b.at).map(({ at }) => at)
    let known = new Map<string, number>([['', -1]])
    // Nobody has more visits to be known than her own.
    for (let taken = 0; taken < Math.min(visits, path.length); taken++) {
      const longer = new Map<string, number>()
      // Earliest places first, so that whatever can follow is found.
      for (const [text, last] of known) path.forEach((at, place) => { if (place > last) longer.set(`${text},${at}`, Math.min(place, longer.get(`${text},${at}`) ?? Infinity)) })
      for (const text of longer.keys()) sharers.set(text, (sharers.get(text) ?? 0) + 1)
      known = longer
    }
  }
  return smallest([...sharers.values()])
}

/** Grassberger (arXiv physics/0307138): ln n − Σ (count/n)·G(count), with G(1) = −γ − ln 2 and G(2) = 2 + G(1). */
function grassberger(counts: Counts, size: number): number {
  return Math.exp(Math.log(size) - [...counts.values()].reduce((sum, count) => sum + (count / size) * correction(count), 0))
}

function correction(count: number): number {
  let sum = -0.57721566490153286 - Math.LN2
  for (let even = 2; even <= count; even += 2) sum += 2 / (even - 1)
  return sum
}

function tailRatio(counts: Counts, l: number): number {
  const sorted = [...counts.values()].sort((a, b) => b - a)
  const tail = sorted.slice(l - 1).reduce((sum, count) => sum + count, 0)
  return tail === 0 ? Infinity : (sorted[0] as number) / tail
}

const equalDistance = (all: Counts) => (counts: Counts, size: number): number =>
  [...all].reduce((sum, [text, share]) => sum + Math.abs((counts.get(text) ?? 0) / size - share), 0) / 2

/** Values in numeric order where all are numbers, a missing one first; else by code units. */
function orderedDistance(all: Counts, isNumeric: boolean): (counts: Counts, size: number) => number {
  const texts = [...all.keys()]
  texts.sort((a, b) => (a === '' ? -1 : b === '' ? 1 : isNumeric ? Number(a) - Number(b) : a < b ? -1 : 1))
  return (counts, size) => {
    let [moved, sum] = [0, 0]
    for (const text of texts) sum += Math.abs((moved += (counts.get(text) ?? 0) / size - (all.get(text) as number)))
    return texts.length > 1 ? sum / (texts.length - 1) : 0
  }
}

/** At each inner node of the tree, what must cross between its children costs the node's height over the tree's. */
function treeDistance(all: Counts, chainOf: (text: string) => readonly string[]): (counts: Counts, size: number) => number {
  const chains = new Map([...all.keys()].map((text) => [text, chainOf(text)]))
  const height = largest([...chains.values()].map((chain) => chain.length)) - 1
  return (counts, size) => {
    let cost = 0
    for (let level = 1; level <= height; level++) {
      const nodes = new Map<string, Map<string, number>>()
      for (const [text, chain] of chains) {
        const extra = (counts.get(text) ?? 0) / size - (all.get(text) as number)
        const children = nodes.get(chain[level] as string) ?? new Map<string, number>()
        nodes.set(chain[level] as string, children.set(chain[level - 1] as string, (children.get(chain[level - 1] as string) ?? 0) + extra))
      }
      for (const children of nodes.values()) cost += (level / height) * crossing([...children.values()])
    }
    return cost
  }
}

function crossing(extras: readonly number[]): number {
  const up = extras.reduce((sum, extra) => sum + Math.max(0, extra), 0)
  const down = extras.reduce((sum, extra) => sum + Math.max(0, -extra), 0)
  return Math.min(up, down)
}

const disclosure = (all: Counts) => (counts: Counts, size: number): number =>
  largest([...all].map(([text, share]) => Math.abs(Math.log((counts.get(text) ?? 0) / size / share))))

const gain = (all: Counts, unit: (share: number) => number) => (counts: Counts, size: number): number =>
  largest([...counts].map(([text, count]) => {
    const share = all.get(text) as number
    const gained = (count / size - share) / share
    return gained <= TOLERANCE ? 0 : gained / unit(share)
  }))

function presence({ min, max }: Extract<ModelSpec, { type: 'delta-presence' }>, { classes, wholeOf, leastEmptyShare }: Measured): Figure {
  const shares = classes.map((rows) => rows.length / wholeOf(rows))
  const [low, high] = [Math.min(leastEmptyShare, smallest(shares)), largest(shares)]
  const isLow = low < min - TOLERANCE
  return { measure: isLow ? 'smallest share of the subset in a class' : 'largest share of the subset in a class', value: isLow ? low : high, holds: !isLow && high <= max + TOLERANCE }
}

/** A row of a class that a rational adversary attacks costs its share of the publisher's loss (Wan et al., PLoS ONE 10(3), 2015). */
function gainOf({ publisherBenefit, publisherLoss, adversaryGain, adversaryCost }: Extract<ModelSpec, { type: 'cost-benefit' }>, size: number): number {
  return publisherBenefit - (adversaryGain / size > adversaryCost ? publisherLoss / size : 0)
}
