// Questions: what each says of a ledger whose story is known, and the laws that hold for all of them.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { day, idOf, person, transaction, enrolment, consent, decide, genesis } from '@mhmd/contracts/testing'
import { PlayedLedger, START, askedId, playedLedger, playedNetwork } from '../testing/index.ts'
import { ask, createFeed, evidenceOf, openDatabase } from './index.ts'
import type { BlockText, Cell, Database } from './index.ts'
import { questions } from './questions.ts'

const iso = (days: number): string => new Date(START + days * day).toISOString()

async function fed(blocks: readonly BlockText[]): Promise<Database> {
  const database = await openDatabase({ file: ':memory:', networkId: playedNetwork })
  await (await createFeed(database)).take(blocks)
  return database
}

describe('questions', () => {
  let blocks: readonly BlockText[] = []
  let database: Database
  const early = new Map<number, Database>()
  before(async () => {
    blocks = (await playedLedger()).blocks
    database = await fed(blocks)
    for (let height = 0; height < blocks.length; height += 3) early.set(height, await fed(blocks.slice(0, height + 1)))
  })
  after(() => {
    for (const each of [database, ...early.values()]) each.close()
  })

  const rows = async (name: string, parameters: Record<string, string> = {}, height?: number): Promise<readonly (readonly Cell[])[]> =>
    (await ask(database, { name, parameters, ...(height === undefined ? {} : { height }) })).rows

  it('participants: five founders and an access body, by role and country', async () => {
    assert.deepEqual(await rows('participants'), [['access-body', 'DE', 'active', 1], ['account-provider', 'IT', 'active', 1], ['data-holder', 'IT', 'active', 2], ['data-user', 'IT', 'active', 1], ['ledger-operator', 'IT', 'active', 1]])
  })

  it('datasets: one of two categories counts in both, and only a holder’s where one is named', async () => {
    assert.deepEqual(await rows('datasets'), [['berlin', 'a', 'offered', 1], ['berlin', 'm', 'offered', 1], ['rome', 'a', 'offered', 2], ['rome', 'b', 'offered', 1]])
    assert.deepEqual(await rows('datasets', { holder: 'berlin' }), [['berlin', 'a', 'offered', 1], ['berlin', 'm', 'offered', 1]])
  })

  it('consents: now and at an earlier height', async () => {
    assert.deepEqual(await rows('consents'), [['consent', 'rome', 'active', 'subject', 2], ['consent', 'rome', 'withdrawn', 'subject', 3], ['opt-out', 'rome', 'active', 'subject', 1]])
    assert.deepEqual(await rows('consents', {}, 2), [['consent', 'rome', 'active', 'subject', 5]])
  })

  it('half-life: three of five withdrew after 10, 20 and 40 days', async () => {
    assert.deepEqual(await rows('consent-half-life'), [['rome', 5, 3, 40, 0.4]])
    assert.deepEqual(await rows('consent-half-life', { days: '15' }), [['rome', 5, 3, 40, 0.8]])
  })

  it('decisions by day: within the days asked for', async () => {
    assert.deepEqual(await rows('decisions-by-day', { days: '200' }), [['2030-03-17', 'consent', 'active', 5], ['2030-03-18', 'opt-out', 'active', 1], ['2030-03-27', 'consent', 'withdrawn', 1], ['2030-04-06', 'consent', 'withdrawn', 1], ['2030-04-26', 'consent', 'withdrawn', 1]])
    assert.deepEqual(await rows('decisions-by-day', { days: '79' }), [])
  })

  it('requests: what was allowed, refused and came to data', async () => {
    assert.deepEqual(await rows('requests'), [['health-research', 'anonymised', 'consent', 1, 1, 0, 1, 1], ['health-research', 'anonymised', 'permit', 3, 1, 1, 0, 0]])
    assert.deepEqual(await rows('requests', { requester: 'rome' }), [])
  })

  it('use: which organisation asked for what, and what came of it', async () => {
    assert.deepEqual(await rows('use'), [['institute', 'health-research', 4, 2, 1, 1, 1]])
  })

  it('times: three days to a holder’s answer and four more to data; four to the access body’s decision', async () => {
    assert.deepEqual(await rows('times'), [[null, 1, 1, 3, 3, 1, 4, 4], ['authority', 3, 2, 4, 4, 0, null, null]])
  })

  it('refusals: who, why, and the contract’s words for an item of a batch', async () => {
    assert.deepEqual(await rows('refusals'), [
      ['item', 'refused', 'accounts', 'CONTRACT_NOT_HER_KEY', 'The key is not the one that speaks for this subject', 1],
      ['permit', 'refused', 'authority', 'PURPOSE_NOT_SHOWN', null, 1],
      ['use-request-answer', 'refused', 'berlin', 'NOT_FOR_US', null, 1],
    ])
  })

  it('deadlines: what waits, for whom, and whether it is late at that block', async () => {
    const waiting = [['permit', 'authority', askedId('undecided'), iso(5), iso(95)], ['data', 'berlin', askedId('waiting'), iso(6), iso(96)], ['data', 'rome', askedId('waiting'), iso(6), iso(96)]]
    assert.deepEqual(await rows('deadlines'), waiting.map((row) => [...row, true]))
    assert.deepEqual(await rows('deadlines', {}, blocks.length - 2), waiting.map((row) => [...row, false]))
    const counting = await fed((await playedLedger({ form: 'computation' })).blocks)
    assert.deepEqual((await ask(counting, { name: 'deadlines' })).rows, waiting.slice(0, 1).map((row) => [...row, true]), 'a count is answered when it is asked for')
    counting.close()
  })

  it('access: who got what and why, and that it was deleted', async () => {
    assert.deepEqual(await rows('access'), [[iso(9), 'institute', 'rome', 'anonymised', 'health-research', 'consent', null, null, null, iso(40), askedId('delivered'), 7]])
    assert.deepEqual(await rows('access', { recipient: 'accounts' }), [])
  })

  it('flow: seven steps of one request, with days since its filing', async () => {
    assert.deepEqual((await rows('flow', { request: askedId('delivered') })).map((row) => [row[0], row[4], row[7], row[9]]), [
      [4, 'requests@2 file', 'filed', 0], [5, 'requests@2 answer', 'accepted', 3], [5, 'requests@2 answer', 'refused', 3], [7, 'agreements@1 offer', 'offered', 7],
      [7, 'agreements@1 accept', 'accepted', 7], [7, 'releases@2 record', null, 7], [10, 'releases@2 delete', null, 38],
    ])
  })

  it('failures: functions that nobody used are there too', async () => {
    const failures = await rows('failures')
    assert.deepEqual(failures.find(([contract, operation]) => contract === 'opt-outs@1' && operation === 'declare-batch'), ['opt-outs@1', 'declare-batch', 1, 1, 0, 1, '{CONTRACT_NOT_HER_KEY=1}'])
    assert.deepEqual(failures.find(([contract, operation]) => contract === 'private@1' && operation === 'purge'), ['private@1', 'purge', 0, 0, 0, 0, null])
  })

  it('anomalies: first access, members that fell silent; a burst in a quiet life', async () => {
    const anomalies = await rows('anomalies')
    assert.deepEqual(anomalies.filter(([what]) => what === 'first-access'), [['first-access', 'institute', iso(9), 1, null, 'health-research']])
    assert.deepEqual(anomalies.filter(([what]) => what === 'silence').map(([, who]) => who).sort(), ['accounts', 'authority', 'institute', 'ledger', 'rome'])
    assert.deepEqual(anomalies.filter(([what]) => what === 'burst'), [])
    const bursting = await burst()
    assert.deepEqual((await ask(bursting, { name: 'anomalies' })).rows.filter(([what]) => what === 'burst'), [['burst', 'accounts', new Date(Math.floor((START + 9 * day) / 3_600_000) * 3_600_000).toISOString(), 30, 1, null]])
    bursting.close()
  })

  it('agrees with the published Kaplan–Meier estimate of a trial with many censored lives', async () => {
    // Remission in weeks under 6-mercaptopurine, Freireich et al., Blood 21 (1963) 699, as in Kleinbaum & Klein, Survival Analysis, table 2.1 (+ censored): median 23, S(10) = 0.753, S(23) = 0.448.
    const weeks = ['6', '6', '6', '6+', '7', '9+', '10', '10+', '11+', '13', '16', '17+', '19+', '20+', '22', '23', '25+', '32+', '32+', '34+', '35+']
    const trial = await remissions(weeks)
    const at = async (days: number): Promise<readonly Cell[] | undefined> => (await ask(trial, { name: 'consent-half-life', parameters: { days: String(days) } })).rows[0]
    assert.deepEqual((await at(70))?.slice(0, 4), ['rome', 21, 9, 161])
    assert.equal(Number((await at(70))?.[4]).toFixed(3), '0.753')
    assert.equal(Number((await at(161))?.[4]).toFixed(3), '0.448')
    trial.close()
  })

  for (const { name, parameters } of questions) {
    const given = { ...(Object.hasOwn(parameters, 'request') ? { request: askedId('delivered') } : {}) }
    it(`${name}: at every height the answer is that of a feed which ends there, and has evidence for what it counts`, async () => {
      for (const [height, ending] of early) {
        const [then, now] = await Promise.all([ask(ending, { name, parameters: given }), ask(database, { name, parameters: given, height })])
        assert.deepEqual(now, then)
        const evidence = await evidenceOf(database, { name, parameters: given, height }, { limit: 500 })
        assert.equal(evidence.rows.length, evidence.total)
        assert.ok(evidence.total > 0 || then.rows.length === 0 || name === 'failures')
        assert.ok(evidence.rows.every(([at]) => Number(at) <= height))
      }
    })
  }

  it('refuses what is no question and no parameter', async () => {
    await assert.rejects(async () => ask(database, { name: 'nothing' }), { code: 'ANALYTICS_UNKNOWN_QUESTION' })
    for (const parameters of [{ holder: 'Rome' }, { holder: '\' OR 1=1' }, { nobody: 'x' }]) await assert.rejects(async () => ask(database, { name: 'datasets', parameters }), { code: 'ANALYTICS_BAD_PARAMETER' })
    await assert.rejects(async () => ask(database, { name: 'flow' }), { code: 'ANALYTICS_BAD_PARAMETER' })
    for (const height of [-1, blocks.length, 0.5]) await assert.rejects(ask(database, { name: 'consents', height }), { code: 'ANALYTICS_BAD_PARAMETER' })
  })
})

/** People enrolled one an hour and day, and thirty in one hour of the ninth day. */
async function burst(): Promise<Database> {
  const ledger = new PlayedLedger()
  await ledger.block(START, [genesis()])
  for (let days = 1; days <= 9; days++) {
    const time = START + days * day
    const names = Array.from({ length: days === 9 ? 30 : 1 }, (_, n) => `burst ${days} ${n}`)
    await ledger.block(time, names.map((name) => transaction({ call: 'keys@1 enrol', by: 'accounts', payload: enrolment(person(name), { expires: time + day }), time })))
  }
  return fed(ledger.blocks)
}

/** Each life begins on day 0 and ends by withdrawal, or, with a plus, by running out. */
async function remissions(weeks: readonly string[]): Promise<Database> {
  const ledger = new PlayedLedger()
  const lives = weeks.map((text, n) => ({ who: person(`remission ${n}`), days: 7 * Number.parseInt(text, 10), isCensored: text.endsWith('+') }))
  await ledger.block(START, [genesis(), ...lives.map(({ who }) => transaction({ call: 'keys@1 enrol', by: 'accounts', payload: enrolment(who) }))])
  await ledger.block(START, lives.map(({ who, days, isCensored }) => decide(consent(who, { expires: START + (isCensored ? days : 360) * day }))))
  for (const { who, days } of lives.filter(({ isCensored }) => !isCensored)) {
    const time = START + days * day
    await ledger.block(time, [decide(consent(who, { version: 2, operation: 'withdraw', expires: START + 360 * day }), { time })])
  }
  await ledger.block(START + 359 * day, [transaction({ call: 'datasets@1 register', by: 'rome', payload: { dataset: idOf('end'), categories: ['a'], description: playedNetwork, version: 1, state: 'offered' }, time: START + 359 * day })])
  return fed(ledger.blocks)
}
