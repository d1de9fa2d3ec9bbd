// Links across holders, attacked: people decide at two hospitals in one breath, through the provider's own batches; the adversary of docs/methods/ledger-privacy.md has the ledger and one hospital's disk.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { base32, toBase64Url, utf8 } from '@mhmd/base'
import type { Randomness } from '@mhmd/base'
import { consent } from '@mhmd/accounts'
import { sha256, signingKeyFromSeed } from '@mhmd/crypto'
import type { Receipt } from '@mhmd/ledger'
import type { ConsentTerms, SignedConsentDecision } from '@mhmd/schema'
import { memoryStore } from '@mhmd/store/testing'
import { guess, indexed } from '../testing/linking-adversary.ts'
import type { Own, Seen } from '../testing/linking-adversary.ts'
import { isBatchDue, peopleWaiting, sendBatches, takeDecision } from './decision-batches.ts'
import type { LedgerEffect, LedgerOutbox } from './ledger-outbox.ts'

const SEED = Number(process.env['FC_SEED'] ?? 20_261_121)
const PEOPLE = Number(process.env['MHMD_PRIVACY_PEOPLE'] ?? 2000)
const INTERVAL = 60_000
const TICK = 1000
/** So many people act in an interval, on average. */
const COMPANY = 40
const START = 1_790_000_000_000
const YEAR = 365 * 86_400_000
/** One in ten thousand runs of a world without any leak comes out above this many standard deviations. */
const FALSE_ALARM_DEVIATIONS = 3.72

/** SplitMix32: small, seeded, and no part of what is tested. */
function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x9e3779b9) >>> 0
    let z = state
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
    return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32
  }
}

const network = toBase64Url(sha256(utf8('privacy')))
const notice = toBase64Url(sha256(utf8('notice')))
const key = signingKeyFromSeed(sha256(utf8('a key signs, whoever she is')))
const holders = ['rome', 'berlin'] as const
const subjectOf = (person: number, holder: string): string => base32(sha256(utf8(`subject ${person} ${holder}`)).subarray(0, 16))

interface Act { readonly person: number; readonly version: number; readonly at: number }
interface World { readonly own: ReadonlyMap<number, readonly Own[]>; readonly others: readonly Seen[]; readonly exact: readonly Seen[] }

/** Plays the acts through the provider's batches by a clock of its own. */
async function play(acts: readonly Act[], random: () => number): Promise<World> {
  const randomness: Randomness = { bytes: (length) => Uint8Array.from({ length }, () => Math.floor(random() * 256)) }
  const batches: { readonly time: number; readonly items: readonly SignedConsentDecision[] }[] = []
  const receipts = new Map<string, Receipt>()
  let now = START
  const outbox: LedgerOutbox = {
    keeper: () => undefined, pending: async () => 0, run: async () => undefined, settle: async () => undefined as never, submit: async () => { throw new Error('not used') },
    receipt: async (operationId) => receipts.get(operationId),
    enqueue: async (_tx, effect: LedgerEffect) => {
      batches.push({ time: now, items: (effect.payload as unknown as { items: SignedConsentDecision[] }).items })
      receipts.set(effect.operationId, { status: 'committed', code: 'VALID', height: batches.length, events: [] } as unknown as Receipt)
    },
  }
  let parts = { store: memoryStore(), outbox, randomness, log: () => undefined }
  const terms = (at: number): ConsentTerms => ({ format: 'mhmd-consent-terms/1', from: at, until: at + 2 * YEAR, prohibitions: [], despiteOptOut: false, returnsWanted: [], permissions: [] })
  const received = new Map<string, number>()
  const arrivals = acts.flatMap(({ person, version, at }) => holders.map((holder, nth) => ({ person, holder, version, act: at, at: at + Math.round(nth * 300 * random()) }))).sort((a, b) => a.at - b.at)
  let since: number | undefined
  for (let next = 0; next < arrivals.length || await peopleWaiting(parts.store) > 0; now += TICK) {
    for (let arrival = arrivals[next]; arrival !== undefined && arrival.at <= now; arrival = arrivals[++next]) {
      const { opening: _, kind: __, ...item } = consent({ network, holder: arrival.holder, subject: subjectOf(arrival.person, arrival.holder), version: arrival.version }, { terms: terms(arrival.act), notice }, { key, randomness })
      await takeDecision(parts, { kind: 'consent', item: item as unknown as SignedConsentDecision })
      received.set(item.statement.operationId, arrival.at)
    }
    const people = await peopleWaiting(parts.store)
    since = people === 0 ? undefined : since ?? now
    if (since === undefined || !isBatchDue({ people, since }, now, { people: 500, milliseconds: INTERVAL })) continue
    since = undefined
    await sendBatches(parts)
    // What is on the ledger doesn't change what waits: a fresh store keeps many people quick.
    if (await peopleWaiting(parts.store) === 0) parts = { ...parts, store: memoryStore() }
  }
  const people = new Map(acts.flatMap(({ person }) => holders.map((holder) => [subjectOf(person, holder), person] as const)))
  const seen = batches.flatMap(({ time, items }) => items.map(({ statement }, at) => ({ holder: statement.holder, entry: { subject: statement.subject, time, submitter: 'accounts', place: at / items.length, statement }, exact: received.get(statement.operationId) as number })))
  const own = Map.groupBy(seen.filter(({ holder }) => holder === 'rome').map(({ entry, exact }) => ({ received: exact, entry })), ({ entry }) => people.get(entry.subject) as number)
  const others = seen.filter(({ holder }) => holder === 'berlin')
  return { own, others: others.map(({ entry }) => entry), exact: others.map(({ entry, exact }) => ({ ...entry, time: exact })) }
}

/** Of all people, how many the adversary links rightly. */
function linked({ own }: World, others: readonly Seen[]): number {
  const index = indexed(others)
  return [...own].filter(([person, acts]) => guess(acts, index) === subjectOf(person, 'berlin')).length
}

/** What chance alone gives: one in so many people as acted at the other holder in the same interval of the clock, whatever batches there were. */
function chance({ own, exact }: World): { readonly expected: number; readonly deviation: number } {
  const intervalOf = (time: number): number => Math.floor((time - START) / INTERVAL)
  const sizes = new Map([...Map.groupBy(exact, ({ time }) => intervalOf(time))].map(([at, entries]) => [at, entries.length]))
  const interval = new Map(exact.map(({ subject, time }) => [subject, sizes.get(intervalOf(time)) ?? 1]))
  const odds = [...own.keys()].map((person) => 1 / (interval.get(subjectOf(person, 'berlin')) ?? 1))
  return { expected: odds.reduce((sum, p) => sum + p, 0), deviation: Math.sqrt(odds.reduce((sum, p) => sum + p * (1 - p), 0)) }
}

const actsOf = (random: () => number, each: number): Act[] => {
  const span = (PEOPLE * each / COMPANY) * INTERVAL
  return Array.from({ length: PEOPLE }, (_, person) => Array.from({ length: each }, () => Math.round(START + random() * span)).sort((a, b) => a - b).map((at, nth) => ({ person, version: nth + 1, at }))).flat()
}
const share = (count: number): string => {
  const p = count / PEOPLE
  const half = 1.96 * Math.sqrt(p * (1 - p) / PEOPLE)
  return `${(100 * p).toFixed(2)} % (95 %: ${(100 * Math.max(0, p - half)).toFixed(2)} to ${(100 * (p + half)).toFixed(2)})`
}

test('with the whole ledger and one hospital\'s disk, links to another hospital are no better than chance among those who acted in the interval', async () => {
  const random = seeded(SEED)
  const world = await play(actsOf(random, 1), random)
  assert.equal(world.own.size, PEOPLE)
  const [found, { expected, deviation }] = [linked(world, world.others), chance(world)]
  console.log(`seed ${SEED}: ${PEOPLE} people, about ${COMPANY} in an interval: linked ${share(found)}; by chance ${(100 * expected / PEOPLE).toFixed(2)} %`)
  assert.ok(found <= expected + FALSE_ALARM_DEVIATIONS * deviation, `${found} linked, ${expected.toFixed(0)} by chance`)
  // The adversary is able: with the moments of arrival instead of the batches' it wins.
  const exact = linked(world, world.exact)
  console.log(`with exact times restored: ${share(exact)}`)
  assert.ok(exact >= PEOPLE / 2, `${exact} linked with exact times`)
})

test('who acts twice at both hospitals is linked: what no batch hides, and the page says', async () => {
  const random = seeded(SEED + 1)
  const people = await play(actsOf(random, 2), random)
  const found = linked(people, people.others)
  console.log(`two acts each: linked ${share(found)}`)
  assert.ok(found >= PEOPLE / 2)
})
