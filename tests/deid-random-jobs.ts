// Seeded random de-identification jobs on small tables, in the oracle's form and in the engine's.
import { columnOf } from '@mhmd/columns'
import type { Table } from '@mhmd/columns'
import { sourceOf } from '@mhmd/deid'
import type { Job, JobTables } from '@mhmd/deid'
import type { OracleColumn, OracleJob, OracleModel } from './deid-oracle.ts'

export type Random = () => number

/** A linear congruential generator with the constants of Numerical Recipes; enough to vary tables. */
export function seeded(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32
  for (let i = 0; i < 8; i++) next()
  return next
}

const below = (random: Random, n: number): number => Math.floor(random() * n)
const pick = <T>(random: Random, from: readonly T[]): T => from[below(random, from.length)] as T

export function randomJob(random: Random): OracleJob {
  const columns: OracleColumn[] = Array.from({ length: 1 + below(random, 4) }, (_, i) => randomColumn(random, `q${i}`, 'quasi-identifying'))
  columns.push(randomColumn(random, 's', 'sensitive'))
  const row = (): string[] => columns.map(({ hierarchy }) => hierarchy[random() < 0.4 ? 0 : below(random, hierarchy.length)]?.[0] as string)
  const rows = Array.from({ length: pick(random, [1, 2, 5, 10, 15, 20, 25, 30]) }, row)
  const subset = firstOfEqual(rows, rows.map((_, index) => index === 0 || random() < 0.5))
  const models = randomModels(random)
  if (random() < 0.2) return personJob(random, { rows, columns })
  return {
    rows, columns, models,
    suppressionLimit: pick(random, [0, 0.1, 0.2, 0.3, 0.5, 0.7, 1]),
    metric: randomMetric(random),
    ...(models.some(({ type }) => type === 'delta-presence') ? { subset } : {}),
    ...(models.some(({ type }) => type === 'k-map') ? { population: [...rows, ...Array.from({ length: below(random, 12) }, row)] } : {}),
  }
}

/** Few persons with several rows each: the brute force tries every set of them. */
function personJob(random: Random, { rows, columns }: Pick<OracleJob, 'rows' | 'columns'>): OracleJob {
  const people = 1 + below(random, 7)
  const metric = randomMetric(random)
  const models: OracleModel[] = [{ type: 'k-anonymity', k: 1 + below(random, 3) }]
  if (random() < 0.3) models.push({ type: 'distinct-l-diversity', column: 's', l: 1 + below(random, 3) })
  return {
    rows, columns, models,
    persons: { of: rows.map(() => `p${below(random, people)}`), visits: rows.length > 20 ? 1 + below(random, 2) : 1 + below(random, 3), ordered: random() < 0.5 },
    suppressionLimit: pick(random, [0, 0.2, 0.3, 0.5, 0.7, 1]),
    metric: ['loss', 'non-uniform-entropy', 'non-uniform-entropy-monotone', 'precision'].includes(metric.type) ? metric : { ...metric, type: 'loss' },
  }
}

/** Equal rows are interchangeable, and the engine marks the first of them: so many marks, moved to the front. */
function firstOfEqual(rows: readonly (readonly string[])[], marks: readonly boolean[]): boolean[] {
  const left = new Map<string, number>()
  rows.forEach((row, index) => { if (marks[index] === true) left.set(row.join(), (left.get(row.join()) ?? 0) + 1) })
  return rows.map((row) => {
    const count = left.get(row.join()) ?? 0
    left.set(row.join(), count - 1)
    return count > 0
  })
}

/** Up to seven values and up to four levels; groups are merged at random from level to level, so levels are nested. */
function randomColumn(random: Random, name: string, role: OracleColumn['role']): OracleColumn {
  const size = pick(random, [1, 2, 3, 4, 5, 6, 7, 7])
  const height = pick(random, [0, 1, 2, 2, 3, 3])
  const numeric = random() < 0.5
  const levels: string[][] = [Array.from({ length: size }, (_, i) => numeric ? String((i * 7) % 11) : `${name}v${i}`)]
  let groups = Array.from({ length: size }, (_, i) => i)
  for (let level = 1; level <= height; level++) {
    const into = level === height && random() < 0.7 ? 1 : 1 + below(random, Math.max(...groups) + 1)
    const map = groups.map(() => below(random, into))
    groups = groups.map((group) => map[group] as number)
    levels.push(groups.map((group) => `${name}L${level}g${group}`))
  }
  const hierarchy = (levels[0] as string[]).map((_, value) => levels.map((labels) => labels[value] as string))
  const minLevel = random() < 0.8 ? 0 : below(random, height + 1)
  const maxLevel = random() < 0.8 ? height : minLevel + below(random, height - minLevel + 1)
  return { name, role, hierarchy, minLevel, maxLevel, weight: random() < 0.7 ? 1 : pick(random, [0.5, 2, 3]) }
}

function randomModels(random: Random): OracleModel[] {
  const t = pick(random, [0.1, 0.2, 0.35, 0.5])
  const all: OracleModel[] = [
    { type: 'k-anonymity', k: 1 + below(random, 5) },
    { type: 'k-map', k: 1 + below(random, 6) },
    { type: 'distinct-l-diversity', column: 's', l: 1 + below(random, 4) },
    { type: 'entropy-l-diversity', column: 's', l: pick(random, [1.5, 2, 2.5, 3]) },
    { type: 'entropy-l-diversity', column: 's', l: pick(random, [1.5, 2, 2.5, 3]), estimator: 'grassberger' },
    { type: 'recursive-l-diversity', column: 's', l: 2 + below(random, 2), c: pick(random, [0.5, 1, 2, 4]) },
    { type: 'equal-t-closeness', column: 's', t },
    { type: 'ordered-t-closeness', column: 's', t },
    { type: 'hierarchical-t-closeness', column: 's', t },
    { type: 'delta-presence', min: pick(random, [0, 0, 0.1, 0.3]), max: pick(random, [0.5, 0.7, 1]) },
    { type: 'delta-disclosure', column: 's', delta: pick(random, [0.3, 0.7, 1.5]) },
    { type: 'basic-beta-likeness', column: 's', beta: pick(random, [0.3, 1, 2]) },
    { type: 'enhanced-beta-likeness', column: 's', beta: pick(random, [0.3, 1, 2]) },
    { type: 'average-risk', threshold: pick(random, [0.2, 0.4, 0.7]) },
    { type: 'sample-uniqueness', threshold: pick(random, [0, 0.1, 0.3]) },
    { type: 'population-uniqueness', estimator: 'zayatz', threshold: pick(random, [0.013, 0.07, 0.31]), populationSize: pick(random, [31, 60, 1000]) },
    { type: 'cost-benefit', publisherBenefit: pick(random, [0, 10, 100]), publisherLoss: pick(random, [25, 301, 650]), adversaryGain: pick(random, [10, 33, 77]), adversaryCost: pick(random, [0, 7, 15]) },
  ]
  const models = [pick(random, all)]
  while (random() < 0.4) {
    const model = pick(random, all)
    if (models.every(({ type }) => type !== model.type)) models.push(model)
  }
  return models
}

function randomMetric(random: Random): OracleJob['metric'] {
  const type = pick(random, ['loss', 'loss', 'non-uniform-entropy', 'non-uniform-entropy-monotone', 'precision', 'discernibility', 'average-class-size', 'ambiguity', 'entropy', 'classification', 'classification'])
  const aggregate = random() < 0.5 ? undefined : pick(random, ['geometric-mean', 'arithmetic-mean', 'sum', 'maximum'])
  return { type, aggregate, suppressionWeight: random() < 0.5 ? undefined : pick(random, [0, 0.2, 0.5, 0.7, 0.9]) }
}

export function engineJob(oracle: OracleJob): { job: Job; tables: JobTables } {
  const persons = oracle.persons === undefined ? [] : [columnOf('person', oracle.persons.of)]
  const tableOf = (rows: readonly (readonly string[])[]): Table => ({ rows: rows.length, columns: [...oracle.columns.map(({ name }, c) => columnOf(name, rows.map((row) => row[c] as string))), ...persons] })
  const { aggregate, suppressionWeight } = oracle.metric
  const columns: Job['columns'] = Object.fromEntries(oracle.columns.map<[string, Job['columns'][string]]>(({ name, role, minLevel, maxLevel, weight }) => [name, role === 'sensitive' ? { role } : { role, minLevel, maxLevel, weight }]).concat(persons.map(({ name }) => [name, { role: 'identifying' }])))
  const models = oracle.models.map((model) => ({ ...model, ...(model.type === 'delta-presence' ? { subset: { path: 'subset.csv' } } : {}), ...(model.type === 'k-map' ? { population: { path: 'population.csv' } } : {}) })) as unknown as Job['models']
  const metric = { type: oracle.metric.type, ...(oracle.metric.type === 'classification' ? { column: 's' } : {}), ...(aggregate === undefined ? {} : { aggregate }), ...(suppressionWeight === undefined ? {} : { suppressionWeight }) } as NonNullable<Job['metric']>
  const { subset, population } = oracle
  return {
    job: { input: { path: 'input.csv' }, columns, ...(oracle.persons === undefined ? {} : { person: { column: 'person', visits: oracle.persons.visits, ordered: oracle.persons.ordered } }), models, suppressionLimit: oracle.suppressionLimit, metric },
    tables: {
      input: tableOf(oracle.rows),
      hierarchies: Object.fromEntries(oracle.columns.map(({ name, hierarchy }) => [name, sourceOf(name, (hierarchy[0] as readonly string[]).map((_, level) => hierarchy.map((row) => row[level] as string)))])),
      ...(subset === undefined ? {} : { subset: tableOf(oracle.rows.filter((_, row) => subset[row])) }),
      ...(population === undefined ? {} : { population: tableOf(population) }),
    },
  }
}
