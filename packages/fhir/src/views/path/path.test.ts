import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseExact } from '../exact.ts'
import { compilePath } from './compile.ts'

const patient = {
  resourceType: 'Patient', id: 'p1', active: true, gender: 'female', birthDate: '1970-06', _birthDate: { extension: [{ url: 'http://example.org/time', valueDateTime: '1970-06-01T10:00:00Z' }] },
  name: [{ use: 'official', family: 'Able', given: ['Ann', null, 'Bea'], _given: [null, { id: 'g2' }, null] }, { use: 'old', family: 'Baker' }],
  multipleBirthInteger: 2, deceasedDateTime: '2020-01-01T00:30:00+01:00', managingOrganization: { reference: 'http://example.org/fhir/Organization/o1/_history/2' },
  generalPractitioner: [{ reference: 'urn:uuid:11111111-2222-3333-4444-555555555555' }],
}

const of = (path: string, resource: Record<string, unknown> = patient): unknown =>
  compilePath(path, [String(resource['resourceType'])], { at: '/', constants: new Map([['day', { value: '1970-06-01', type: 'date' }]]), onUnknownElement: () => undefined, onRowIndex: () => undefined }).run(resource, { resource, rowIndex: 7 })

// Expected values by hand from FHIRPath N1 (hl7.org/fhirpath/N1) and its §5 and §6; undefined stands for the empty collection.
for (const [path, expected] of [
  ['Patient.name.family', ['Able', 'Baker']], ['name[1].family', 'Baker'], ['name[5].family', undefined], ['name.given', ['Ann', 'Bea']], ['name.given.count()', 2],
  ['name.where(use = \'official\').given.first()', 'Ann'], ['name.exists(use = \'old\')', true], ['name.all(family.exists())', true], ['name.select(given.count())', [2, 0]],
  ['name.last().family', 'Baker'], ['name.tail().family', 'Baker'], ['name.skip(1).family', 'Baker'], ['name.take(1).family', 'Able'], ['(name.use | name.use).count()', 2],
  ['multipleBirth.ofType(integer) + 1', 3], ['multipleBirth is integer', true], ['multipleBirth is boolean', false], ['multipleBirth as integer', 2], ['deceased.ofType(boolean)', undefined], ['deceased is boolean', false],
  ['0.1 + 0.2', 0.3], ['7 div 2', 3], ['7 mod 2', 1], ['1 / 0', undefined], ['-2 + 5', 3], ['2 + 3 * 4', 14], ['(2 + 3) * 4', 20], ['\'a\' & {} & \'b\'', 'ab'], ['\'a\' + {}', undefined],
  ['true and {}', undefined], ['false and {}', false], ['true or {}', true], ['{} implies true', true], ['true xor true', false], ['{}.not()', undefined], ['active.not()', false],
  ['birthDate < @1970-07', true], ['birthDate = %day', undefined], ['birthDate > @1969', true], ['deceased.ofType(dateTime) = @2019-12-31T23:30:00Z', true], ['deceased.ofType(dateTime) < @2020', undefined], ['@T10:00 < @T10:30:00', true], ['@T10:00 = @T10:00:00', undefined],
  ['\'Straße\' ~ \'STRAßE\'', true], ['name.family ~ (\'baker\' | \'able\')', true], ['\'Able\' in name.family', true], ['name.family contains \'Carol\'', false], ['gender != \'male\'', true],
  ['iif(active, \'yes\', \'no\')', 'yes'], ['birthDate.extension(\'http://example.org/time\').value.ofType(dateTime)', '1970-06-01T10:00:00Z'], ['\'it\\\'s\\u0041\'', 'it\'sA'], ['name.first().`use`', 'official'],
  ['managingOrganization.getReferenceKey(Organization)', 'Organization/o1'], ['managingOrganization.getReferenceKey(Patient)', undefined], ['generalPractitioner.getReferenceKey(Practitioner)', 'Practitioner/11111111-2222-3333-4444-555555555555'], ['getResourceKey()', 'Patient/p1'],
  ['%rowIndex', 7], ['\'abc\'.substring(1, 1)', 'b'], ['\'abc\'.substring(9)', undefined], ['\'a-b\'.replace(\'-\', \'$&\')', 'a$&b'], ['\'12\'.toInteger()', 12], ['\'x\'.toInteger()', undefined], ['name.given.join(\'+\')', 'Ann+Bea'],
  ['birthDate.lowBoundary()', '1970-06-01'], ['@2024-02.highBoundary()', '2024-02-29'], ['@T10:30.highBoundary()', '10:30:59.999'], ['@2020-01-01T10:00:00.5Z.highBoundary()', '2020-01-01T10:00:00.599Z'], ['1.587.lowBoundary()', 1.5865],
  ['constructor', undefined], ['__proto__', undefined], ['name.toString', undefined], ['resourceType', undefined],
] as const) {
  test(`${path} is ${JSON.stringify(expected)}`, () => assert.deepEqual(of(path), expected))
}

test('numbers keep the digits they were written with; strings that look like them are left alone', () => {
  const observation = parseExact('{"resourceType":"Observation","note":"1.0,","valueQuantity":{"value":1.0,"code":"2.50"},"component":[{"valueQuantity":{"value":1e2}},{"valueQuantity":{"value":0.12345678901234567}},{"valueInteger":12}]}') as Record<string, unknown>
  assert.equal(of('value.ofType(Quantity).value.toString()', observation), '1.0')
  assert.deepEqual(of('component.value.ofType(Quantity).value.select(toString())', observation), ['1e2', '0.12345678901234567'])
  assert.equal(of('value.ofType(Quantity).value = 1', observation), true)
  assert.equal(of('value.ofType(Quantity).value + 1', observation), 2)
  assert.equal(of('component.value.ofType(integer)', observation), 12)
  assert.equal(of('value.ofType(Quantity).code', observation), '2.50')
})
