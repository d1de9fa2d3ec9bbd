import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findingsCsv } from './findings-csv.ts'
import type { Finding } from './findings-csv.ts'

const finding: Finding = { import: '0'.repeat(26), source: 'ward.ndjson', item: 3, offset: 120, path: 'Patient.name[0]', code: 'FHIR_PROFILE_MISSING', severity: 'error' }
const rowOf = (more: Partial<Finding>): string => findingsCsv([{ ...finding, ...more }]).split('\r\n')[1] ?? ''

test('a finding is a line under the names of its columns; what it has not is empty', () => {
  assert.equal(findingsCsv([]), 'import,source,item,offset,severity,code,path,rule,profile\r\n')
  assert.equal(rowOf({}), `${'0'.repeat(26)},ward.ndjson,3,120,error,FHIR_PROFILE_MISSING,Patient.name[0],,`)
})

test('a cell with a comma, a quote or a line break is quoted; one that begins as a formula is none', () => {
  assert.ok(rowOf({ source: 'a, "b".json' }).includes(',"a, ""b"".json",'))
  assert.ok(findingsCsv([{ ...finding, source: 'a\nb' }]).includes(',"a\nb",'))
  for (const start of ['=', '+', '-', '@']) assert.ok(rowOf({ source: `${start}cmd()` }).includes(`,'${start}cmd(),`))
})
