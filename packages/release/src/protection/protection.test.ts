import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Column } from '@mhmd/columns'
import { frontierOf, measuredRelease, release } from '@mhmd/deid'
import type { Job } from '@mhmd/deid'
import { unimplied } from '@mhmd/schema'
import type { Dataset } from '@mhmd/schema'
import { dataset, datasetId, decided, now, personRows, request, secret, sourceOf } from '../../testing/people.ts'
import { deidEngine, releaseTable, tryInThread } from '../index.ts'
import type { PersonRows, ProtectionBegun, ProtectionTask, Tried } from '../index.ts'
import { protectionStart } from './alternatives.ts'

const grid = { ks: [3, 5], diversities: [2], closenesses: [0.4], suppressionLimits: [0.2, 0.4] }
/** Anew each time: a thread takes the rows' codes away. */
const task = (more: Partial<ProtectionTask> = {}): ProtectionTask => ({ source: personRows(300), document: { ...dataset, columns: dataset.columns.map((column) => (column.name === 'note' || column.name === 'onset' ? { ...column, role: 'identifying' } : column)) }, grid, secondsEach: 30, ...more })

async function all(asked: ProtectionTask, signal = new AbortController().signal): Promise<{ begun: ProtectionBegun; found: Tried[] }> {
  let begun: ProtectionBegun | undefined
  const found: Tried[] = []
  for await (const answer of tryInThread(asked, signal)) {
    if ('begun' in answer) begun = answer.begun
    else found.push(answer.tried)
  }
  return { begun: begun as ProtectionBegun, found }
}
type Carried = Exclude<Tried, { code: string }>
const carried = (found: readonly Tried[]): Carried[] => found.filter((one): one is Carried => !('code' in one))
const digits = (value: unknown): string => JSON.stringify(value, (_, leaf: unknown) => (typeof leaf === 'number' ? leaf.toPrecision(6) : leaf))

test('alternatives count people, and each one\'s job gives its figures over the same rows to six digits', async () => {
  const { begun, found } = await all(task())
  assert.equal(found.length, begun.names.length)
  const { tables } = protectionStart(task().source, task().document)
  assert.ok(carried(found).length >= 4)
  for (const one of carried(found)) {
    const job = JSON.parse(JSON.stringify(one.job)) as Job
    const made = release(job, tables)
    assert.equal(digits([made.score, made.levels, made.suppressedRows, made.suppressedPersons, measuredRelease(job, tables, made)]), digits([one.score, one.levels, one.suppressedRows, one.suppressedPersons, { risk: one.risk, utility: one.utility }]))
    assert.equal(one.risk.unit, 'person')
  }
  // The column of names tells people apart: the job runs over the view's own table.
  assert.equal(begun.job.person?.column, 'name')
  assert.deepEqual(Object.values(begun.job.columns).flatMap(({ hierarchy }) => hierarchy ?? []).sort(), ['birth.csv', 'place.csv'])
  assert.equal(begun.people, 300)
  assert.ok((frontierOf(found).undominated['highestRisk/loss'] ?? []).length > 0)
})

test('a release under an alternative\'s policy has that alternative\'s figures where everybody is in it', async () => {
  const { found } = await all(task())
  const one = carried(found).find(({ name }) => name === 'k5-l2-s40')
  assert.ok(one !== undefined)
  const rows = personRows(300)
  const document: Dataset = { ...task().document, policy: one.policy }
  const asked = { ...request, variables: ['birth', 'sex', 'place', 'diagnosis', 'clinic'] }
  let drawn = 0
  const left = await releaseTable({
    request: asked, decision: await decided(asked, rows), dataset: { holder: 'rome', id: datasetId, version: 1, document }, agreement: 'agreement-1', source: sourceOf(rows), engine: deidEngine, secret, earlier: [],
    clock: { now: () => now }, randomness: { bytes: (length) => new Uint8Array(length).fill(drawn++ % 256) },
  })
  assert.ok(left.released, JSON.stringify(left))
  const { figures } = left
  assert.deepEqual([figures.suppressedRows, figures.classes, figures.smallestClass, figures.people], [one.suppressedRows, one.classes, one.risk.sample.smallestClassSize, one.risk.persons?.persons])
  assert.equal((figures.classes / figures.memberships).toPrecision(6), one.risk.sample.averageRisk.toPrecision(6))
})

test('what the engine is asked for keeps to the gate\'s thresholds: an average below 1/k is searched for, with one row a person and with several', async () => {
  const rows = personRows(300)
  const firsts = [...new Map(Array.from(rows.person.codes, (code, row): [number, number] => [code, row]).toReversed()).values()]
  const pickRows = (column: Column): Column => ({ ...column, codes: Uint32Array.from(firsts, (row) => column.codes[row] as number) })
  const single: PersonRows = { table: { rows: firsts.length, columns: rows.table.columns.map(pickRows) }, person: pickRows(rows.person) }
  for (const [source, averageRisk] of [[single, 0.05], [rows, 0.1]] as const) {
    const document: Dataset = { ...task().document, policy: { ...dataset.policy, suppressionLimit: 0.4, models: [{ type: 'k-anonymity', k: 5 }], thresholds: { highestRisk: 0.2, averageRisk, uniques: 0, distinctValues: 2 } } }
    const asked = { ...request, variables: ['birth', 'sex', 'place', 'diagnosis', 'clinic'] }
    let drawn = 0
    const left = await releaseTable({
      request: asked, decision: await decided(asked, source), dataset: { holder: 'rome', id: datasetId, version: 1, document }, agreement: 'agreement-1', source: sourceOf(source), engine: deidEngine, secret, earlier: [],
      clock: { now: () => now }, randomness: { bytes: (length) => new Uint8Array(length).fill(drawn++ % 256) },
    })
    assert.ok(left.released, JSON.stringify(left))
    assert.ok(left.figures.classes / left.figures.memberships <= averageRisk + 1e-9)
  }
  // By k alone the best table would have been held back.
  const alone = carried((await all(task({ source: single, ownOnly: true, document: { ...task().document, policy: { ...dataset.policy, suppressionLimit: 0.4, thresholds: { ...dataset.policy.thresholds, averageRisk: 0.2 } } } }))).found)[0]
  assert.ok(alone !== undefined && alone.risk.sample.averageRisk > 0.05)
  assert.equal(alone.name, 'own')
})

test('no alternative loosens the draft\'s average, and the policy of each asks for what its gate demands', async () => {
  const document: Dataset = { ...task().document, policy: { ...dataset.policy, thresholds: { ...dataset.policy.thresholds, averageRisk: 0.2 } } }
  const { begun, found } = await all(task({ document }))
  // People have several rows: classes of three would only do for an average of a third.
  assert.ok(begun.names.every((name) => name === 'own' || name.startsWith('k5-')), begun.names.join())
  for (const { policy } of carried(found)) {
    assert.ok(policy.thresholds.averageRisk <= 0.2)
    if (policy !== document.policy) assert.deepEqual(unimplied(policy, []), [])
  }
})

test('what was tried over the same rows is not tried again; over other rows all is', async () => {
  const { begun, found } = await all(task())
  const names = found.slice(0, 3).map(({ name }) => name)
  const again = await all(task({ before: { sourceDigest: begun.sourceDigest, names } }))
  assert.deepEqual([again.begun.isAnew, again.found.map(({ name }) => name)], [false, begun.names.slice(3)])
  const other = await all(task({ source: personRows(300, 9), before: { sourceDigest: begun.sourceDigest, names } }))
  assert.deepEqual([other.begun.isAnew, other.found.length], [true, begun.names.length])
})

test('called off, it ends; what doesn\'t fit together is said with its code', async () => {
  const controller = new AbortController()
  let count = 0
  await assert.rejects(async () => {
    for await (const answer of tryInThread(task(), controller.signal)) if ('tried' in answer && ++count === 1) controller.abort()
  }, { name: 'AbortError' })
  assert.equal(count, 1)
  const nothing: Dataset = { ...task().document, columns: task().document.columns.map((column) => ({ ...column, role: column.role === 'quasi-identifying' ? 'insensitive' : column.role })) }
  await assert.rejects(all(task({ document: nothing })), { code: 'DEID_NO_QUASI_IDENTIFIER' })
})
