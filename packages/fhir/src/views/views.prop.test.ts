// Two laws of views: a path means what `fhirpath` says it means, and the order of resources changes nothing but the order of rows.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import fhirpath from 'fhirpath'
import r4 from 'fhirpath/fhir-context/r4/index.js'
import { compileView } from './compile-view.ts'
import { compilePath } from './path/compile.ts'
import { items } from './path/values.ts'
import { runView } from './rows.ts'
import { cellText, viewTable } from './table.ts'

const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined, freq: 3 })
/** Members that have a value, as JSON has them. */
const present = (members: Readonly<Record<string, unknown>>): Record<string, unknown> => JSON.parse(JSON.stringify(members)) as Record<string, unknown>
const word = fc.constantFrom('a', 'b', 'Able', 'official', 'old', 'x y')
const code = fc.constantFrom('718-7', '4548-4', 'x')
const date = fc.constantFrom('1970', '1970-06', '1970-06-15', '1980-01-01', '1969-12-31')
const moment = fc.constantFrom('2020-01-01T00:00:00Z', '2020-01-01T01:00:00+01:00', '2019-12-31T23:59:59.5-05:00', '2020-06-01T12:00:00Z')
const amount = fc.constantFrom(0, 1, 2.5, -3, 7.25, 100)

const name = fc.record({ use: maybe(word), family: maybe(word), given: maybe(fc.array(word, { minLength: 1, maxLength: 3 })) }).map(present).filter((one) => Object.keys(one).length > 0)
const patient = fc.record({ id: word, active: maybe(fc.boolean()), gender: maybe(fc.constantFrom('male', 'female')), birthDate: maybe(date), name: maybe(fc.array(name, { minLength: 1, maxLength: 3 })), multipleBirthInteger: maybe(fc.integer({ min: 1, max: 3 })) })
  .map((members): Record<string, unknown> => ({ resourceType: 'Patient', ...present(members) }))
const quantity = fc.record({ value: maybe(amount), unit: maybe(word), code: maybe(word) }).map(present).filter((one) => Object.keys(one).length > 0)
const concept = fc.array(fc.record({ system: word, code }), { minLength: 1, maxLength: 2 }).map((coding) => ({ coding }))
const component = fc.record({ code: concept, valueQuantity: maybe(quantity) }).map(present)
const value = fc.oneof(quantity.map((valueQuantity) => ({ valueQuantity })), word.map((valueString) => ({ valueString })), concept.map((valueCodeableConcept) => ({ valueCodeableConcept })), fc.constant({}))
const observation = fc.tuple(fc.record({ status: fc.constantFrom('final', 'amended'), code: concept, effectiveDateTime: maybe(moment), component: maybe(fc.array(component, { minLength: 1, maxLength: 3 })) }), value)
  .map(([members, more]): Record<string, unknown> => ({ resourceType: 'Observation', ...present(members), ...more }))

const shared: readonly (readonly [type: 'Patient' | 'Observation', path: string])[] = [
  ...['name.family', 'name.given', 'name.where(use = \'official\').family', 'name[1].given', 'name.given.first()', 'name.exists()', 'name.exists(use = \'old\')', 'name.empty()', 'name.given.count()', 'name.select(family)', 'name.all(family.exists())', 'name.given.distinct()',
    'active', 'active.not()', 'active and gender = \'male\'', 'active or gender = \'male\'', 'active xor (gender = \'male\')', 'active implies gender = \'male\'', 'gender = \'male\'', 'gender != \'male\'', 'birthDate', 'birthDate < @1975', 'birthDate >= @1970-06-15', 'birthDate = @1970-06', 'name.family & name.use.first()',
    'multipleBirth.ofType(integer)', 'multipleBirth is integer', 'multipleBirth.ofType(boolean)', 'multipleBirth.ofType(integer) * 3 - 1', '\'official\' in name.use', 'name.use contains \'old\'', 'name.given.skip(1)', 'name.given.take(2)', 'name.given.tail()', 'name.given.last()', 'name.family | name.use', 'name.first().family.length()', 'name.first().family.upper()', 'name.first().family.startsWith(\'A\')', 'name.family ~ \'able\'', 'iif(active, name.family, gender)',
    'name.where($this.family = \'Able\').use', 'name.given.where($this = \'a\')'].map((path) => ['Patient', path] as const),
  ...['value', 'value.ofType(Quantity).value', 'value.ofType(string)', 'value.ofType(CodeableConcept).coding.code', 'value is Quantity', 'value as string', 'value.exists()', 'code.coding.where(code = \'718-7\').system', 'component.where(code.coding.code = \'x\').value.ofType(Quantity).value', 'component.value.ofType(Quantity).value.count()',
    'effective.ofType(dateTime)', 'effective.ofType(dateTime) > @2020-01-01T00:30:00Z', 'effective.ofType(dateTime) = @2020-01-01T00:00:00Z', 'value.ofType(Quantity).value > 2', 'value.ofType(Quantity).value / 2', 'value.ofType(Quantity).value mod 3', 'value.ofType(Quantity).value div 2', 'component.value.ofType(Quantity).where(value >= 1).unit', 'code.coding.code.first() + \'!\''].map((path) => ['Observation', path] as const),
]

type Outcome = { readonly values: readonly unknown[] } | 'error'

/** An error of theirs is one of ours: a text and nothing else that both say. */
const outcome = (run: () => readonly unknown[]): Outcome => {
  try {
    return { values: run().map((item) => JSON.parse(JSON.stringify(item)) as unknown) }
  } catch {
    return 'error'
  }
}

test('paths give what fhirpath gives', () => {
  const compiled = shared.map(([type, path]) => ({
    type, path,
    ours: compilePath(path, [type], { at: '/', constants: new Map(), onUnknownElement: () => undefined, onRowIndex: () => undefined }),
    theirs: fhirpath.compile(path, r4 as unknown as Parameters<typeof fhirpath.compile>[1]) as (resource: unknown) => unknown[],
  }))
  let met = 0
  fc.assert(fc.property(fc.oneof(patient, observation), (resource) => {
    for (const { type, path, ours, theirs } of compiled) {
      if (type !== resource['resourceType']) continue
      const expected = outcome(() => theirs(resource))
      const got = outcome(() => items(ours.run(resource, { resource, rowIndex: 0 })))
      assert.deepEqual(got, expected, `${path} on ${JSON.stringify(resource)}`)
      if (expected !== 'error' && expected.values.length > 0) met++
    }
  }), { numRuns: 150 })
  assert.ok(met > 500, 'paths that give nothing prove nothing')
})

const view = compileView({
  resource: 'Observation',
  select: [
    { column: [{ name: 'status', path: 'status' }, { name: 'at', path: 'effective.ofType(dateTime)' }] },
    { forEachOrNull: 'component', column: [{ name: 'place', path: '%rowIndex' }, { name: 'code', path: 'code.coding.code', collection: true }, { name: 'value', path: 'value.ofType(Quantity).value' }] },
    { unionAll: [{ forEach: 'code.coding', column: [{ name: 'coded', path: 'code' }] }, { forEach: 'value.ofType(CodeableConcept).coding', column: [{ name: 'coded', path: 'code' }] }] },
  ],
})

test('a view over shuffled resources gives the same rows, in the order of the resources', () => {
  fc.assert(fc.property(fc.array(observation, { maxLength: 12 }).chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))), ([resources, shuffled]) => {
    const texts = (list: readonly unknown[]): string[] => [...runView(view, list)].map((row) => JSON.stringify(row))
    assert.deepEqual(texts(shuffled).sort(), texts(resources).sort())
    assert.deepEqual(texts(shuffled), shuffled.flatMap((resource) => texts([resource])))
  }))
})

test('a table has the rows of the view, and whose each is beside them', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.array(observation, { maxLength: 4 }), { maxLength: 6 }), async (lists) => {
    const people = lists.map((resources, index) => ({ person: `s${index}`, resources }))
    const { table, person } = await viewTable(view, people)
    const expected = people.flatMap((one) => one.resources.flatMap((resource) => view.rowsOf(resource).map((cells) => [one.person, ...cells.map(cellText)])))
    const found = Array.from({ length: table.rows }, (_, row) => [person, ...table.columns].map((column) => column.dictionary[column.codes[row] as number]))
    assert.deepEqual(found, expected)
    assert.deepEqual(table.columns.map((column) => column.name), view.columns.map((column) => column.name))
    assert.ok(table.columns.every((column) => new Set(column.dictionary).size === column.dictionary.length))
  }))
})
