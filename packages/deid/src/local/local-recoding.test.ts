import assert from 'node:assert/strict'
import { test } from 'node:test'
import { columnOf, textAt } from '@mhmd/columns'
import type { Table } from '@mhmd/columns'
import { checkRelease } from '../check/check.ts'
import { sourceOf } from '../hierarchies/source.ts'
import type { Job } from '../job.ts'
import { release } from '../release.ts'
import { generator } from '../search/heuristic.ts'

const ages = Array.from({ length: 80 }, (_, i) => String(i))
const hierarchies = { age: sourceOf('age', [ages, ages.map((age) => `${Math.floor(Number(age) / 5)}a`), ages.map((age) => `${Math.floor(Number(age) / 20)}b`), ages.map(() => '*')]) }
const jobOf = (more: Partial<Job> = {}): Job => ({ input: { path: 't.csv' }, columns: { age: { role: 'quasi-identifying' }, note: { role: 'sensitive' } }, models: [{ type: 'k-anonymity', k: 3 }], suppressionLimit: 0, localRecoding: true, ...more })
const tableOf = (values: readonly number[], notes: readonly string[] = values.map(String)): Table => ({ rows: values.length, columns: [columnOf('age', values.map(String)), columnOf('note', notes)] })

test('dense parts keep their values, sparse parts are generalised further', () => {
  const input = tableOf([30, 30, 30, 31, 31, 31, 1, 7, 12, 60, 61, 62])
  const found = release(jobOf(), { input, hierarchies })
  const cells = Array.from({ length: 12 }, (_, row) => textAt(found.table.columns[0]!, row))
  assert.deepEqual(cells, ['30', '30', '30', '31', '31', '31', '0b', '0b', '0b', '12a', '12a', '12a'])
  const whole = release({ ...jobOf(), localRecoding: false }, { input, hierarchies })
  assert.ok(found.score < whole.score && !found.optimal)
  // By hand: six rows cover 1 of 80, three 20, three 5: mean (6 + 60 + 15) / 12, less 1, over 79.
  assert.ok(Math.abs(found.score - (81 / 12 - 1) / 79) < 1e-12)
})

test('200 random tables: never worse than full-domain, every model holds, within the limit', () => {
  const random = generator(31)
  for (let i = 0; i < 200; i++) {
    const values = Array.from({ length: 10 + Math.floor(random() * 60) }, () => Math.floor(80 * random() * random()))
    const input = tableOf(values, values.map(() => 'xyz'[Math.floor(random() * 3)] as string))
    const job = jobOf({ suppressionLimit: random() < 0.5 ? 0 : 0.2, models: [{ type: 'k-anonymity', k: 2 + Math.floor(random() * 4) }, ...(random() < 0.3 ? [{ type: 'distinct-l-diversity' as const, column: 'note', l: 2 }] : [])] })
    const outcome = (local: boolean): ReturnType<typeof release> | undefined => {
      try {
        return release({ ...job, localRecoding: local }, { input, hierarchies })
      } catch (error) {
        assert.equal((error as { code: string }).code, 'DEID_NO_SOLUTION')
        return undefined
      }
    }
    const [whole, local] = [outcome(false), outcome(true)]
    if (local === undefined) {
      assert.equal(whole, undefined)
      continue
    }
    assert.ok(whole === undefined || local.score <= whole.score + 1e-12)
    assert.deepEqual(checkRelease({ job, input, hierarchies, output: local.table }).findings, [], `table ${i}`)
  }
})

test('a cell that is no label of its value is found', () => {
  const input = tableOf([30, 30, 30, 1, 1, 1])
  const { table } = release(jobOf(), { input, hierarchies })
  const codes = table.columns[0]!.codes.with(0, table.columns[0]!.codes[3] as number)
  assert.ok(checkRelease({ job: jobOf(), input, hierarchies, output: { ...table, columns: [{ ...table.columns[0]!, codes }, table.columns[1]!] } }).findings.some(({ code, row }) => code === 'CHECK_CELLS' && row === 1))
})

test('refused: models that merging does not preserve, another metric', () => {
  const input = tableOf([1, 2, 3])
  assert.throws(() => release(jobOf({ models: [{ type: 'delta-disclosure', column: 'note', delta: 1 }] }), { input, hierarchies }), { code: 'DEID_LOCAL_MODEL' })
  assert.throws(() => release(jobOf({ metric: { type: 'discernibility' } }), { input, hierarchies }), { code: 'DEID_PARAMETER_IMPOSSIBLE' })
})
