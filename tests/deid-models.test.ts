// Models whose papers print no table that could be worked again, held against the peer's own tests and classes; the origin of each figure stands beside it in vectors/deid/models-arx-3.9.2.json.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { release } from '@mhmd/deid'
import type { Job, JobTables, MetricSpec, ModelSpec } from '@mhmd/deid'
import { arxTables } from './arx-rows.ts'

interface Row { readonly model: { readonly type: string; readonly column?: string }; readonly suppressionLimit: number; readonly metric: MetricSpec['type']; readonly sensitive?: string; readonly score: string }

const { tests, run } = JSON.parse(readFileSync(new URL('../vectors/deid/models-arx-3.9.2.json', import.meta.url), 'utf8')) as Record<'tests' | 'run', readonly Row[]>
const { subset, ...adult } = arxTables(new URL('../vectors/deid/data/', import.meta.url), 'adult')
const file = { path: '' }

/** The model with the second table it asks for. For k-map the subset is what is released, and the whole table its population. */
function asked({ model }: Row): { readonly model: ModelSpec; readonly tables: JobTables } {
  assert.ok(subset)
  if (model.type === 'k-map') return { model: { ...model, population: file } as ModelSpec, tables: { ...adult, input: subset, population: adult.input } }
  if (model.type === 'delta-presence') return { model: { ...model, subset: file } as ModelSpec, tables: { ...adult, subset } }
  return { model: model as ModelSpec, tables: adult }
}

for (const row of [...tests, ...run]) test(`as the peer: ${JSON.stringify(row.model)}, ${row.suppressionLimit * 100} %, ${row.metric}`, () => {
  const { model, tables } = asked(row)
  const roles = adult.input.columns.flatMap(({ name }): [string, Job['columns'][string]][] => name !== row.sensitive ? [[name, { role: 'quasi-identifying' }]] : 'column' in model ? [[name, { role: 'sensitive' }]] : [])
  const found = release({ input: file, columns: Object.fromEntries(roles), models: [model], suppressionLimit: row.suppressionLimit, metric: { type: row.metric } }, tables)
  assert.ok(Math.abs(found.score / Number(row.score) - 1) < 1e-8, `${found.score}, expected ${row.score}`)
  assert.ok(found.optimal)
})
