import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { randomValue } from '../../testing/random-values.ts'
import { typeDefinition } from '../definitions.ts'
import { arbiter, closureOf, own, rulePaths, rulesAt } from './rules.ts'
import { BeyondSubset } from './syntax.ts'
import type { Surroundings } from './values.ts'

const RUNS = 60

/** Expressions left to `fhirpath` altogether. */
const left = ['CodeSystem csd-1', 'ChargeItemDefinition cid-0', 'ImplementationGuide ig-2', 'ImplementationGuide.definition ig-1', 'RiskAssessment.prediction ras-2', 'StructureDefinition sdf-9', 'StructureDefinition.differential sdf-8a']

/** Where `fhirpath` itself fails: it takes HL7's patterns for Unicode ones, which they are not, and asks a number for members. */
const notByArbiter = new Set(['eld-16', 'eld-19', 'eld-20', 'ras-1'])

const all = rulePaths().flatMap((path) => rulesAt(path).map((rule) => ({ path, rule })))

test('all but seven expressions have a function of our own', () => {
  const without = all.filter(({ path, rule }) => own[rule.key] === undefined && closureOf(path, rule.expression) === undefined)
  assert.deepEqual(without.map(({ path, rule }) => `${path} ${rule.key}`).sort(), left.sort())
  assert.equal(all.length, 293)
})

const asked = (path: string, key: string, value: unknown): boolean | undefined => rulesAt(path).find((rule) => rule.key === key)?.holds({ value, resource: value, root: value })

/** [path, rule, a value it holds for, one that it doesn't hold for], from the rule's words at hl7.org/fhir/R4. */
const byHand: [string, string, unknown, unknown][] = [
  ['ElementDefinition', 'eld-16', { sliceName: 'a/b@c' }, { sliceName: 'a b' }],
  ['ElementDefinition', 'eld-19', { path: 'Patient.name' }, { path: '' }],
  ['RiskAssessment.prediction.probability[x]', 'ras-1', { low: { code: '%', system: 'http://unitsofmeasure.org' } }, { low: { code: 'kg', system: 'http://unitsofmeasure.org' } }],
  ['RiskAssessment.prediction', 'ras-2', { probabilityDecimal: 7 }, { probabilityDecimal: 101 }],
  ['Questionnaire.item.enableWhen', 'que-7', { operator: 'exists', answerBoolean: true }, { operator: 'exists', answerString: 'yes' }],
  ['Element', 'ele-1', { id: 'a', code: 'b' }, { id: 'a' }],
  ['CareTeam.participant', 'ctm-1', { onBehalfOf: {}, member: { reference: 'Practitioner/p' } }, undefined],
  ['Period', 'per-1', { start: '2020', end: '2021' }, { start: '2020-02-03T10:00:00Z', end: '2020-02-03T10:00:00+01:00' }],
  ['Range', 'rng-2', { low: { value: 1, unit: 'kg' }, high: { value: 2, unit: 'kg' } }, { low: { value: 3, code: 'kg', system: 'http://unitsofmeasure.org' }, high: { value: 2, code: 'kg', system: 'http://unitsofmeasure.org' } }],
  ['CodeSystem', 'csd-1', { resourceType: 'CodeSystem', concept: [{ code: 'a', concept: [{ code: 'b' }] }] }, { resourceType: 'CodeSystem', concept: [{ code: 'a', concept: [{ code: 'a' }] }] }],
  ['Narrative.div', 'txt-2', '<div xmlns="http://www.w3.org/1999/xhtml"><p>a &amp; b<br/></p></div>', '<div xmlns="http://www.w3.org/1999/xhtml"> <p/></div>'],
  ['Narrative.div', 'txt-1', '<div xmlns="http://www.w3.org/1999/xhtml"><a href="#b">c</a><!-- d --></div>', '<div xmlns="http://www.w3.org/1999/xhtml"><script>a</script></div>'],
  ['Narrative.div', 'txt-1', '<div xmlns="http://www.w3.org/1999/xhtml"><img src="a" alt="b"/></div>', '<div xmlns="http://www.w3.org/1999/xhtml"><p onclick="a()">c</p></div>'],
  ['DomainResource', 'dom-3', { resourceType: 'Observation', subject: { reference: '#p' }, contained: [{ resourceType: 'Patient', id: 'p' }] }, { resourceType: 'Observation', contained: [{ resourceType: 'Patient', id: 'p' }] }],
  ['DomainResource', 'dom-3', { resourceType: 'Observation', contained: [{ resourceType: 'Provenance', id: 'p', target: [{ reference: '#' }] }] }, { resourceType: 'Observation', note: [{ text: '#p' }], contained: [{ resourceType: 'Patient', id: 'p' }] }],
]

for (const [path, key, good, bad] of byHand) {
  test(`${path} ${key} holds as its words say`, () => {
    assert.equal(asked(path, key, good), true)
    if (bad !== undefined) assert.equal(asked(path, key, bad), false)
  })
}

test('an expression left to fhirpath prints no value', (context) => {
  const printed = context.mock.method(console, 'log', () => undefined)
  arbiter('Reference', rulesAt('Reference')[0]?.expression ?? '')({ value: { reference: '#secret' }, resource: {}, root: {} })
  assert.equal(printed.mock.callCount(), 0)
})

const textsOf = (expression: string): string[] => [...expression.matchAll(/'([^'\\]{1,60})'/g)].map((found) => found[1] as string)
const namesOf = (expression: string): string[] => [...expression.matchAll(/[a-zA-Z]+/g)].map((found) => found[0])

/** Values that the rule is asked of, and what stands around them. */
function surroundingsOf(path: string, expression: string): fc.Arbitrary<Surroundings> {
  const options = { words: ['http://unitsofmeasure.org', ...textsOf(expression)], likely: new Set(namesOf(expression)), depth: 3 }
  const type = typeDefinition(path) === undefined ? elementType(path) : path
  const rootType = path.split('.')[0] ?? ''
  const resource = typeDefinition(rootType)?.resource === true && path !== rootType ? randomValue(rootType, options) : fc.constant(undefined)
  return fc.tuple(randomValue(type, options), resource).map(([value, around]) => ({ value, resource: around ?? value, root: around ?? value }))
}

function elementType(path: string): string {
  const dot = path.lastIndexOf('.')
  return typeDefinition(path.slice(0, dot))?.elements.find(({ name }) => name === path.slice(dot + 1).replace('[x]', ''))?.types[0]?.type ?? ''
}

const seen = { holding: new Set<string>(), failing: new Set<string>() }

for (const { path, rule } of all) {
  const ours = closureOf(path, rule.expression)
  if (ours === undefined || own[rule.key] !== undefined || notByArbiter.has(rule.key) || rule.expression === 'htmlChecks()') continue
  const theirs = arbiter(path, rule.expression)
  test(`${path} ${rule.key} is as fhirpath has it`, () => {
    fc.assert(fc.property(surroundingsOf(path, rule.expression), (around) => {
      const answer = orBeyond(() => ours(around))
      if (answer === undefined) return
      assert.equal(answer, theirs(around))
      seen[answer ? 'holding' : 'failing'].add(`${path} ${rule.key}`)
    }), { numRuns: RUNS })
  })
}

test('most rules were seen to hold and to fail', () => {
  assert.deepEqual([seen.holding.size > 230, seen.failing.size > 195], [true, true], `${seen.holding.size} held, ${seen.failing.size} failed`)
})

/** Undefined where our own function leaves the value to the arbiter. */
function orBeyond(answer: () => boolean): boolean | undefined {
  try {
    return answer()
  } catch (error) {
    if (error instanceof BeyondSubset) return undefined
    throw error
  }
}
