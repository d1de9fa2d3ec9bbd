// An independent brute force for de-identification jobs: every node of the lattice, straight from the definitions. Imports nothing.

export interface OracleJob {
  /** Rows of texts, one entry a column. */
  readonly rows: readonly (readonly string[])[]
  readonly columns: readonly OracleColumn[]
  readonly models: readonly OracleModel[]
  readonly suppressionLimit: number
  /** The person of each row, where persons are the unit; an attacker knows so many visits of one, in order or not. */
  readonly persons?: { readonly of: readonly string[]; readonly visits: number; readonly ordered: boolean }
  readonly metric: { readonly type: string; readonly aggregate?: string | undefined; readonly suppressionWeight?: number | undefined }
  /** Marks the rows of the research subset. */
  readonly subset?: readonly boolean[]
  readonly population?: readonly (readonly string[])[]
}
/** `hierarchy`: rows of value, level 1, level 2, … */
export interface OracleColumn { readonly name: string; readonly role: 'quasi-identifying' | 'sensitive'; readonly hierarchy: readonly (readonly string[])[]; readonly minLevel: number; readonly maxLevel: number; readonly weight: number }
export type OracleModel = { readonly type: string; readonly column?: string } & Readonly<Record<string, number | string | undefined>>
export interface OracleNode { readonly levels: readonly number[]; readonly score: number; readonly suppressed: readonly boolean[]; readonly suppressedRows: number }

interface Class { readonly rows: number[]; readonly all: number[]; readonly population: number }

const close = 1e-9

/** The feasible node of least score, fewest suppressed rows among equals; undefined where none is feasible. */
export function bestNode(job: OracleJob): OracleNode | undefined {
  let best: OracleNode | undefined
  for (const levels of nodes(quasi(job).map((index) => job.columns[index] as OracleColumn))) {
    const node = evaluate(job, levels)
    if (node === undefined) continue
    if (best === undefined) best = node
    else if (Math.abs(node.score - best.score) <= close * Math.max(1, Math.abs(best.score))) best = node.suppressedRows < best.suppressedRows ? node : best
    else if (node.score < best.score) best = node
  }
  return best
}

/** The node's score and suppressed rows, or undefined where more rows must be suppressed than the limit allows. */
export function evaluate(job: OracleJob, levels: readonly number[]): OracleNode | undefined {
  const released = job.rows.map((_, row) => row).filter((row) => job.subset?.[row] !== false)
  const suppressed = job.rows.map(() => false)
  const classes = classesAt(job, levels)
  if (job.persons !== undefined) return evaluatePersons(job, job.persons, { levels, classes })
  for (const one of classes) {
    if (one.rows.length === 0) {
      if (job.models.some((model) => model.type === 'delta-presence' && one.all.length > 0 && (model['min'] as number) > 0)) return undefined
    } else if (!job.models.every((model) => classHolds(job, model, one))) for (const row of one.rows) suppressed[row] = true
  }
  for (;;) {
    const kept = classes.filter((one) => one.rows.length > 0 && !suppressed[one.rows[0] as number])
    if (kept.length === 0 || job.models.every((model) => sampleHolds(model, kept))) break
    const least = Math.min(...kept.map((one) => one.rows.length))
    for (const one of kept) if (one.rows.length === least) for (const row of one.rows) suppressed[row] = true
  }
  const suppressedRows = released.filter((row) => suppressed[row]).length
  if (suppressedRows > Math.floor(job.suppressionLimit * released.length + 1e-9)) return undefined
  return { levels, suppressed, suppressedRows, score: scoreOf(job, levels, released, suppressed, classes) }
}

/** Persons as the unit: of all sets of persons that hold by themselves, the union. */
function evaluatePersons(job: OracleJob, { of, visits, ordered }: NonNullable<OracleJob['persons']>, { levels, classes }: { levels: readonly number[]; classes: readonly Class[] }): OracleNode | undefined {
  const names = [...new Set(of)]
  const classOf = job.rows.map((_, row) => classes.findIndex((one) => one.rows.includes(row)))
  const histories = names.map((name) => job.rows.flatMap((_, row) => of[row] === name ? [classOf[row] as number] : []))
  const known = histories.map((history) => new Set(choices(history, visits).map((chosen) => (ordered ? chosen : chosen.toSorted((a, b) => a - b)).join())))
  const number = (type: string, name: string): number => Math.max(1, ...job.models.filter((model) => model.type === type).map((model) => model[name] as number))
  const [k, l] = [number('k-anonymity', 'k'), number('distinct-l-diversity', 'l')]
  const sensitive = job.columns.findIndex(({ role }) => role === 'sensitive')
  const isFine = (set: readonly number[]): boolean => {
    if (set.some((person) => [...known[person] as Set<string>].some((one) => set.filter((other) => known[other]?.has(one)).length < k))) return false
    return classes.every((one) => {
      const values = one.rows.filter((row) => set.includes(names.indexOf(of[row] as string))).map((row) => job.rows[row]?.[sensitive])
      return values.length === 0 || new Set(values).size >= l
    })
  }
  const kept = new Set<number>()
  for (let bits = 0; bits < 2 ** names.length; bits++) {
    const set = names.map((_, person) => person).filter((person) => Math.floor(bits / 2 ** person) % 2 === 1)
    if (set.some((person) => !kept.has(person)) && isFine(set)) for (const person of set) kept.add(person)
  }
  const suppressed = of.map((name) => !kept.has(names.indexOf(name)))
  const suppressedRows = suppressed.filter(Boolean).length
  if (suppressedRows > Math.floor(job.suppressionLimit * job.rows.length + 1e-9)) return undefined
  return { levels, suppressed, suppressedRows, score: scoreOf(job, levels, job.rows.map((_, row) => row), suppressed, classes) }
}

/** All ways to take one to `most` entries of a list, in its order. */
function choices(list: readonly number[], most: number): number[][] {
  if (most === 0) return []
  return list.flatMap((first, at) => [[first], ...choices(list.slice(at + 1), most - 1).map((rest) => [first, ...rest])])
}

const quasi = (job: OracleJob): number[] => job.columns.flatMap((column, index) => column.role === 'quasi-identifying' ? [index] : [])

/** Every combination of levels. */
function nodes(columns: readonly OracleColumn[]): number[][] {
  return columns.reduce<number[][]>((all, { minLevel, maxLevel }) => all.flatMap((levels) => Array.from({ length: maxLevel - minLevel + 1 }, (_, level) => [...levels, minLevel + level])), [[]])
}

/** Label of a value at a level. */
export function labelAt(column: OracleColumn, value: string, level: number): string {
  return (column.hierarchy.find((row) => row[0] === value) as readonly string[])[level] as string
}

function classesAt(job: OracleJob, levels: readonly number[]): Class[] {
  const indices = quasi(job)
  const keyOf = (row: readonly string[]): string => indices.map((index, d) => labelAt(job.columns[index] as OracleColumn, row[index] as string, levels[d] as number)).join('\u0001')
  const keys = job.rows.map(keyOf)
  const population = (job.population ?? []).map(keyOf)
  return [...new Set(keys)].map((key) => {
    const all = keys.flatMap((other, row) => other === key ? [row] : [])
    return { all, rows: all.filter((row) => job.subset?.[row] !== false), population: population.filter((other) => other === key).length }
  })
}

function counts(values: readonly string[]): Map<string, number> {
  const found = new Map<string, number>()
  for (const value of values) found.set(value, (found.get(value) ?? 0) + 1)
  return found
}

function classHolds(job: OracleJob, model: OracleModel, { rows, all, population }: Class): boolean {
  const index = job.columns.findIndex(({ name }) => name === model.column)
  const valueOf = (row: number): string => job.rows[row]?.[index] as string
  const inside = index < 0 ? new Map<string, number>() : counts(rows.map(valueOf))
  const whole = index < 0 ? new Map<string, number>() : counts(job.rows.flatMap((_, row) => job.subset?.[row] === false ? [] : [valueOf(row)]))
  const total = [...whole.values()].reduce((a, b) => a + b, 0)
  const p = (value: string): number => (inside.get(value) ?? 0) / rows.length
  const q = (value: string): number => (whole.get(value) ?? 0) / total
  const domain = [...whole.keys()]
  const number = (name: string): number => model[name] as number
  switch (model.type) {
    case 'k-anonymity': return rows.length >= number('k')
    case 'k-map': return population >= number('k')
    case 'distinct-l-diversity': return inside.size >= number('l')
    case 'entropy-l-diversity': return (model['estimator'] === 'grassberger' ? grassberger(inside, rows.length) : domain.reduce((h, value) => p(value) > 0 ? h - p(value) * Math.log(p(value)) : h, 0)) >= Math.log(number('l')) - close
    case 'recursive-l-diversity': {
      const sorted = [...inside.values()].sort((a, b) => b - a)
      return (sorted[0] as number) < number('c') * sorted.slice(number('l') - 1).reduce((a, b) => a + b, 0)
    }
    case 'equal-t-closeness': return domain.reduce((sum, value) => sum + Math.abs(p(value) - q(value)), 0) / 2 <= number('t') + close
    case 'ordered-t-closeness': {
      const there = domain.filter((value) => value !== '')
      const numeric = there.every((value) => value.trim() !== '' && Number.isFinite(Number(value)))
      const sorted = [...domain.filter((value) => value === ''), ...there.sort((a, b) => numeric ? Number(a) - Number(b) : a < b ? -1 : 1)]
      const sum = sorted.reduce((outer, _, i) => outer + Math.abs(sorted.slice(0, i + 1).reduce((part, value) => part + p(value) - q(value), 0)), 0)
      return (sorted.length < 2 ? 0 : sum / (sorted.length - 1)) <= number('t') + close
    }
    case 'hierarchical-t-closeness': return treeDistance(job.columns[index] as OracleColumn, p, q) <= number('t') + close
    case 'delta-presence': return rows.length / all.length >= number('min') && rows.length / all.length <= number('max')
    case 'delta-disclosure': return domain.every((value) => Math.abs(Math.log(p(value) / q(value))) < number('delta'))
    case 'basic-beta-likeness': return domain.every((value) => p(value) <= q(value) || (p(value) - q(value)) / q(value) <= number('beta') + close / q(value))
    case 'enhanced-beta-likeness': return domain.every((value) => p(value) <= q(value) || (p(value) - q(value)) / q(value) <= Math.min(number('beta'), -Math.log(q(value))) + close / q(value))
    // Attacked where a row's share of the gain exceeds the cost; released all the same where a row is worth its share of the loss.
    case 'cost-benefit': return number('adversaryGain') / rows.length <= number('adversaryCost') || number('publisherBenefit') - number('publisherLoss') / rows.length >= 0
    default: return true
  }
}

function sampleHolds(model: OracleModel, kept: readonly Class[]): boolean {
  const rows = kept.reduce((sum, one) => sum + one.rows.length, 0)
  if (model.type === 'average-risk') return kept.length / rows <= (model['threshold'] as number) + close
  if (model.type === 'sample-uniqueness') return kept.filter((one) => one.rows.length === 1).length / rows <= (model['threshold'] as number) + close
  if (model.type === 'population-uniqueness') return zayatz(kept.map((one) => one.rows.length), model['populationSize'] as number) <= (model['threshold'] as number) + close
  return true
}

/** Zayatz 1991: sample uniques as a share, times the chance that one of them is alone in a population of `people`, by Bayes' rule with the sample's class sizes as prior. */
function zayatz(sizes: readonly number[], people: number): number {
  const rows = sizes.reduce((sum, size) => sum + size, 0)
  const uniques = sizes.filter((size) => size === 1).length
  if (uniques === 0) return 0
  const choose = (n: number, k: number): number => Array.from({ length: k }, (_, i) => (n - i) / (i + 1)).reduce((product, factor) => product * factor, 1)
  const oneSeen = (size: number): number => size * choose(people - size, rows - 1) / choose(people, rows)
  const alone = uniques / sizes.length * oneSeen(1) / sizes.reduce((sum, size) => sum + oneSeen(size) / sizes.length, 0)
  return Math.min(1, uniques / rows * alone)
}

function digamma(x: number): number {
  return x < 12 ? digamma(x + 1) - 1 / x : Math.log(x) - 1 / (2 * x) - 1 / (12 * x ** 2) + 1 / (120 * x ** 4) - 1 / (252 * x ** 6) + 1 / (240 * x ** 8)
}

function grassberger(inside: ReadonlyMap<string, number>, size: number): number {
  const g = (n: number): number => digamma(n) + 0.5 * (n % 2 === 0 ? 1 : -1) * (digamma((n + 1) / 2) - digamma(n / 2))
  return Math.log(size) - [...inside.values()].reduce((sum, n) => sum + n * g(n), 0) / size
}

function treeDistance(column: OracleColumn, p: (value: string) => number, q: (value: string) => number): number {
  const height = (column.hierarchy[0] as readonly string[]).length - 1
  const leaves = column.hierarchy
  let cost = 0
  for (let level = 1; level <= height; level++) {
    for (const node of new Set(leaves.map((row) => row[level] as string))) {
      const below = leaves.filter((row) => row[level] === node)
      const children = [...new Set(below.map((row) => row[level - 1] as string))].map((child) => below.filter((row) => row[level - 1] === child).reduce((sum, row) => sum + p(row[0] as string) - q(row[0] as string), 0))
      const positive = children.reduce((sum, extra) => sum + Math.max(0, extra), 0)
      const negative = children.reduce((sum, extra) => sum + Math.max(0, -extra), 0)
      cost += level / height * Math.min(positive, negative)
    }
  }
  return height === 0 ? 0 : cost
}

function scoreOf(job: OracleJob, levels: readonly number[], released: readonly number[], suppressed: readonly boolean[], classes: readonly Class[]): number {
  const { type, suppressionWeight: weight = 0.5 } = job.metric
  const [g, s] = [weight <= 0.5 ? 1 : 1 - 2 * (weight - 0.5), weight < 0.5 ? 2 * weight : 1]
  const columns = quasi(job).map((index) => ({ index, column: job.columns[index] as OracleColumn }))
  const n = released.length
  const gone = released.filter((row) => suppressed[row])
  const kept = classes.filter((one) => one.rows.length > 0 && !suppressed[one.rows[0] as number])
  const covered = (d: number, row: number): number => {
    const { index, column } = columns[d] as (typeof columns)[number]
    const label = labelAt(column, job.rows[row]?.[index] as string, levels[d] as number)
    return column.hierarchy.filter((line) => line[levels[d] as number] === label).length
  }
  if (type === 'discernibility') return kept.reduce((sum, one) => sum + one.rows.length ** 2, 0) + n * gone.length
  if (type === 'average-class-size') return n / (kept.length + (gone.length > 0 ? 1 : 0))
  if (type === 'entropy') return (kept.reduce((sum, one) => sum + one.rows.length * Math.log2(one.rows.length), 0) + gone.length * Math.log2(n)) / n
  if (type === 'classification') {
    const target = job.columns.findIndex(({ role }) => role === 'sensitive')
    return (gone.length + kept.reduce((sum, one) => sum + one.rows.length - Math.max(...counts(one.rows.map((row) => job.rows[row]?.[target] as string)).values()), 0)) / n
  }
  if (type === 'ambiguity') return released.reduce((sum, row) => sum + columns.reduce((product, { column }, d) => product * (suppressed[row] ? column.hierarchy.length : covered(d, row)), 1), 0)
  const values = columns.map(({ index, column }, d) => {
    const level = levels[d] as number
    const size = column.hierarchy.length
    if (type === 'loss') {
      if (size === 1) return 0
      const mean = released.reduce((sum, row) => sum + (suppressed[row] ? covered(d, row) / size + s * (1 - covered(d, row) / size) : g * covered(d, row) / size), 0) / n
      return Math.max(0, (mean - g / size) / (1 - g / size))
    }
    if (type === 'precision') {
      const height = (column.hierarchy[0] as readonly string[]).length - 1
      return released.reduce((sum, row) => sum + (suppressed[row] ? s : g * (height === 0 ? 0 : level / height)), 0) / n
    }
    const originals = counts(released.map((row) => job.rows[row]?.[index] as string))
    const general = (row: number): string => labelAt(column, job.rows[row]?.[index] as string, level)
    const generals = counts(released.map(general))
    const lost = released.reduce((sum, row) => sum - Math.log2((originals.get(job.rows[row]?.[index] as string) as number) / (generals.get(general(row)) as number)), 0)
    const goneCounts = [...counts(gone.map(general)).values()]
    return g * lost + (type === 'non-uniform-entropy' ? s * goneCounts.reduce((sum, count) => sum - count * Math.log2(count / gone.length), 0) : 0)
  })
  const weights = columns.map(({ column }) => column.weight)
  const total = weights.reduce((a, b) => a + b, 0)
  const aggregate = job.metric.aggregate ?? (type === 'loss' ? 'geometric-mean' : type === 'precision' ? 'arithmetic-mean' : 'sum')
  if (aggregate === 'geometric-mean') return values.reduce((product, x, d) => product * (1 + x) ** ((weights[d] as number) / total), 1) - 1
  if (aggregate === 'arithmetic-mean') return values.reduce((sum, x, d) => sum + x * (weights[d] as number), 0) / total
  if (aggregate === 'maximum') return Math.max(...values.map((x, d) => x * (weights[d] as number)))
  return values.reduce((sum, x, d) => sum + x * (weights[d] as number), 0)
}
