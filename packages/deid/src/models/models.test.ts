import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { brokenClaim, viewOf, worldOf } from '../../testing/index.ts'
import type { World } from '../../testing/index.ts'
import type { ModelSpec } from '../job.ts'
import { holds } from '../model.ts'
import type { ClassModel, PrivacyModel, SampleModel } from '../model.ts'
import { generator } from '../search/heuristic.ts'
import { populationUniqueness } from '../risk/population/dankar.ts'
import { compileModel, modelTypes } from './index.ts'
import { entropyLDiversity } from './entropy-l-diversity.ts'

const file = { path: 'x.csv' }
const many = (text: string, count: number): string[] => Array.from({ length: count }, () => text)
const half = worldOf(['a', 'b'])
// Li, Li, Venkatasubramanian (ICDE 2007), table 3: nine salaries, each once.
const salaries = worldOf(['3', '4', '5', '6', '7', '8', '9', '10', '11'])
const fourInTwo = worldOf(['a', 'b', 'c', 'd'], { a: 'x', b: 'x', c: 'y', d: 'y' })
const tenth = worldOf(['a', ...many('b', 9)])

/** Worked by hand from the definition; `inside` just holds, `outside` just doesn't. `whole` is the class in the whole table or population. */
interface Flip { readonly spec: ModelSpec; readonly world: World; readonly inside: readonly string[]; readonly outside: readonly string[]; readonly whole?: readonly [number, number]; readonly why: string }

const flips: readonly Flip[] = [
  { spec: { type: 'k-anonymity', k: 3 }, world: half, inside: ['a', 'a', 'a'], outside: ['a', 'a'], why: '3 ≥ 3 > 2' },
  { spec: { type: 'k-map', k: 4, population: file }, world: half, inside: ['a'], outside: ['a'], whole: [4, 3], why: '4 persons match, then 3' },
  { spec: { type: 'distinct-l-diversity', column: 's', l: 2 }, world: half, inside: ['a', 'b'], outside: ['a', 'a', 'a'], why: '2 values, then 1' },
  { spec: { type: 'entropy-l-diversity', column: 's', l: 2 }, world: half, inside: ['a', 'a', 'b', 'b'], outside: ['a', 'a', 'a', 'b', 'b'], why: 'ln 2 = 0.693; 0.673' },
  // G(2) = G(3) = 2 − γ − ln 2 = 0.7296: ln 6 − 0.7296 = 1.062 ≥ 0.693; ln 4 − 0.7296 = 0.657.
  { spec: { type: 'entropy-l-diversity', column: 's', l: 2, estimator: 'grassberger' }, world: half, inside: [...many('a', 3), ...many('b', 3)], outside: ['a', 'a', 'b', 'b'], why: '1.062; 0.657' },
  { spec: { type: 'recursive-l-diversity', column: 's', l: 2, c: 2 }, world: fourInTwo, inside: [...many('a', 3), 'b', 'c'], outside: [...many('a', 4), 'b', 'c'], why: '3 < 2·2; 4 = 2·2' },
  { spec: { type: 'equal-t-closeness', column: 's', t: 0.2 }, world: half, inside: [...many('a', 7), ...many('b', 3)], outside: [...many('a', 71), ...many('b', 29)], why: '0.7 − 0.5; 0.71 − 0.5' },
  // The paper's own figures: {3k, 4k, 5k} is 0.375 from the whole, {6k, 8k, 11k} is 0.167.
  { spec: { type: 'ordered-t-closeness', column: 's', t: 0.374 }, world: salaries, inside: ['6', '8', '11'], outside: ['3', '4', '5'], why: '0.167; 0.375' },
  { spec: { type: 'ordered-t-closeness', column: 's', t: 0.167 }, world: salaries, inside: ['6', '8', '11'], outside: ['6', '9', '11'], why: '0.1667; 0.1806' },
  { spec: { type: 'hierarchical-t-closeness', column: 's', t: 0.25 }, world: fourInTwo, inside: ['a', 'c'], outside: ['a', 'a', 'c'], why: '2 · ½·¼; more' },
  { spec: { type: 'delta-presence', min: 0.05, max: 0.15, subset: file }, world: half, inside: many('a', 3), outside: many('a', 3), whole: [20, 19], why: '3/20 = 0.15; 3/19' },
  { spec: { type: 'delta-presence', min: 0.05, max: 0.15, subset: file }, world: half, inside: ['a'], outside: ['a'], whole: [20, 21], why: '1/20 = 0.05; 1/21' },
  { spec: { type: 'delta-disclosure', column: 's', delta: 0.7 }, world: half, inside: ['a', 'a', 'a', 'b'], outside: [...many('a', 4), 'b'], why: '|ln 0.5| = 0.693; |ln 0.4| = 0.916' },
  { spec: { type: 'basic-beta-likeness', column: 's', beta: 1 }, world: tenth, inside: ['a', ...many('b', 4)], outside: ['a', ...many('b', 3)], why: '(0.2 − 0.1)/0.1 = 1; 1.5' },
  // −ln 0.5 = 0.693 caps β: p ≤ 0.8466.
  { spec: { type: 'enhanced-beta-likeness', column: 's', beta: 5 }, world: half, inside: [...many('a', 84), ...many('b', 16)], outside: [...many('a', 85), ...many('b', 15)], why: '0.84; 0.85' },
  // Attacked while 300/n > 50, so up to 5 rows; worth it from 600/100 = 6 rows. At 6 rows nobody attacks.
  { spec: { type: 'cost-benefit', publisherBenefit: 100, publisherLoss: 600, adversaryGain: 300, adversaryCost: 50 }, world: half, inside: many('a', 6), outside: many('a', 5), why: '300/6 = 50; 300/5 = 60 and 5 · 100 < 600' },
  { spec: { type: 'cost-benefit', publisherBenefit: 100, publisherLoss: 400, adversaryGain: 300, adversaryCost: 50 }, world: half, inside: many('a', 4), outside: many('a', 3), why: 'attacked; 4 · 100 = 400 > 300' },
]

// Tables printed in the models' papers. Sweeney (IJUFKS 10(5), 2002), figure 2: classes of 2, 2, 2, 3 and 2 rows, 2-anonymous.
const sweeney = worldOf(['short breath', 'chest pain', 'hypertension', 'hypertension', 'obesity', 'chest pain', 'chest pain', 'obesity', 'short breath', 'chest pain', 'chest pain'])
// Machanavajjhala et al. (TKDD 1(1), 2007), figures 2 and 3: twelve inpatients, 4-anonymous with a block of cancers only, and 3-diverse ("2.8-diverse" by entropy).
const [heart, viral, cancer] = ['heart disease', 'viral infection', 'cancer'] as const
const inpatients = worldOf([heart, heart, viral, viral, cancer, heart, viral, viral, cancer, cancer, cancer, cancer])
const [anonymousBlock, diverseBlock] = [[cancer, cancer, cancer, cancer], [heart, viral, cancer, cancer]] as const
// Li et al. (ICDE 2007), §4.2: flu is 1/3 from bronchitis, 2/3 from pulmonary embolism, 1 from stomach cancer. With two values, half each, a class of one alone lies at half that.
const diseases = [
  { flu: 'respiratory infection', bronchitis: 'respiratory infection', 'pulmonary embolism': 'vascular lung disease', 'stomach cancer': 'stomach disease' },
  { flu: 'respiratory', bronchitis: 'respiratory', 'pulmonary embolism': 'respiratory', 'stomach cancer': 'digestive' },
] as const
const fluAnd = (other: string): World => worldOf(['flu', other], ...diseases)

/** A class of a paper's table, and the parameter on both sides of the model's flip. */
const fromPapers: readonly { readonly world: World; readonly values: readonly string[]; readonly holding: ModelSpec; readonly breaking: ModelSpec }[] = [
  { world: sweeney, values: ['short breath', 'chest pain'], holding: { type: 'k-anonymity', k: 2 }, breaking: { type: 'k-anonymity', k: 3 } },
  { world: inpatients, values: anonymousBlock, holding: { type: 'k-anonymity', k: 4 }, breaking: { type: 'distinct-l-diversity', column: 's', l: 2 } },
  { world: inpatients, values: diverseBlock, holding: { type: 'distinct-l-diversity', column: 's', l: 3 }, breaking: { type: 'distinct-l-diversity', column: 's', l: 4 } },
  // e^H = 2^(1.5) = 2.8284.
  { world: inpatients, values: diverseBlock, holding: { type: 'entropy-l-diversity', column: 's', l: 2.828 }, breaking: { type: 'entropy-l-diversity', column: 's', l: 2.829 } },
  // r = 2, 1, 1: with ℓ = 3 the tail is 1, with ℓ = 2 it is 2; the inequality is strict.
  { world: inpatients, values: diverseBlock, holding: { type: 'recursive-l-diversity', column: 's', l: 3, c: 2.001 }, breaking: { type: 'recursive-l-diversity', column: 's', l: 3, c: 2 } },
  { world: inpatients, values: diverseBlock, holding: { type: 'recursive-l-diversity', column: 's', l: 2, c: 1.001 }, breaking: { type: 'recursive-l-diversity', column: 's', l: 2, c: 1 } },
  { world: salaries, values: ['3', '4', '5'], holding: { type: 'ordered-t-closeness', column: 's', t: 0.375 }, breaking: { type: 'ordered-t-closeness', column: 's', t: 0.3749 } },
  { world: salaries, values: ['6', '8', '11'], holding: { type: 'ordered-t-closeness', column: 's', t: 0.1667 }, breaking: { type: 'ordered-t-closeness', column: 's', t: 0.1666 } },
  // Three of nine values each 1/3 instead of 1/9, six not there: (3 · 2/9 + 6 · 1/9) / 2.
  { world: salaries, values: ['6', '8', '11'], holding: { type: 'equal-t-closeness', column: 's', t: 0.6667 }, breaking: { type: 'equal-t-closeness', column: 's', t: 0.6666 } },
  { world: fluAnd('bronchitis'), values: ['flu'], holding: { type: 'hierarchical-t-closeness', column: 's', t: 0.1667 }, breaking: { type: 'hierarchical-t-closeness', column: 's', t: 0.1666 } },
  { world: fluAnd('pulmonary embolism'), values: ['flu'], holding: { type: 'hierarchical-t-closeness', column: 's', t: 0.3334 }, breaking: { type: 'hierarchical-t-closeness', column: 's', t: 0.3333 } },
  { world: fluAnd('stomach cancer'), values: ['flu'], holding: { type: 'hierarchical-t-closeness', column: 's', t: 0.5 }, breaking: { type: 'hierarchical-t-closeness', column: 's', t: 0.4999 } },
]

for (const { world, values, holding, breaking } of fromPapers) test(`a class of its paper's table: ${JSON.stringify(holding)} holds and ${JSON.stringify(breaking)} does not`, () => {
  assert.ok(isHeld(compiled(holding, world) as ClassModel, world, values, undefined))
  assert.ok(!isHeld(compiled(breaking, world) as ClassModel, world, values, undefined))
})

const compiled = (spec: ModelSpec, world: World): PrivacyModel => compileModel(spec, world.context) as PrivacyModel
const isHeld = (model: ClassModel, world: World, values: readonly string[], whole: number | undefined): boolean => model.judge(viewOf(world, values, whole)) === holds

for (const { spec, world, inside, outside, whole, why } of flips) {
  test(`${spec.type} flips where its definition says: ${why}`, () => {
    const model = compiled(spec, world) as ClassModel
    assert.ok(isHeld(model, world, inside, whole?.[0]), 'just inside')
    assert.ok(!isHeld(model, world, outside, whole?.[1]), 'just outside')
    assert.equal(model.type, spec.type)
  })
}

// Origin: ARX's RiskModelCostBenefit with the configurations of its tests; see vectors/deid/models-arx-3.9.2.json.
test('cost-benefit keeps the classes that pay by the peer\'s account', () => {
  const { payoffs } = JSON.parse(readFileSync(new URL('../../../../vectors/deid/models-arx-3.9.2.json', import.meta.url), 'utf8')) as { payoffs: readonly (Omit<Extract<ModelSpec, { type: 'cost-benefit' }>, 'type'> & { readonly payoff: readonly (readonly [size: number, payoff: number])[] })[] }
  for (const { payoff, ...payoffsOf } of payoffs) for (const [size, paid] of payoff) assert.equal(isHeld(compiled({ type: 'cost-benefit', ...payoffsOf }, half) as ClassModel, half, many('a', size), undefined), paid > 0, `${JSON.stringify(payoffsOf)}, ${size} rows: ${paid}`)
})

test('population uniqueness flips at its threshold: the estimate of the risk figures', () => {
  // Zayatz on 2 unique rows among 4 of 8 people; the estimate itself has its own golden values beside the risk figures.
  const sizes = new Map([[1, 2], [2, 1]])
  const { share } = populationUniqueness(sizes, 8, 'zayatz')
  assert.ok(share > 0 && share < 1)
  const at = (threshold: number): boolean => (compiled({ type: 'population-uniqueness', threshold, populationSize: 8, estimator: 'zayatz' }, half) as SampleModel).satisfied(sizes, 4)
  assert.ok(at(share) && !at(share - 1e-6))
})

test('a class without rows of the research subset rules out, unless δmin is 0', () => {
  const strict = compiled({ type: 'delta-presence', min: 0.05, max: 0.15, subset: file }, half) as ClassModel
  assert.equal(strict.judge(viewOf(half, [], 5)), Infinity)
  const open = compiled({ type: 'delta-presence', min: 0, max: 0.15, subset: file }, half) as ClassModel
  assert.equal(open.judge(viewOf(half, [], 5)), holds)
})

test('an ℓ beyond all values of a column is violated by every class, however large', () => {
  const model = compiled({ type: 'recursive-l-diversity', column: 's', l: Number.MAX_SAFE_INTEGER, c: 1 }, half) as ClassModel
  assert.equal(model.judge(viewOf(half, ['a', 'b'])), 2)
})

/** Sizes of released classes and how many have each, just inside and just outside; and what a slip of the pen would make of the model. */
const wholes: readonly { readonly spec: ModelSpec; readonly inside: readonly (readonly [number, number])[]; readonly outside: readonly (readonly [number, number])[]; readonly slip: SampleModel['satisfied'] }[] = [
  // Mean of 1/size over rows: 2/8 = 0.25; 2/7. The slip looks at the smallest class.
  { spec: { type: 'average-risk', threshold: 0.25 }, inside: [[5, 1], [3, 1]], outside: [[4, 1], [3, 1]], slip: (sizes) => 1 / Math.min(...sizes.keys()) <= 0.25 },
  // 1 unique row of 10; of 9. The slip counts classes.
  { spec: { type: 'sample-uniqueness', threshold: 0.1 }, inside: [[1, 1], [9, 1]], outside: [[1, 1], [8, 1]], slip: (sizes) => (sizes.get(1) ?? 0) / [...sizes.values()].reduce((sum, count) => sum + count, 0) <= 0.1 },
  // No unique row is unique among more people either; 2 of 4 are. The slip estimates nothing but what is left over of the classes.
  { spec: { type: 'population-uniqueness', threshold: 0.1, populationSize: 8, estimator: 'zayatz' }, inside: [[2, 2]], outside: [[1, 2], [2, 1]], slip: (sizes, rows) => (sizes.get(2) ?? 0) / rows <= 0.1 },
]

test('models of a whole release flip where their definitions say, and their wrong variants fail the same examples', () => {
  for (const { spec, inside, outside, slip } of wholes) {
    const [model, rowsOf] = [compiled(spec, half) as SampleModel, (sizes: readonly (readonly [number, number])[]): number => sizes.reduce((sum, [size, count]) => sum + size * count, 0)]
    const flipsRight = (satisfied: SampleModel['satisfied']): boolean => satisfied(new Map(inside), rowsOf(inside)) && !satisfied(new Map(outside), rowsOf(outside))
    assert.ok(flipsRight((sizes, rows) => model.satisfied(sizes, rows)), spec.type)
    assert.ok(!flipsRight(slip), `the wrong variant of ${spec.type}`)
  }
})

/** Deliberately wrong variants: what a slip of the pen would make of each model. */
const slips: Readonly<Record<string, (right: ClassModel, world: World) => ClassModel>> = {
  'k-anonymity': (right) => ({ ...right, judge: (view) => view.size > 3 ? holds : view.size }),
  'k-map': (right) => ({ ...right, judge: (view) => view.size >= 4 ? holds : view.size }),
  'distinct-l-diversity': (right) => ({ ...right, judge: (view) => view.size >= 2 ? holds : view.size }),
  'entropy-l-diversity': (right) => ({ ...right, judge: (view) => (view.distributions[0]?.distinct ?? 0) >= 2 ? holds : 0 }),
  'recursive-l-diversity': (right) => ({ ...right, judge: (view) => Math.max(...(view.distributions[0]?.counts ?? [])) <= 2 * (view.size - Math.max(...(view.distributions[0]?.counts ?? []))) ? holds : 0 }),
  'equal-t-closeness': (right, world) => ({ ...right, judge: (view) => Math.max(...Array.from(view.distributions[0]?.counts ?? [], (count, code) => Math.abs(count / view.size - world.context.sensitive('s').share[code]!))) / 2 <= 0.2 ? holds : 0 }),
  'ordered-t-closeness': (_, world) => compiled({ type: 'equal-t-closeness', column: 's', t: 0.374 }, world) as ClassModel,
  'hierarchical-t-closeness': (_, world) => compiled({ type: 'equal-t-closeness', column: 's', t: 0.25 }, world) as ClassModel,
  'delta-presence': (right) => ({ ...right, judge: (view) => view.size / (view.weights[1] as number) <= 0.15 + 0.05 ? holds : 0 }),
  'delta-disclosure': (right) => ({ ...right, judge: (view) => Array.from(view.distributions[0]?.counts ?? []).every((count) => Math.log(count / view.size / 0.5) < 0.7) ? holds : 0 }),
  'basic-beta-likeness': (right, world) => ({ ...right, judge: (view) => Array.from(view.distributions[0]?.counts ?? []).every((count, code) => count / view.size / world.context.sensitive('s').share[code]! <= 1) ? holds : 0 }),
  'cost-benefit': (right) => ({ ...right, judge: (view) => 300 / view.size > 50 ? view.size : holds }),
  'enhanced-beta-likeness': (_, world) => compiled({ type: 'basic-beta-likeness', column: 's', beta: 5 }, world) as ClassModel,
}

test('each wrong variant fails the worked example of its model', () => {
  for (const [type, slip] of Object.entries(slips)) {
    const caught = flips.filter(({ spec }) => spec.type === type).some(({ spec, world, inside, outside, whole }) => {
      const wrong = slip(compiled(spec, world) as ClassModel, world)
      return !isHeld(wrong, world, inside, whole?.[0]) || isHeld(wrong, world, outside, whole?.[1])
    })
    assert.ok(caught, type)
  }
})

const specs: readonly ModelSpec[] = [
  ...flips.map(({ spec }) => spec),
  { type: 'average-risk', threshold: 0.4 },
  { type: 'sample-uniqueness', threshold: 0.2 },
  { type: 'population-uniqueness', threshold: 0.2, populationSize: 1000, estimator: 'zayatz' },
  { type: 'recursive-l-diversity', column: 's', l: 3, c: 1.5 },
  { type: 'equal-t-closeness', column: 's', t: 0.4 },
]

test('every model of the table of contents has a worked example', () => {
  const worked = new Set(specs.map(({ type }) => type))
  for (const type of modelTypes) assert.ok(worked.has(type), type)
})

for (const spec of specs) {
  test(`${JSON.stringify(spec)}: what it claims of merging, splitting and floors stands 10,000 random classes`, () => {
    assert.equal(brokenClaim((world) => compiled(spec, world), generator(20140117), 10_000), undefined)
  })
}

// Why the search prunes by a mean over the whole release only where nothing may be suppressed, though both its claims stand.
test('average risk: merging two classes that are suppressed can make more rows go', () => {
  const model = compiled({ type: 'average-risk', threshold: 1 / 16 }, half) as SampleModel
  const gone = (sizes: readonly number[]): number => {
    const cuts = [0, ...new Set(sizes)].sort((a, b) => a - b)
    const cut = cuts.find((least) => { const kept = sizes.filter((size) => size > least); return model.satisfied(new Map([...new Set(kept)].map((size) => [size, kept.filter((other) => other === size).length])), kept.reduce((sum, size) => sum + size, 0)) }) as number
    return sizes.filter((size) => size <= cut).reduce((sum, size) => sum + size, 0)
  }
  assert.deepEqual([gone([4, 4, 5, 5, 40]), gone([8, 5, 5, 40])], [8, 10])
})

test('the claim checker finds false claims', () => {
  const claim = { generalisation: true, suppression: true }
  const sample = (satisfied: SampleModel['satisfied'], monotone: SampleModel['monotone']): SampleModel => ({ scope: 'sample', type: 'average-risk', monotone, satisfied })
  const wrong: readonly ((world: World) => PrivacyModel)[] = [
    (world) => ({ ...compiled({ type: 'delta-disclosure', column: 's', delta: 0.7 }, world) as ClassModel, monotone: claim }),
    (world) => ({ ...compiled({ type: 'equal-t-closeness', column: 's', t: 0.2 }, world) as ClassModel, monotone: claim }),
    (world) => ({ ...compiled({ type: 'recursive-l-diversity', column: 's', l: 2, c: 2 }, world) as ClassModel, monotone: claim }),
    (world) => floorOfAll(compiled({ type: 'hierarchical-t-closeness', column: 's', t: 0.2 }, world) as ClassModel),
    () => floorOfAll(entropyLDiversity(2, 0)),
    (world) => floorOfAll(compiled({ type: 'basic-beta-likeness', column: 's', beta: 1 }, world) as ClassModel),
    (world) => floorOfAll(compiled({ type: 'delta-presence', min: 0.2, max: 0.6, subset: file }, world) as ClassModel),
    // At least two classes: merging breaks it. At least five rows: merging doesn't, suppressing does.
    () => sample((sizes) => [...sizes.values()].reduce((sum, count) => sum + count, 0) >= 2, { generalisation: true, suppression: false }),
    () => sample((_, rows) => rows >= 5, claim),
  ]
  wrong.forEach((make, index) => { assert.notEqual(brokenClaim(make, generator(7), 10_000), undefined, `wrong claim ${index}`) })
})

function floorOfAll(model: ClassModel): ClassModel {
  return { ...model, judge: (view) => model.judge(view) === holds ? holds : view.size }
}
