import { test } from 'node:test'
import assert from 'node:assert/strict'
import { memoryStore } from '@mhmd/store/testing'
import type { LedgerEffect } from './ledger-outbox.ts'
import { requestFiling } from './request-filing.ts'
import type { FilingParts } from './request-filing.ts'
import { filings, newRequestDocument, requestsOut } from './requests.ts'

const id = '0123456789abcdefghjkmnpqrs'
const body = newRequestDocument.parse({
  id, holders: ['rome', 'berlin'], class: 'research-organisation', title: 'One', summary: '', purpose: 'health-research', categories: ['a'], fhirTypes: ['Patient'], question: { all: [{ type: 'sex', value: 'female' }] }, days: 30,
})

test('a filing that a kill or an absent ledger cut short goes on by itself, with the same operation', async () => {
  const store = memoryStore()
  const effects: LedgerEffect[] = []
  const settled: string[] = []
  const posted: string[] = []
  let isUp = false
  let next = 0
  const parts = {
    store,
    ledger: {
      enqueue: async (_tx: unknown, effect: LedgerEffect) => void effects.push(effect),
      settle: async (operationId: string) => {
        if (!isUp) throw new Error('no ledger')
        settled.push(operationId)
        return { status: 'committed', code: 'VALID' }
      },
    },
    outbox: { post: async (_tx: unknown, { to }: { to: string }) => posted.push(to) },
    self: () => ({ id: 'institute', country: 'NL' }),
    clock: { now: () => 1_800_000_000_000 },
    randomness: { bytes: (length: number) => new Uint8Array(length).fill(++next) },
  } as unknown as FilingParts
  await assert.rejects(requestFiling(parts).file(body), /no ledger/)
  assert.deepEqual(posted, [])
  assert.equal((await store.read((tx) => filings.list(tx))).length, 1)

  isUp = true
  const stop = new AbortController()
  // As after a start: nothing is known but what the store keeps.
  const running = requestFiling(parts).finishBegun(stop.signal)
  for (let tries = 0; posted.length < 2 && tries < 100; tries++) await new Promise((resolve) => setTimeout(resolve, 10))
  stop.abort()
  await running
  assert.deepEqual(posted, ['rome', 'berlin'])
  assert.deepEqual(settled, [effects[0]?.operationId])
  assert.equal(effects.length, 1)
  assert.equal((await store.read((tx) => filings.list(tx))).length, 0)
  assert.notEqual(await store.read((tx) => requestsOut.get(tx, id)), undefined)
  assert.equal(await requestFiling(parts).file(body), id)
  assert.equal(effects.length, 1)
})
