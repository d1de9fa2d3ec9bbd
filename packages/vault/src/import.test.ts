import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { factResources } from '@mhmd/fhir'
import type { Source } from '@mhmd/fhir'
import { importDecision, ownAccess } from '../testing/decisions.ts'
import { allBytes, collect, ndjson, newFolder, openPlace, removeFolder, textSource } from '../testing/place.ts'
import type { OpenPlace } from '../testing/place.ts'
import { importFindings, importProgress, importRecords, patientLinks } from './index.ts'
import type { ImportFinding, ImportProgress, Vault } from './index.ts'

async function inPlace(body: (place: OpenPlace, folder: string) => Promise<void>): Promise<void> {
  const folder = newFolder()
  const place = await openPlace(folder)
  try {
    await body(place, folder)
  } finally {
    await place.close()
    removeFolder(folder)
  }
}

const take = (vault: Vault, sources: readonly Source[], id = 'one', more = {}): Promise<ImportProgress> => importRecords(sources, { id, vault, decision: importDecision(), batchItems: 500, ...more })
const findings = async (vault: Vault, id = 'one'): Promise<string[]> =>
  (await collect(importFindings(vault, id))).map(({ source, item, issues }: ImportFinding) => `${source}/${item} ${issues.map(({ path, code }) => `${path} ${code}`).join(', ')}`)

/** Every subject's record texts, as she herself would read them. */
async function contents(vault: Vault): Promise<string[][]> {
  const all: string[][] = []
  for await (const subject of vault.subjects()) all.push((await collect(vault.read(await ownAccess(subject), subject))).map(({ text }) => text).sort())
  return all.sort((a, b) => (a[0] ?? '') < (b[0] ?? '') ? -1 : 1)
}

const mrn = (value: string): object => ({ type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR' }] }, system: 'urn:oid:1.2.3', value })
const patient = (id: string, more = {}): object => ({ resourceType: 'Patient', id, gender: 'female', birthDate: '1950-02-03', ...more })
const condition = (id: string, of: string, code = '44054006'): object => ({ resourceType: 'Condition', id, subject: { reference: of }, code: { coding: [{ system: 'http://snomed.info/sct', code }] }, onsetDateTime: '2020-01-01' })

test('a bundle and NDJSON of the same patient meet under one subject, whichever is first', () => inPlace(async ({ vault }) => {
  const uuid = 'urn:uuid:00000000-0000-4000-8000-000000000001'
  const bundle = textSource(JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry: [{ fullUrl: 'urn:uuid:00000000-0000-4000-8000-000000000002', resource: condition('c1', uuid) }, { fullUrl: uuid, resource: patient('p1') }] }))
  const result = await take(vault, [ndjson(condition('c2', 'Patient/p1')), bundle, ndjson(condition('c3', 'Patient/p1/_history/3'), patient('p2'))])
  assert.deepEqual({ ...result }, { read: 5, added: 5, changed: 0, unchanged: 0, quarantined: 0, state: 'done', sourcesDone: 3, sources: 3, unresolved: 0 })
  assert.deepEqual((await contents(vault)).map((texts) => texts.length), [4, 1])
}))

test('a patient known by a local number is the same under another id; one whose number is another\'s is kept apart and reported', () => inPlace(async ({ vault }) => {
  await take(vault, [ndjson(patient('p1', { identifier: [mrn('77')] }))])
  const search = `Patient?identifier=${encodeURIComponent('urn:oid:1.2.3|77')}`
  await take(vault, [ndjson(patient('new-id', { identifier: [mrn('77')] }), condition('c1', search), condition('c2', 'Patient?identifier=x|y'))], 'two')
  assert.deepEqual((await contents(vault)).map((texts) => texts.length), [3])
  assert.deepEqual(await findings(vault, 'two'), ['0/3 Condition VAULT_PATIENT_NOT_FOUND'])
  await take(vault, [ndjson(patient('p9'), patient('p8', { identifier: [mrn('88')] }))], 'three')
  await take(vault, [ndjson(patient('p9', { identifier: [mrn('88')] }))], 'four')
  assert.deepEqual(await findings(vault, 'four'), ['0/1 Patient.identifier VAULT_IDENTIFIER_CONFLICT'])
  assert.equal((await collect(vault.subjects())).length, 3)
}))

test('other identifiers find her, but make nobody her', () => inPlace(async ({ vault }) => {
  const insurance = { system: 'urn:oid:1.2.9', value: '5' }
  await take(vault, [ndjson(patient('p1', { identifier: [mrn('1'), insurance] }), patient('p2', { identifier: [mrn('2'), insurance] }))])
  assert.equal((await collect(vault.subjects())).length, 2)
  assert.deepEqual(await findings(vault), ['0/2 Patient.identifier VAULT_IDENTIFIER_CONFLICT'])
  assert.equal(await vault.subjectOf(importDecision(), insurance), await vault.subjectOf(importDecision(), { system: 'urn:oid:1.2.3', value: '1' }))
}))

test('bad resources stay out with path and code, good ones go in', () => inPlace(async ({ vault }) => {
  const result = await take(vault, [textSource([
    JSON.stringify(patient('p1')), JSON.stringify(patient('p2', { gender: 'f' })), '{"resourceType":', JSON.stringify({ ...condition('c1', 'Patient/p1'), onsetString: 'x' }), JSON.stringify(patient('p1', { active: true })),
    JSON.stringify({ resourceType: 'Observation', status: 'final', code: { text: 'x' } }), JSON.stringify(condition('c2', 'Patient/../../etc/passwd')), JSON.stringify({ resourceType: 'Organization', id: 'o', name: 'x' }),
    JSON.stringify(condition('c3', 'urn:uuid:00000000-0000-4000-8000-000000000009')), JSON.stringify(condition('c4', 'Patient/p1')), '{"resourceType":"Patient","id":"cut',
  ].join('\n'))])
  assert.deepEqual([result.read, result.added, result.quarantined], [11, 3, 8])
  assert.deepEqual(await findings(vault), [
    '0/2 Patient.gender FHIR_NOT_IN_BINDING', '0/3  FHIR_MALFORMED', '0/4 Condition.onsetString FHIR_CHOICE_REPEATED', '0/5  FHIR_DUPLICATE_ID', '0/6 Observation VAULT_NO_PATIENT',
    '0/7 Condition.subject.reference FHIR_BAD_REFERENCE', '0/9 Condition.subject.reference FHIR_REFERENCE_UNRESOLVED', '0/11  FHIR_TRUNCATED',
  ])
}))

test('at level full a broken invariant keeps a resource out, by its name; a warning is noted and keeps nothing out', () => inPlace(async ({ vault }) => {
  const sources = [ndjson(patient('p1', { contact: [{ gender: 'male' }] }), patient('p2'), { resourceType: 'ValueSet', id: 'v1', status: 'active', name: 'with space' })]
  assert.equal((await take(vault, sources)).added, 3)
  const full = await take(vault, sources, 'two', { level: 'full' })
  assert.deepEqual([full.unchanged, full.quarantined], [2, 1])
  const rows = await collect(importFindings(vault, 'two'))
  assert.deepEqual(rows.flatMap(({ issues }) => issues), [{ path: 'Patient.contact[0]', code: 'FHIR_INVARIANT', severity: 'error', rule: 'pat-1' }, { path: 'ValueSet', code: 'FHIR_INVARIANT', severity: 'warning', rule: 'vsd-0' }])
}))

test('at level full a resource is held to the profile it names, on any number of threads', () => inPlace(async ({ vault }) => {
  const profile = { resourceType: 'StructureDefinition', url: 'urn:example:profile', type: 'Patient', derivation: 'constraint', differential: { element: [{ id: 'Patient.name', path: 'Patient.name', min: 1 }] } }
  const claims = { meta: { profile: ['urn:example:profile'] } }
  for (const workers of [0, 1]) {
    const id = `profiles-${workers}`
    const { quarantined } = await take(vault, [ndjson(patient('p1', claims), patient('p2', { ...claims, name: [{ text: 'x' }] }), patient('p3'))], id, { level: 'full', profiles: [profile], workers })
    assert.equal(quarantined, 1)
    assert.deepEqual(await findings(vault, id), ['0/1 Patient.name FHIR_PROFILE_MISSING'])
  }
}))

test('importing twice changes nothing; a changed record replaces the old one and its facts', () => inPlace(async ({ vault, store }) => {
  const sources = [ndjson(patient('p1'), condition('c1', 'Patient/p1', '1'), condition('c2', 'Patient/p1', '2'), { resourceType: 'Organization', name: 'without id' })]
  await take(vault, sources)
  const rows = (): Promise<string[]> => store.read(async (tx) => {
    const all: string[] = []
    for (const table of ['vault-keys', 'vault-people', 'vault-records', 'vault-facts', 'vault-owners', 'vault-links', 'vault-origins']) for await (const { key, value } of tx.scan(table)) all.push(`${table} ${key.join('/')} ${Buffer.from(value).toString('hex')}`)
    return all
  })
  const before = await rows()
  const again = await take(vault, sources, 'two')
  assert.deepEqual([again.added, again.changed, again.unchanged], [0, 0, 4])
  assert.deepEqual(await rows(), before)
  const changed = await take(vault, [ndjson(condition('c1', 'Patient/p1', '3'))], 'three')
  assert.deepEqual([changed.added, changed.changed, changed.unresolved], [0, 1, 1])
  const [subject = ''] = await collect(vault.subjects())
  const facts = await vault.facts(await ownAccess(subject), subject, factResources)
  assert.deepEqual([facts.sex, facts.birthDate, facts.coded.map(({ code }) => code).sort()], ['female', '1950-02-03', ['2', '3']])
}))

const codesOf = async (vault: Vault, subject: string, types = factResources): Promise<string[]> => (await vault.facts(await ownAccess(subject), subject, types)).coded.map(({ code }) => code).sort()
const subjectNamed = async (vault: Vault, value: string): Promise<string> => await vault.subjectOf(importDecision(), { system: 'urn:oid:1.2.3', value }) ?? ''

test('a record that moved to another patient in the source moves, facts and all, and back; the first has it no more', () => inPlace(async ({ vault, store }) => {
  await take(vault, [ndjson(patient('p1', { identifier: [mrn('1')] }), patient('p2', { identifier: [mrn('2')] }), condition('c1', 'Patient/p1', '1'), condition('c2', 'Patient/p2', '2'))])
  const [one, two] = [await subjectNamed(vault, '1'), await subjectNamed(vault, '2')]
  const moved = await take(vault, [ndjson(condition('c1', 'Patient/p2', '1'))], 'two')
  assert.deepEqual([moved.added, moved.changed, moved.unchanged], [0, 1, 0])
  assert.deepEqual([await codesOf(vault, one), await codesOf(vault, two)], [[], ['1', '2']])
  assert.deepEqual((await contents(vault)).map((texts) => texts.length).sort(), [1, 3])
  assert.equal((await take(vault, [ndjson(condition('c1', 'Patient/p2', '1'))], 'three')).unchanged, 1)
  await take(vault, [ndjson(condition('c1', 'Patient/p1', '7'))], 'four')
  assert.deepEqual([await codesOf(vault, one), await codesOf(vault, two)], [['7'], ['2']])
  assert.deepEqual(await vault.origins(one), [{ import: 'four', records: 1 }, { import: 'one', records: 2 }])
  // Of an erased subject nobody can be told to have been the owner; her record may come again for another.
  await vault.erase([one])
  assert.equal((await store.read(async (tx) => collect(tx.scan('vault-owners')))).length, 2)
  assert.equal((await take(vault, [ndjson(condition('c1', 'Patient/p2', '7'))], 'five')).added, 1)
  assert.deepEqual(await vault.origins(one), [])
}))

test('facts and records of one type open without the others', () => inPlace(async ({ vault, store }) => {
  const observation = { resourceType: 'Observation', id: 'o1', status: 'final', subject: { reference: 'Patient/p1' }, code: { coding: [{ system: 'http://loinc.org', code: '8302-2' }] } }
  await take(vault, [ndjson(patient('p1'), condition('c1', 'Patient/p1', '1'), observation)])
  const [subject = ''] = await collect(vault.subjects())
  assert.deepEqual([await codesOf(vault, subject, ['Condition']), await codesOf(vault, subject, ['Observation', 'Procedure'])], [['1'], ['8302-2']])
  const sex = async (types: string[]): Promise<unknown> => (await vault.facts(await ownAccess(subject), subject, types)).sex
  assert.deepEqual([await sex(['Condition']), await sex(['Patient'])], [undefined, 'female'])
  const read = async (type?: string): Promise<string[]> => (await collect(vault.read(await ownAccess(subject), subject, type))).map(({ text }) => (JSON.parse(text) as { resourceType: string }).resourceType).sort()
  assert.deepEqual([await read('Condition'), await read('Encounter'), await read()], [['Condition'], [], ['Condition', 'Observation', 'Patient']])
  // Whatever stands under the other types is not touched: spoilt, it is not even noticed.
  await store.write(async (tx) => {
    const rows = await collect(tx.scan('vault-facts', { prefix: [subject] }))
    for (const { key, value } of rows) await tx.put('vault-facts', key, value.with(20, (value[20] ?? 0) ^ 1))
  })
  await assert.rejects(codesOf(vault, subject, ['Condition']))
  assert.deepEqual(await codesOf(vault, subject, ['Procedure']), [])
}))

test('a patient met by two names in one batch keeps the facts of both', () => inPlace(async ({ vault }) => {
  await take(vault, [ndjson(patient('p1', { identifier: [mrn('77')] }))])
  const search = `Patient?identifier=${encodeURIComponent('urn:oid:1.2.3|77')}`
  await take(vault, [ndjson(condition('c1', 'Patient/p1', '1'), condition('c2', search, '2'))], 'two')
  assert.deepEqual(await codesOf(vault, await subjectNamed(vault, '77')), ['1', '2'])
}))

test('what Patient records say of each other is kept, replaced and told, where the other is here', () => inPlace(async ({ vault }) => {
  const link = (other: string, type: string): object => ({ link: [{ other: { reference: other }, type }] })
  await take(vault, [ndjson(patient('p1', link('Patient/p2', 'replaced-by')), patient('p2', link('Patient/elsewhere', 'seealso')), patient('p3', link('RelatedPerson/r1', 'seealso')))])
  const told = async (): Promise<string[]> => (await patientLinks(vault, importDecision())).map(({ patient: one, type, other }) => `${one} ${type} ${other}`)
  assert.deepEqual(await told(), ['Patient/p1 replaced-by Patient/p2'])
  await take(vault, [ndjson(patient('p1'), patient('p3', link('Patient/p1', 'replaces')))], 'two')
  assert.deepEqual(await told(), ['Patient/p3 replaces Patient/p1'])
  const [one = ''] = await collect(vault.subjects())
  await assert.rejects(patientLinks(vault, await ownAccess(one)), { code: 'CONSENT_OTHER_PURPOSE' })
}))

test('an import stopped anywhere and run again gives what one run gives', () => inPlace(async ({ vault: whole }) => {
  const resources = Array.from({ length: 2600 }, (_, index) => index % 100 === 0 ? patient(`p${index / 100}`) : condition(`c${index}`, `Patient/p${Math.floor(index / 100)}`, String(index)))
  resources.splice(1300, 0, patient('bad', { gender: 'f' }))
  const sources = [ndjson(...resources.slice(0, 1700)), ndjson(...resources.slice(1700))]
  const expected = await take(whole, sources)
  const content = await contents(whole)
  for (const stopAfter of [1, 2, 4, 5]) {
    await inPlace(async ({ vault }) => {
      const stopping = new AbortController()
      let batches = 0
      await assert.rejects(take(vault, sources, 'one', { signal: stopping.signal, progress: () => ++batches === stopAfter && stopping.abort() }), { code: 'VAULT_IMPORT_STOPPED' })
      assert.equal((await importProgress(vault, 'one'))?.state, 'running')
      await assert.rejects(take(vault, sources.slice(1)), { code: 'VAULT_IMPORT_OTHER_SOURCES' })
      assert.deepEqual(await take(vault, sources), expected)
      assert.deepEqual(await take(vault, sources), expected)
      assert.deepEqual(await contents(vault), content)
      assert.deepEqual(await findings(vault), await findings(whole))
    })
  }
}))

test('a record is given as it was written, digits and all', () => inPlace(async ({ vault }) => {
  const text = '{"resourceType":"Observation","id":"o","status":"final","subject":{"reference":"Patient/p"},"code":{"text":"\u00e9\u{1f600}"},"valueQuantity":{"value":1.500}}'
  await take(vault, [textSource(`${text}\n`)])
  assert.deepEqual(await contents(vault), [[text]])
}))

test('without a decision, or with another\'s, nothing is read or imported', () => inPlace(async ({ vault }) => {
  await take(vault, [ndjson(patient('p1', { identifier: [mrn('77')] }), patient('p2'))])
  const [one = '', two = ''] = await collect(vault.subjects())
  const hers = await ownAccess(one)
  for (const decision of [undefined, {}, { ...hers }, structuredClone({ ...hers })] as never[]) {
    await assert.rejects(collect(vault.read(decision, one)), { code: 'CONSENT_NO_DECISION' })
    await assert.rejects(vault.facts(decision, one, factResources), { code: 'CONSENT_NO_DECISION' })
    await assert.rejects(vault.subjectOf(decision, { system: 'urn:oid:1.2.3', value: '77' }), { code: 'CONSENT_NO_DECISION' })
    await assert.rejects(importRecords([], { id: 'x', vault, decision }), { code: 'CONSENT_NO_DECISION' })
  }
  await assert.rejects(collect(vault.read(hers, two)), { code: 'CONSENT_OTHER_SUBJECT' })
  await assert.rejects(vault.facts(hers, two, factResources), { code: 'CONSENT_OTHER_SUBJECT' })
  await assert.rejects(collect(vault.read(hers, 'shared')), { code: 'CONSENT_OTHER_SUBJECT' })
  await assert.rejects(importRecords([], { id: 'x', vault, decision: hers }), { code: 'CONSENT_OTHER_PURPOSE' })
  assert.ok([one, two].includes(await vault.subjectOf(importDecision(), { system: 'urn:oid:1.2.3', value: '77' }) ?? ''))
}))

test('no value of a record, no identifier and no plain hash of one stands in any file of the store', () => inPlace(async ({ vault }, folder) => {
  await take(vault, [ndjson(patient('patient-id-31337', { identifier: [mrn('MRN-4711-XYZ')], name: [{ family: 'Zauberberg' }] }), condition('cond-id-31338', 'Patient/patient-id-31337', 'code-987654'))])
  const bytes = allBytes(folder)
  assert.ok(bytes.includes('vault-records'))
  for (const value of ['MRN-4711-XYZ', 'patient-id-31337', 'cond-id-31338', 'Zauberberg', 'code-987654', '1950-02-03', 'snomed']) {
    const digest = createHash('sha256').update(value).digest()
    for (const form of [value, Buffer.from(value).toString('base64').slice(0, -2), Buffer.from(value).toString('hex'), digest, digest.toString('hex'), digest.toString('base64url')]) assert.ok(!bytes.includes(form), `${value} in some form`)
  }
}))

/** Valid resources in which every text, key and number may be replaced by a marked one. */
const MARK = 'mArKeD7351'
const samples: object[] = [
  patient('p', { name: [{ family: 'x', given: ['y'] }], identifier: [mrn('1')], extension: [{ url: 'urn:u', valueString: 'z' }] }),
  condition('c', 'Patient/p'),
  { resourceType: 'Observation', id: 'o', status: 'final', subject: { reference: 'Patient/p' }, code: { text: 'x' }, valueQuantity: { value: 1 }, contained: [{ resourceType: 'Patient', id: 'q' }] },
]

test('marked values planted anywhere in records show in no error, issue, quarantine row or file', async () => {
  const spoil = fc.tuple(fc.constantFrom(...samples), fc.infiniteStream(fc.integer({ min: 0, max: 7 })), fc.integer({ min: 0, max: 40 })).map(([sample, choices, cut]) => {
    const plant = (value: unknown): unknown => {
      const choice = choices.next().value as number
      if (choice === 0) return MARK
      if (choice === 1) return { [MARK]: value }
      if (Array.isArray(value)) return value.map(plant)
      if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, member]) => [choice === 2 && key.length % 2 === 0 ? key + MARK : key, plant(member)]))
      return choice === 3 && typeof value === 'string' ? `${value}${MARK}` : value
    }
    const text = JSON.stringify(plant(sample))
    return cut === 0 ? text.slice(0, -3) : text
  })
  await fc.assert(fc.asyncProperty(fc.array(spoil, { minLength: 1, maxLength: 30 }), async (lines) => {
    await inPlace(async ({ vault, store }, folder) => {
      const seen: unknown[] = []
      try {
        seen.push(await take(vault, [textSource(`${lines.join('\n')}\n`)], 'one', { progress: (one: ImportProgress) => seen.push(one) }))
      } catch (error) {
        seen.push(String(error), error, (error as Error).stack)
      }
      seen.push(await collect(importFindings(vault, 'one')))
      await store.purgeFreeSpace()
      assert.ok(!JSON.stringify(seen).includes(MARK))
      assert.ok(!allBytes(folder).includes(MARK))
    })
  }), { numRuns: 40 })
})
