import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dataset, datasetId, decided, now, personRows, request, secret, sourceOf } from '../../testing/people.ts'
import { deidEngine, makeInThread, openTableManifest, releaseTable } from '../index.ts'
import type { PersonRows, TableOptions } from '../index.ts'

const still = new AbortController().signal

async function options(rows: PersonRows, form: 'anonymised' | 'pseudonymised', more: Partial<TableOptions> = {}): Promise<TableOptions> {
  const asked = { ...request, form, variables: ['birth', 'sex', 'place', 'diagnosis', 'onset'] }
  return {
    request: asked, decision: await decided(asked, rows), dataset: { holder: 'rome', id: datasetId, version: 1, document: { ...dataset, policy: { ...dataset.policy, suppressionLimit: 0.5 } } }, agreement: 'agreement-1', source: sourceOf(rows), engine: deidEngine, secret, earlier: [],
    clock: { now: () => now }, randomness: { bytes: (length) => new Uint8Array(length) }, ...more,
  }
}

test('a thread makes the very table that is made here, manifests, figures and classes alike', async () => {
  for (const form of ['anonymised', 'pseudonymised'] as const) {
    const rows = personRows(400)
    const here = await releaseTable(await options(rows, form))
    const stages: string[] = []
    const there = await releaseTable(await options(rows, form, { make: makeInThread({ signal: still, done: (stage) => stages.push(stage) }) }))
    assert.ok(here.released && there.released)
    assert.ok(Buffer.from(there.bytes).equals(here.bytes))
    assert.deepEqual({ ...there, bytes: 0, sealedManifest: 0 }, { ...here, bytes: 0, sealedManifest: 0 })
    assert.deepEqual(openTableManifest(there.sealedManifest, there.release, secret), openTableManifest(here.sealedManifest, here.release, secret))
    assert.deepEqual(stages, ['protected', 'measured'])
  }
})

test('errors of the thread keep their codes and what the gate holds back is held back', async () => {
  const strict = { ...dataset, columns: dataset.columns.map((column) => (column.name === 'birth' ? { ...column, maxLevel: 0 } : column)), policy: { ...dataset.policy, suppressionLimit: 0 } }
  const make = makeInThread({ signal: still })
  await assert.rejects(async () => releaseTable(await options(personRows(300), 'anonymised', { make, dataset: { holder: 'rome', id: datasetId, version: 1, document: strict } })), { name: 'MhmdError', code: 'RELEASE_NO_SOLUTION', kind: 'conflict', details: { suppressionLimit: 0 } })
  const known = { ...dataset, scenario: { ...dataset.scenario, knows: ['diagnosis'] } }
  const held = await releaseTable(await options(personRows(300), 'anonymised', { make, dataset: { holder: 'rome', id: datasetId, version: 1, document: known } }))
  assert.ok(!held.released && held.rule === 'KNOWN_COLUMN')
})

test('a cancelled table ends its thread at once and gives the reason; one cancelled before starts none', async () => {
  const reason = new Error('cancelled')
  const controller = new AbortController()
  const make = makeInThread({ signal: controller.signal, done: () => { controller.abort(reason) } })
  await assert.rejects(async () => releaseTable(await options(personRows(20_000), 'anonymised', { make })), reason)
  await assert.rejects(async () => releaseTable(await options(personRows(300), 'anonymised', { make })), reason)
})

test('a table that its thread has no memory for is refused with a code, and this process lives on', async () => {
  await assert.rejects(async () => releaseTable(await options(personRows(20_000), 'pseudonymised', { make: makeInThread({ signal: still, heapMegabytes: 12 }) })), { code: 'RELEASE_TOO_LARGE' })
})

test('while a thread makes a table this one is free', async () => {
  let longest = 0
  let last = performance.now()
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
  }, 1)
  const ready = await options(personRows(20_000), 'pseudonymised')
  last = performance.now()
  longest = 0
  let took = -performance.now()
  await releaseTable({ ...ready, make: async (task) => {
    last = performance.now()
    longest = 0
    const made = await makeInThread({ signal: still })(task)
    took += performance.now()
    return made
  } })
  clearInterval(timer)
  assert.ok(longest < took / 2, `${longest} ms of ${took}`)
})
