import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { firstPolicy, kOf, leastClass, mended, modelsAsked, policyPresets, unimplied, withClassesOf } from './dataset-policy.ts'
import type { DatasetPolicy } from './dataset.ts'

const sensitive = ['code', 'result']
const share = fc.oneof(fc.integer({ min: 1, max: 1000 }).map((whole) => whole / 1000), fc.integer({ min: 1, max: 60 }).map((k) => 1 / k))
const model = fc.oneof(
  fc.record({ type: fc.constant('k-anonymity' as const), k: fc.integer({ min: 1, max: 60 }) }),
  fc.record({ type: fc.constant('distinct-l-diversity' as const), column: fc.constantFrom(...sensitive), l: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ type: fc.constant('entropy-l-diversity' as const), column: fc.constantFrom(...sensitive), l: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ type: fc.constant('average-risk' as const), threshold: share }),
)
const policy: fc.Arbitrary<DatasetPolicy> = fc.record({
  forms: fc.constant(['anonymised' as const]), models: fc.array(model, { minLength: 1, maxLength: 5 }), suppressionLimit: share,
  thresholds: fc.record({ highestRisk: share, averageRisk: share, uniques: fc.constant(0), distinctValues: fc.integer({ min: 1, max: 5 }) }),
})

/** The largest risks, and fewest values, of a table that satisfies the models: classes of k, and no more asked of the average than is asked. */
function promised(models: DatasetPolicy['models']): { highest: number; average: number; valuesOf: (column: string) => number } {
  const k = kOf(models)
  return {
    highest: 1 / k, average: models.reduce((least, one) => (one.type === 'average-risk' ? Math.min(least, one.threshold) : least), 1 / k),
    // Entropy-ℓ and distinct-ℓ alike need ℓ different values (Machanavajjhala et al. 2007).
    valuesOf: (column) => models.reduce((most, one) => (one.type === 'distinct-l-diversity' || one.type === 'entropy-l-diversity') && one.column === column ? Math.max(most, one.l) : most, 1),
  }
}

test('whatever a policy is, what the engine is asked for keeps to its thresholds, with one row a person and with several', () => {
  fc.assert(fc.property(policy, fc.boolean(), (one, hasSeveralRows) => {
    const asked = modelsAsked(one, { sensitive, hasSeveralRows })
    const { highest, average, valuesOf } = promised(hasSeveralRows ? asked.filter(({ type }) => type !== 'average-risk') : asked)
    assert.ok(highest <= one.thresholds.highestRisk + 1e-9 && average <= one.thresholds.averageRisk + 1e-9)
    for (const column of sensitive) assert.ok(valuesOf(column) >= one.thresholds.distinctValues)
    assert.equal(asked.filter(({ type }) => type === 'k-anonymity').length, 1)
  }))
})

test('a policy whose models ask for less says so, and mended it says nothing: its own models reach its thresholds', () => {
  fc.assert(fc.property(policy, (one) => {
    const { highest, average, valuesOf } = promised(one.models)
    const isReached = highest <= one.thresholds.highestRisk + 1e-9 && sensitive.every((column) => valuesOf(column) >= one.thresholds.distinctValues)
    // What is missing of the average may be what is missing of the highest.
    const isAverageReached = Math.min(average, 1 / leastClass(one.thresholds.highestRisk)) <= one.thresholds.averageRisk + 1e-9
    assert.equal(unimplied(one, sensitive).length === 0, isReached && isAverageReached)
    const better = mended(one, sensitive)
    assert.deepEqual([unimplied(better, sensitive), better.thresholds], [[], one.thresholds])
    assert.ok(promised(better.models).average <= one.thresholds.averageRisk + 1e-9)
  }))
})

test('where a draft begins, and every preset, asks for what its gate demands', () => {
  for (const k of Object.values(policyPresets)) assert.deepEqual(unimplied(withClassesOf(k, firstPolicy()), sensitive), [])
  assert.deepEqual(firstPolicy().thresholds, { highestRisk: 1 / 5, averageRisk: 1 / 5, uniques: 0, distinctValues: 1 })
  assert.deepEqual(withClassesOf(policyPresets.publication, firstPolicy()).models, [{ type: 'k-anonymity', k: 11 }])
  // EMA and Health Canada print 0.09: taken by the letter, it would be a class of twelve.
  assert.deepEqual([leastClass(1 / 11), leastClass(0.09), leastClass(0.2)], [11, 12, 5])
  assert.deepEqual(unimplied({ models: [{ type: 'k-anonymity', k: 5 }], thresholds: { highestRisk: 0.2, averageRisk: 0.1, uniques: 0, distinctValues: 1 } }, []), [{ threshold: 'averageRisk', needs: 0.1 }])
})
