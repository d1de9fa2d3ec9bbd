import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { applicationDates, citationText, countryMatches, dataCategories, dataCategoryCodes, duoCodes, fhirTypes, isFormWithin, isReservedForPublicBodies, isWithinPurpose, formCodes, purposeCodes, purposes, purposesOverlap, uses } from '../index.ts'
import type { Purpose } from '../index.ts'

// Origin: Regulation (EU) 2025/327, Art. 51(1): seventeen points; Art. 105, sixth paragraph: the later ones; Art. 51(4): the sensitive ones.
test('categories are the points (a) to (q) of Art. 51(1), with the dates of Art. 105 and the marks of Art. 51(4)', () => {
  assert.equal(dataCategoryCodes.join(''), 'abcdefghijklmnopq')
  const later = dataCategoryCodes.filter((code) => dataCategories[code].appliesFrom === Date.parse('2031-03-26T00:00:00Z'))
  assert.deepEqual(later, ['b', 'f', 'g', 'm', 'p'])
  assert.ok(dataCategoryCodes.every((code) => later.includes(code) || dataCategories[code].appliesFrom === Date.parse('2029-03-26T00:00:00Z')))
  assert.deepEqual(dataCategoryCodes.filter((code) => dataCategories[code].stricterNationalRules), ['f', 'g', 'i', 'q'])
})

test('application dates name the day of their time', () => {
  for (const { date, time } of Object.values(applicationDates)) assert.equal(Date.parse(`${date}T00:00:00Z`), time)
})

// Origin: Art. 53(1) and (2).
test('purposes hold every point of Art. 53(1); (a) to (c) are reserved for public bodies', () => {
  assert.deepEqual([...new Set(purposeCodes.map((code) => purposes[code].article53).filter((point) => point !== null))].sort(), ['a', 'b', 'c', 'd', 'e', 'f'])
  for (const code of purposeCodes) assert.equal(isReservedForPublicBodies(code), ['a', 'b', 'c'].includes(purposes[code].article53 ?? ''))
})

// Origin: Art. 54(a)–(e); Art. 61(3).
test('prohibited uses are the five of Art. 54 and re-identification', () => {
  assert.deepEqual(Object.values(uses).filter((use) => use.prohibited).map((use) => use.citation), ['EHDS:54(a)', 'EHDS:54(b)', 'EHDS:54(c)', 'EHDS:54(d)', 'EHDS:54(e)', 'EHDS:61(3)'])
})

test('the purpose tree has known parents, no cycle, and one kind of use in each branch', () => {
  for (const code of purposeCodes) {
    const seen = new Set<Purpose>()
    for (let at: Purpose | null = code; at !== null; at = purposes[at].parent as Purpose | null) {
      assert.ok(at in purposes && !seen.has(at))
      assert.equal(purposes[at].use, purposes[code].use)
      seen.add(at)
    }
  }
})

test('within is a partial order; overlap is symmetric', () => {
  const code = fc.constantFrom(...purposeCodes)
  fc.assert(fc.property(code, code, code, (a, b, c) => {
    assert.ok(isWithinPurpose(a, a))
    if (isWithinPurpose(a, b) && isWithinPurpose(b, a)) assert.equal(a, b)
    if (isWithinPurpose(a, b) && isWithinPurpose(b, c)) assert.ok(isWithinPurpose(a, c))
    assert.equal(purposesOverlap(a, b), purposesOverlap(b, a))
  }))
  assert.ok(isWithinPurpose('algorithm-training', 'research') && !isWithinPurpose('research', 'algorithm-training') && !purposesOverlap('education', 'research'))
})

test('every DUO code a purpose, use or return names is in the DUO table', () => {
  for (const code of [...purposeCodes.flatMap((purpose) => [...purposes[purpose].duo]), ...Object.values(uses).map((use) => use.duo)]) assert.ok(code === null || code in duoCodes, String(code))
})

test('FHIR types name categories that exist; forms are in order of exposure', () => {
  for (const categories of Object.values(fhirTypes)) assert.ok(categories.length > 0 && categories.every((code) => code in dataCategories))
  assert.deepEqual(formCodes, ['computation', 'anonymised', 'pseudonymised', 'identified'])
  assert.ok(isFormWithin('computation', 'pseudonymised') && !isFormWithin('pseudonymised', 'anonymised'))
})

test('countries match by code, EU, EEA and any', () => {
  assert.ok(countryMatches('IT', 'IT') && countryMatches('IT', 'EU') && countryMatches('NO', 'EEA') && countryMatches('US', '*'))
  assert.ok(!countryMatches('NO', 'EU') && !countryMatches('CH', 'EEA') && !countryMatches('DE', 'IT') && !countryMatches('GB', 'EU'))
})

test('citations read as a lawyer writes them', () => {
  assert.equal(citationText('EHDS:71(3)'), 'Regulation (EU) 2025/327 (European Health Data Space), Art. 71(3)')
  assert.equal(citationText('NETWORK:N2'), 'Rules of the network, docs/law/decision-rules.md, rule N2')
})
