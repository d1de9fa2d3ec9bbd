// Permits of which a holder is late, found page by page among the others.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ordinal } from '@mhmd/base'
import fc from 'fast-check'
import { newestFirst } from './paging.ts'
import { permitRoutes } from './permit-routes.ts'
import type { PermitView } from './permits-shown.ts'

const view = (at: number, late: boolean, isIssued: boolean): PermitView => ({
  request: String(at), version: 1, title: 'A table', purpose: 'health-research', form: 'anonymised', requester: 'institute', authority: 'access', holders: ['rome'], state: isIssued ? 'issued' : 'filed', at, reason: 'CRITERIA_MET', explanation: null,
  permit: isIssued ? { id: 'p', kind: 'data-permit', approved: at, from: at, until: at, conditions: [], deliverBy: at } : null, deliveries: isIssued ? [{ holder: 'rome', first: null, late }] : [],
})

test('all pages of one selection are its permits, once each, the newest first', () => fc.assert(fc.asyncProperty(fc.array(fc.tuple(fc.boolean(), fc.boolean()), { maxLength: 20 }), fc.integer({ min: 1, max: 5 }), fc.constantFrom('late', 'issued', undefined), async (kinds, limit, only) => {
  const all = kinds.map(([isIssued, late], at) => view(at, late, isIssued))
  const list = permitRoutes({ permits: { inOrder: async () => newestFirst(all.map((value) => ({ key: [ordinal(value.at), value.request], value }))), one: () => assert.fail('one was asked for') }, nameOf: (id) => id }).find(({ path }) => path === '/staff/1/permits')
  const found: number[] = []
  for (let after: string | null | undefined; after !== null;) {
    const { permits, next } = await list?.handle({ query: { limit: String(limit), only, after } } as never) as { permits: PermitView[]; next: string | null }
    found.push(...permits.map(({ at }) => at))
    after = next
  }
  assert.deepEqual(found, all.filter(({ permit, deliveries }) => only === undefined || (only === 'issued' ? permit !== null : deliveries.some(({ late }) => late))).map(({ at }) => at).reverse())
})))
