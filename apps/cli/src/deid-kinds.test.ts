// Every kind of model, mask and metric that a job can name, carried out from its file by the command line and checked from the written file.
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, test } from 'node:test'
import type { Job, MaskSpec, MetricSpec, ModelSpec } from '@mhmd/deid'
import { deidCommand } from './deid.ts'

const at = mkdtempSync(join(tmpdir(), 'mhmd-deid-kinds-'))
const file = (name: string, text: string): string => {
  writeFileSync(join(at, name), text)
  return name
}
const ROWS = 120
const row = (i: number): string => `p${i};${20 + i % 6};${['n', 's'][i % 2] ?? ''};${['flu', 'gout', 'mumps'][(i * 7) % 3] ?? ''};${50 + i % 9};2021-0${1 + i % 9}-11;${i % 3 === 0 ? 'a1' : 'a2'}${i % 2 === 0 ? '|b1' : ''}`
const header = 'who;age;place;diagnosis;weight;seen;codes'
const rows = Array.from({ length: ROWS }, (_, i) => row(i))
file('t.csv', [header, ...rows].join('\n'))
file('subset.csv', [header, ...rows.filter((_, i) => i % 10 < 2)].join('\n'))
file('people.csv', [header, ...rows, ...rows].join('\n'))
file('age.csv', Array.from({ length: 6 }, (_, i) => `${20 + i};${i < 3 ? 'young' : 'old'};*`).join('\n'))
file('place.csv', 'n;*\ns;*')
file('diagnosis.csv', 'flu;infection;*\nmumps;infection;*\ngout;other;*')
file('codes.csv', 'a1;a;*\na2;a;*\nb1;b;*')

const base: Job = {
  input: { path: 't.csv', delimiter: ';' }, suppressionLimit: 1, models: [{ type: 'k-anonymity', k: 3 }],
  columns: {
    who: { role: 'identifying' }, age: { role: 'quasi-identifying', hierarchy: 'age.csv' }, place: { role: 'quasi-identifying', hierarchy: 'place.csv' },
    diagnosis: { role: 'sensitive', hierarchy: 'diagnosis.csv' }, weight: { role: 'insensitive' }, seen: { role: 'insensitive' }, codes: { role: 'sensitive', hierarchy: 'codes.csv' },
  },
}
const column = 'diagnosis'
const models: readonly ModelSpec[] = [
  { type: 'k-anonymity', k: 4 }, { type: 'distinct-l-diversity', column, l: 2 }, { type: 'entropy-l-diversity', column, l: 2 }, { type: 'entropy-l-diversity', column, l: 2, estimator: 'grassberger' }, { type: 'recursive-l-diversity', column, l: 2, c: 3 },
  { type: 'equal-t-closeness', column, t: 0.3 }, { type: 'ordered-t-closeness', column, t: 0.3 }, { type: 'hierarchical-t-closeness', column, t: 0.3 }, { type: 'delta-disclosure', column, delta: 1.5 },
  { type: 'basic-beta-likeness', column, beta: 1 }, { type: 'enhanced-beta-likeness', column, beta: 1 }, { type: 'average-risk', threshold: 0.1 }, { type: 'sample-uniqueness', threshold: 0 },
  { type: 'population-uniqueness', threshold: 0.1, populationSize: 10_000, estimator: 'dankar' }, { type: 'km-anonymity', column: 'codes', k: 3, m: 2, separator: '|' }, { type: 'cost-benefit', publisherBenefit: 100, publisherLoss: 600, adversaryGain: 300, adversaryCost: 50 },
  { type: 'delta-presence', min: 0.05, max: 0.5, subset: { path: 'subset.csv' } }, { type: 'k-map', k: 5, population: { path: 'people.csv' } },
]
const masks: readonly MaskSpec[] = [
  { type: 'top-bottom-coding', columns: ['weight'], bottom: 51, top: 57 }, { type: 'microaggregation', columns: ['weight'], k: 3, method: 'mdav' }, { type: 'microaggregation', columns: ['weight'], k: 3, method: 'optimal' }, { type: 'rank-swapping', columns: ['weight'], share: 0.2 },
  { type: 'pram', columns: ['weight'], keep: 0.5 }, { type: 'laplace-noise', columns: ['weight'], sensitivity: 1, epsilon: 1 }, { type: 'gaussian-noise', columns: ['weight'], sensitivity: 1, rho: 0.5 }, { type: 'date-shift', columns: ['seen'], mostDays: 30 }, { type: 'pseudonym', columns: ['weight'] },
]
const metrics: readonly MetricSpec[] = [...(['loss', 'non-uniform-entropy', 'non-uniform-entropy-monotone', 'precision', 'discernibility', 'average-class-size', 'ambiguity', 'entropy'] as const).map((type) => ({ type })), { type: 'classification', column }]
const byPerson = { person: { column: 'who', visits: 2, ordered: true } }
const privateColumns: Job['columns'] = { age: { role: 'quasi-identifying', hierarchy: 'age.csv', minLevel: 1, maxLevel: 1 }, place: { role: 'quasi-identifying', hierarchy: 'place.csv', minLevel: 1, maxLevel: 1 } }

const jobs: readonly (readonly [what: string, job: Job])[] = [
  ...models.map((model) => [JSON.stringify(model), { ...base, models: [model] }] as const),
  ['differential privacy with levels that are fixed', { ...base, models: [{ type: 'differential-privacy', epsilon: 2, delta: 0.01 }], columns: privateColumns }],
  ['differential privacy with a search of its own budget', { ...base, models: [{ type: 'differential-privacy', epsilon: 3, delta: 0.01, searchEpsilon: 1 }], columns: { age: { role: 'quasi-identifying', hierarchy: 'age.csv', minLevel: 1 } } }],
  ...masks.map((mask) => [JSON.stringify(mask), { ...base, masks: [mask], ...(mask.type === 'date-shift' ? byPerson : {}) }] as const),
  ...metrics.map((metric) => [`the metric ${metric.type}`, { ...base, metric }] as const),
  ['local recoding', { ...base, localRecoding: true, suppressionLimit: 0.1 }],
  ['the heuristic search', { ...base, search: { type: 'heuristic', timeLimitSeconds: 0.2 } }],
  ['persons, two visits in their order', { ...base, ...byPerson }],
]

const run = async (...args: string[]): Promise<void> => { await deidCommand().exitOverride().parseAsync(args, { from: 'user' }) }

afterEach(() => { process.exitCode = 0 })

for (const [n, [what, job]] of jobs.entries()) test(`from job.json: ${what}`, async () => {
  const name = (kind: string): string => join(at, `${n}.${kind}`)
  file(`${n}.json`, JSON.stringify(job))
  await run('run', '--config', name('json'), '--output', name('csv'), '--report', name('report'), '--sealed', name('sealed'))
  assert.ok(readFileSync(name('csv'), 'utf8').startsWith('age') && existsSync(name('report')))
  const secret = 'secret' in (JSON.parse(readFileSync(name('sealed'), 'utf8')) as object) ? ['--sealed', name('sealed')] : []
  await run('check', '--config', name('json'), '--output', name('csv'), ...secret)
  assert.notEqual(process.exitCode, 3)
})

test('no kind that a job can name is left out above', () => {
  interface Schema { readonly properties?: Readonly<Record<string, Schema>>; readonly items?: Schema; readonly anyOf?: readonly Schema[]; readonly const?: string; readonly enum?: readonly string[] }
  const { properties } = JSON.parse(readFileSync(new URL('../../../schemas/deid-job.schema.json', import.meta.url), 'utf8')) as Schema
  const kindsOf = (schema: Schema | undefined): string[] => (schema?.anyOf ?? [schema]).flatMap((one) => one?.properties?.['type']?.enum ?? one?.properties?.['type']?.const ?? []).sort()
  const used = (all: readonly { readonly type: string }[]): string[] => [...new Set(all.map(({ type }) => type))].sort()
  assert.deepEqual(used(jobs.flatMap(([, job]) => job.models)), [...new Set(kindsOf(properties?.['models']?.items))])
  assert.deepEqual(used(masks), kindsOf(properties?.['masks']?.items))
  assert.deepEqual(used(metrics), kindsOf(properties?.['metric']))
})
