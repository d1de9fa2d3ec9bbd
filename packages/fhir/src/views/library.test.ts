import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { viewDefinitionDocument } from '@mhmd/schema'
import { compileView } from './compile-view.ts'
import { parseExact } from './exact.ts'
import { readyViews } from './library.ts'
import { runView } from './rows.ts'
import { viewTable } from './table.ts'

// Synthea patients (CC0) that come with the devnet.
const bundles = globSync(new URL('../../../../apps/devnet/seed/*.json.gz', import.meta.url).pathname).sort().slice(0, 8).map((file) => parseExact(gunzipSync(readFileSync(file)).toString()) as { entry: { resource: Record<string, unknown> }[] })
const resources = bundles.flatMap((bundle) => bundle.entry.map((entry) => entry.resource))
const rowsOf = (name: string, of: readonly unknown[] = resources): Record<string, unknown>[] => [...runView(compileView(readyViews.get(name) as never), of)]

test('there is a ready view for each of the kinds of record that most tables begin with', () => {
  assert.deepEqual([...readyViews.keys()], ['demographics', 'conditions', 'labs', 'vital_signs', 'medications', 'encounters', 'procedures', 'immunizations'])
})

for (const [name, view] of readyViews) {
  test(`${name} follows the schema, names no element that FHIR doesn't have, and gives rows of Synthea records`, () => {
    viewDefinitionDocument.parse(view)
    const compiled = compileView(view)
    assert.deepEqual(compiled.findings, [])
    const rows = rowsOf(name)
    assert.ok(rows.length >= 8, `${rows.length} rows`)
    const patients = new Set(resources.filter((one) => one['resourceType'] === 'Patient').map((one) => `Patient/${String(one['id'])}`))
    assert.ok(rows.every((row) => patients.has(String(row['patient_id']))), 'every row is of a patient of the file')
    const dates = compiled.columns.filter((column) => column.type === 'date').map((column) => column.name)
    assert.ok(rows.every((row) => dates.every((date) => row[date] === null || /^\d{4}-\d{2}-\d{2}$/.test(String(row[date])))), 'dates are days')
  })
}

test('labs and vital signs keep the unit in UCUM and the digits that were reported', async () => {
  const lab = parseExact('{"resourceType":"Observation","status":"final","category":[{"coding":[{"code":"laboratory"}]}],"code":{"coding":[{"system":"http://loinc.org","code":"2160-0"}]},"subject":{"reference":"Patient/p"},"effectiveDateTime":"2020-01-01","valueQuantity":{"value":1.10,"unit":"mg/dL","system":"http://unitsofmeasure.org","code":"mg/dL"}}')
  const { table } = await viewTable(compileView(readyViews.get('labs') as never), [{ person: 's', resources: [lab] }])
  const cell = (name: string): string | undefined => table.columns.find((column) => column.name === name)?.dictionary[0]
  assert.deepEqual([table.rows, cell('value'), cell('unit'), cell('ucum'), cell('code')], [1, '1.10', 'mg/dL', 'mg/dL', '2160-0'])
  const signs = rowsOf('vital_signs').filter((row) => row['ucum'] === 'mm[Hg]')
  assert.ok(['8480-6', '8462-4'].every((code) => signs.some((row) => row['code'] === code)), 'a blood pressure panel is two rows')
})

test('what a record says is not so gives no row', () => {
  const one = (more: object): Record<string, unknown> => ({ resourceType: 'Condition', subject: { reference: 'Patient/p' }, code: { coding: [{ code: 'x' }] }, ...more })
  const withStatus = (code: string): Record<string, unknown> => one({ verificationStatus: { coding: [{ code }] } })
  assert.equal(rowsOf('conditions', [one({}), withStatus('confirmed')]).length, 2)
  assert.deepEqual(rowsOf('conditions', [withStatus('refuted'), withStatus('entered-in-error'), one({ modifierExtension: [{ url: 'x' }] })]), [])
  assert.deepEqual(rowsOf('procedures', [{ resourceType: 'Procedure', status: 'not-done', subject: { reference: 'Patient/p' } }]), [])
})
