import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decide } from '@mhmd/consent'
import type { Basis } from '@mhmd/consent'
import type { UseRequest } from '@mhmd/schema'
import { noAnswers, previewOf, termsOf } from './answers.ts'
import { openStudies } from './standing.ts'
import type { Asking } from './views.ts'

const day = 86_400_000
const now = Date.UTC(2030, 0, 1)
const request: UseRequest = {
  format: 'mhmd-use-request/1', id: '00000000000000000000000001', requester: { member: 'institute', class: 'research-organisation', country: 'IT' }, title: 'Asthma in adults', summary: 'A synthetic request.',
  purpose: 'health-research', uses: [], categories: ['a'], fhirTypes: ['Patient'], form: 'computation', basis: 'consent', from: now - day, until: now + 30 * day, safeguards: [], returns: [],
}
const byLaw: UseRequest = { ...request, id: '00000000000000000000000002', basis: 'permit' }
const optOut: Basis = { basis: 'opt-out', version: 1, state: 'active', by: 'subject', since: now - day, record: 'held' }
const withdrawn: Basis = { basis: 'consent', version: 2, state: 'withdrawn', by: 'subject', expires: now + 50 * day, record: 'held', terms: null }
const permit: Basis = {
  basis: 'permit', kind: 'data-request', id: 'permit-1', authority: 'access', user: 'institute', purposes: ['health-research'], categories: ['a'], form: 'computation',
  approved: now - 5 * day, from: now - 5 * day, until: now + 60 * day, state: 'active', record: 'held',
}
const terms = termsOf({ ...noAnswers, recipients: ['business'], area: 'home', purposes: ['education'], data: ['records'], form: 'computation', years: '1' }, { now, country: 'IT' })
const at = (document: UseRequest, bases: readonly Basis[]): Asking => ({ document, verdict: decide(document, bases, now) })

test('what rests on consent is foreseen from the terms she is about to sign', () => {
  assert.equal(previewOf(at(request, []), { bases: [], terms, now }).answer, 'deny')
  assert.equal(previewOf(at(request, []), { bases: [], terms: termsOf({ ...noAnswers, recipients: ['research-organisation'], area: 'EEA', purposes: ['health-research'], data: ['records'], form: 'computation', years: '1' }, { now, country: 'IT' }), now }).answer, 'permit')
})

test('what a public office allowed stays allowed in the preview: her terms don’t reach it, and the permit is the hospital’s', () => {
  assert.equal(previewOf(at(byLaw, [permit]), { bases: [], terms, now }).answer, 'permit')
  assert.equal(previewOf(at(byLaw, []), { bases: [], terms, now }).answer, 'deny')
})

test('a study on consent asks whoever has said nothing, and nobody who opted out, whatever she had said before', () => {
  const stands = (bases: readonly Basis[]): string | undefined => openStudies([{ asking: [at(request, bases)], bases }], now)[0]?.stands
  assert.equal(stands([]), 'asks')
  assert.equal(stands([withdrawn]), 'asks')
  assert.equal(stands([optOut]), 'mayNot')
  assert.equal(stands([withdrawn, optOut]), 'mayNot')
})

test('one of her hospitals asks though she opted out at another', () => {
  assert.equal(openStudies([{ asking: [at(request, [optOut])], bases: [optOut] }, { asking: [at(request, [])], bases: [] }], now)[0]?.stands, 'asks')
})
