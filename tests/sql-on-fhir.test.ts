import assert from 'node:assert/strict'
import { test } from 'node:test'
import { casesIn, judge } from '../conformance/support/sql-on-fhir-cases.ts'

const cases = casesIn()

test('every case of the specification\'s files comes out as expected', () => {
  assert.equal(cases.length, 134)
  assert.deepEqual(cases.filter((one) => judge(one) !== undefined).map(({ file, title }) => `${file}: ${title}`), [])
})

test('a case turns red when any one of its expected cells is altered, a row is dropped, or an error is expected instead', () => {
  for (const one of cases) {
    const rows = one.expect ?? []
    rows.forEach((row, at) => {
      for (const column of Object.keys(row)) {
        const altered = rows.map((other, index) => index === at ? { ...other, [column]: 'ALTERED' } : other)
        assert.notEqual(judge({ ...one, expect: altered }), undefined, `${one.file}: ${one.title}, row ${at}, ${column}`)
      }
      assert.notEqual(judge({ ...one, expect: rows.filter((_, index) => index !== at) }), undefined)
    })
    assert.notEqual(judge({ ...one, expectError: one.expectError !== true }), undefined)
  }
})
