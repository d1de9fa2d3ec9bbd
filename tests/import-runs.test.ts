// What an import leaves behind and follows: a Provenance for staff and for her, links between patients, and the profiles kept by the holder.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import { decisionKey } from '@mhmd/accounts'
import { ordinal } from '@mhmd/base'
import { importsOf } from '@mhmd/client'
import { validateResource } from '@mhmd/fhir'
import { Citizen, importPatients, importText, mrn, oneTimeClient, patientName, smallNetwork } from './support/small-network.ts'
import type { SmallNetwork } from './support/small-network.ts'

let network: SmallNetwork
before(async () => {
  network = await smallNetwork()
  await importPatients(network, 8)
})
after(() => network.close())

const rome = (): ReturnType<SmallNetwork['staff']> => network.staff('rome')
const text = (...resources: object[]): string => resources.map((resource) => `${JSON.stringify(resource)}\n`).join('')
const patient = (index: number, more = {}): object => ({ resourceType: 'Patient', id: `p${index}`, identifier: [{ system: mrn(index).system, value: mrn(index).value }], ...more })
const linked = (index: number, other: number, type: string): object => patient(index, { link: [{ other: { reference: `Patient/p${other}` }, type }] })

interface Merge { readonly id: string; readonly state: string; readonly origin: string; readonly link: { readonly patient: string; readonly other: string } | null }
const mergesOf = async (index: number): Promise<string[]> => (await rome().post<{ merges: Merge[] }>('/staff/1/merges/search', mrn(index))).merges.map(({ state, origin }) => `${origin} ${state}`).sort()
const numbersOf = async (index: number): Promise<number> => (await rome().post<{ numbers: number }>('/staff/1/merges/search', mrn(index))).numbers

test('the source\'s own link merges, its going ends that; what staff ended stays ended; a hint is a proposal', async () => {
  await importText(network, text(linked(1, 2, 'replaced-by')))
  assert.deepEqual([await numbersOf(2), await mergesOf(2)], [2, ['source merged']])
  const shown = (await rome().get<{ merges: Merge[] }>('/staff/1/merges')).merges[0]
  assert.deepEqual(shown?.link, { patient: 'Patient/p1', other: 'Patient/p2' })
  await importText(network, text(linked(2, 1, 'replaces')))
  assert.deepEqual(await mergesOf(2), ['source merged'], 'said from both sides, it is one merge')
  await importText(network, text(patient(1), patient(2)))
  assert.deepEqual([await numbersOf(2), await mergesOf(2)], [1, ['source ended']])
  await importText(network, text(linked(1, 2, 'replaced-by')))
  const again = (await rome().post<{ merges: Merge[] }>('/staff/1/merges/search', mrn(1))).merges.find(({ state }) => state === 'merged')
  await rome().delete(`/staff/1/merges/${again?.id ?? ''}?reason=TWO_PEOPLE`)
  await importText(network, text(patient(7)))
  assert.equal(await numbersOf(1), 1, 'what a person took apart no import joins')
  await importText(network, text(linked(3, 4, 'seealso'), linked(5, 99, 'replaced-by')))
  const all = (await rome().get<{ merges: Merge[] }>('/staff/1/merges')).merges
  assert.deepEqual([await numbersOf(3), await numbersOf(5)], [1, 1])
  assert.deepEqual(all.filter(({ state }) => state === 'proposed').map(({ link }) => link), [{ patient: 'Patient/p3', other: 'Patient/p4' }])
})

test('a file of white space, or of a bundle without entries, ends its import with a word, and another does not', async () => {
  const outcome = async (content: string): Promise<unknown> => {
    await importText(network, content).catch(() => undefined)
    const { imports } = await rome().get<{ imports: { state: string; code?: string }[] }>('/staff/1/imports')
    return [imports[0]?.state, imports[0]?.code]
  }
  assert.deepEqual(await outcome(' \n\t\n'), ['failed', 'NODE_FILE_EMPTY'])
  assert.deepEqual(await outcome(JSON.stringify({ resourceType: 'Bundle', type: 'collection' })), ['failed', 'NODE_FILE_EMPTY'])
  assert.deepEqual(await outcome('no FHIR at all'), ['done', undefined])
})

test('a proposal is followed with the one named staying, or declined and not made again', async () => {
  const proposalsOf = async (): Promise<readonly Merge[]> => (await rome().get<{ merges: Merge[] }>('/staff/1/merges?state=proposed')).merges
  const [proposed] = await proposalsOf()
  const declined = await rome().delete<Merge>(`/staff/1/merges/${proposed?.id ?? ''}?reason=TWO_PEOPLE`)
  assert.equal(declined.state, 'declined')
  await importText(network, text(linked(3, 4, 'refer'), linked(5, 7, 'seealso')))
  const [second, ...others] = await proposalsOf()
  assert.deepEqual([second?.link, others], [{ patient: 'Patient/p5', other: 'Patient/p7' }, []])
  await importText(network, text(linked(3, 4, 'replaced-by'), linked(5, 7, 'seealso')))
  assert.equal(await numbersOf(3), 1, 'two people by staff\'s word stay two')
  const merged = await rome().post<Merge>(`/staff/1/merges/${second?.id ?? ''}/acceptance`, { stays: 'patient', reason: 'PATIENT_SAYS_SO' })
  assert.deepEqual([merged.state, merged.origin, merged.link], ['merged', 'staff', { patient: 'Patient/p7', other: 'Patient/p5' }])
  assert.deepEqual([await numbersOf(5), await numbersOf(7)], [2, 2])
  for (const id of [second?.id ?? '', declined.id]) await assert.rejects(rome().post(`/staff/1/merges/${id}/acceptance`, { stays: 'other', reason: 'PATIENT_SAYS_SO' }), { code: 'NODE_STATE' })
  await importText(network, text(patient(5), patient(7)))
  assert.equal(await numbersOf(5), 2, 'what staff said does not end with the link')
  await rome().delete(`/staff/1/merges/${merged.id}?reason=PATIENT_SAYS_SO`)
  assert.deepEqual([await numbersOf(5), await proposalsOf()], [1, []])
})

interface Provenance { readonly id: string; readonly extension: readonly { readonly extension: readonly { readonly url: string; readonly valueUnsignedInt: number }[] }[]; readonly agent: readonly object[]; readonly entity?: readonly { readonly what: { readonly identifier: { readonly value: string } } }[] }

test('each import leaves a valid Provenance with its sender, counts and digest; she reads those that brought records of hers, and no others', async () => {
  const her = await Citizen.settle(network, 6)
  const before = (await importsOf(her.device, { holder: 'rome' })).map(({ id }) => id)
  assert.equal(before.length, 1)
  const hers = text({ resourceType: 'Condition', id: 'x1', subject: { reference: 'Patient/p6' }, code: { text: 'x' } }, { resourceType: 'Condition', id: 'x2', subject: { reference: 'Patient/p0' }, code: { text: 'x' } })
  await importText(network, hers)
  await importText(network, text({ resourceType: 'Condition', id: 'x3', subject: { reference: 'Patient/p0' }, code: { text: 'x' } }))
  const { provenance } = await rome().get<{ provenance: Provenance[] }>('/staff/1/provenance')
  for (const one of provenance) assert.deepEqual(validateResource(one, { level: 'full' }).filter(({ severity }) => severity === 'error'), [])
  const [, own] = provenance
  assert.equal(own?.entity?.[0]?.what.identifier.value, createHash('sha256').update(hers).digest('base64url'))
  assert.deepEqual(own.extension[0]?.extension.map(({ url, valueUnsignedInt }) => `${url} ${valueUnsignedInt}`), ['read 2', 'added 2', 'changed 0', 'unchanged 0', 'quarantined 0'])
  assert.ok(JSON.stringify(own.agent).includes(network.admin.publicKey))
  const shown = await importsOf(her.device, { holder: 'rome' })
  assert.deepEqual(shown.map(({ id }) => id), [own.id, ...before])
  assert.deepEqual(shown[0]?.extension[0]?.extension, [{ url: 'records', valueUnsignedInt: 1 }])
  assert.ok(!JSON.stringify(await oneTimeClient(network, 'rome', decisionKey(her.device.seed, 'rome')).get('/people/1/access-log')).includes(network.admin.publicKey), 'who of staff sent it is the hospital\'s affair')
  for (const mark of [patientName(6), mrn(6).value]) assert.ok(!JSON.stringify(provenance).includes(mark))
})

test('of what was found in a file that broke off, the sum names no byte: that stands with each finding', async () => {
  await importText(network, `${text(patient(7))}{"resourceType":"Patient"`)
  const { imports: [{ id } = { id: '' }] } = await rome().get<{ imports: { id: string }[] }>('/staff/1/imports')
  const { issues } = await rome().get<{ issues: { kinds: { code: string; says: string }[] } }>(`/staff/1/imports/${id}`)
  assert.deepEqual(issues.kinds.map(({ code, says }) => [code, says]), [['FHIR_TRUNCATED', 'The source ends in the middle of a resource that begins at byte …']])
})

test('a page of findings begins after an import and a place in it; where the place is none, with the import', async () => {
  const { imports } = await rome().get<{ imports: { id: string; created: number }[] }>('/staff/1/imports')
  const broken = imports[0] ?? { id: '', created: 0 }
  const shownAfter = async (place: string): Promise<string[]> => (await rome().get<{ quarantine: { code: string; import: string }[] }>(`/staff/1/quarantine?after=${ordinal(broken.created)}.${broken.id}${place}`)).quarantine.flatMap(({ code, import: of }) => of === broken.id ? [code] : [])
  for (const place of ['', '.x.y', '.0', `.0.${'9'.repeat(30)}`]) assert.deepEqual(await shownAfter(place), ['FHIR_TRUNCATED'], place)
  assert.deepEqual(await shownAfter(`.${ordinal(0)}.${ordinal(1000)}`), [])
})

const url = 'http://example.org/StructureDefinition/named-patient'
const definition = (more = {}): object => ({ resourceType: 'StructureDefinition', url, name: 'NamedPatient', status: 'active', kind: 'resource', abstract: false, type: 'Patient', baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Patient', derivation: 'constraint', differential: { element: [{ id: 'Patient.name', path: 'Patient.name', min: 1 }] }, ...more })
interface Finding { readonly code: string; readonly path: string; readonly rule?: string; readonly profile?: string }
const findings = async (): Promise<Finding[]> => (await rome().get<{ quarantine: Finding[] }>('/staff/1/quarantine')).quarantine.filter(({ code }) => code.startsWith('FHIR_PROFILE'))

test('at level full a resource is held to the profile it names, and the finding names profile and element; a removed profile asks nothing', async () => {
  const claims = { meta: { profile: [url] } }
  const { id } = await rome().post<{ id: string }>('/staff/1/profiles', { definition: definition() })
  assert.equal((await rome().post<{ id: string }>('/staff/1/profiles', { definition: definition({ title: 'again' }) })).id, id, 'of one address there is one')
  await importText(network, text(patient(0, claims), patient(20, { ...claims, name: [{ text: 'x' }] }), patient(21)), 'full')
  assert.deepEqual((await findings()).map(({ code, path, rule, profile }) => ({ code, path, rule, profile })), [{ code: 'FHIR_PROFILE_MISSING', path: 'Patient.name', rule: 'Patient.name', profile: url }])
  await importText(network, text(patient(22, claims)))
  assert.equal((await findings()).length, 1, 'at level structure no profile is asked')
  await rome().delete(`/staff/1/profiles/${id}`)
  await importText(network, text(patient(23, claims)), 'full')
  assert.equal((await findings()).length, 1)
  assert.deepEqual((await rome().get<{ profiles: object[] }>('/staff/1/profiles')).profiles, [])
})

test('what is no profile, or no sound definition, is refused with a code and changes nothing', async () => {
  const refused: readonly (readonly [object, string])[] = [
    [definition({ derivation: 'specialization' }), 'FHIR_NOT_A_PROFILE'], [definition({ type: 'NoSuchType' }), 'FHIR_NOT_A_PROFILE'], [definition({ differential: { element: [] } }), 'NODE_BAD_INPUT'],
    [definition({ status: 'no such status' }), 'NODE_BAD_INPUT'], [definition({ kind: 7 }), 'NODE_BAD_INPUT'], [{ resourceType: 'Patient' }, 'SCHEMA_NOT_VALID'],
  ]
  for (const [one, code] of refused) await assert.rejects(rome().post('/staff/1/profiles', { definition: one }), (error: { code: string; remedy?: string }) => error.code === code || assert.fail(`${error.code} instead of ${code}`))
  await assert.rejects(rome().delete(`/staff/1/profiles/${'0'.repeat(26)}`), { code: 'NODE_NOT_FOUND' })
  await assert.rejects(oneTimeClient(network, 'rome').post('/staff/1/profiles', { definition: definition() }), { code: 'NODE_STAFF_UNKNOWN' })
  assert.deepEqual((await rome().get<{ profiles: object[] }>('/staff/1/profiles')).profiles, [])
})
