// What opens and closes a holder's doors: the age of the ledger's last confirmation, the record behind the ledger's version, and what she sent directly.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { DECISION_CONTENT } from '@mhmd/accounts'
import { decide, requireDecision, resolveCohort } from '@mhmd/consent'
import type { Decision } from '@mhmd/consent'
import { consentDecisionStatement } from '@mhmd/contracts'
import { commit, newSalt } from '@mhmd/crypto'
import type { Block } from '@mhmd/ledger'
import type { ConsentTerms, DecisionState, UseRequest } from '@mhmd/schema'
import { memoryStore } from '@mhmd/store/testing'
import { createSignedRecords } from './signed-records.ts'
import type { SignedRecord } from './signed-records.ts'
import { createStanding } from './standing.ts'
import type { Standing } from './standing.ts'

const day = 86_400_000
const now = Date.UTC(2030, 0, 1)
const randomness = { bytes: (length: number): Uint8Array => randomBytes(length) }
const [subject, other] = ['s1', 's2'] as const

const request: UseRequest = {
  format: 'mhmd-use-request/1', id: '00000000000000000000000001', requester: { member: 'institute', class: 'research-organisation', country: 'IT' }, title: 'Asthma', summary: '', purpose: 'health-research', uses: [],
  categories: ['a'], fhirTypes: ['Condition'], form: 'computation', basis: 'consent', from: now - day, until: now + 30 * day, safeguards: [], returns: [],
}
const terms = (permits: boolean): ConsentTerms => ({
  format: 'mhmd-consent-terms/1', from: now - day, until: now + 60 * day, prohibitions: [], despiteOptOut: false, returnsWanted: [],
  permissions: permits ? [{ recipients: { members: [], classes: ['research-organisation'], countries: ['EU'] }, purposes: ['health-research'], uses: [], categories: ['a'], form: 'computation' }] : [],
})

/** What she signed, and what the ledger shows of it. */
function declared(version: number, { operation = 'set', permits = true, who = subject }: { operation?: 'set' | 'withdraw'; permits?: boolean; who?: string } = {}): { record: SignedRecord; state: DecisionState } {
  const content = { terms: operation === 'set' ? terms(permits) : null, notice: 'n'.repeat(43) }
  const salt = newSalt(randomness)
  const commitment = commit(DECISION_CONTENT, content, salt)
  const statement = consentDecisionStatement({ network: 'network', holder: 'rome', subject: who, version, operation, content: commitment, expires: now + 60 * day, operationId: `operation-${version}-${who}` })
  return {
    record: { kind: 'consent', statement, by: 'subject', opening: { content, salt }, received: now },
    state: { version, state: operation === 'set' ? 'active' : 'withdrawn', by: 'subject', content: commitment, expires: now + 60 * day, time: now },
  }
}

interface Holder {
  readonly standing: Standing
  /** What the ledger shows now. */
  readonly shown: Map<string, DecisionState>
  readonly clock: { at: number; confirmed: number | undefined; isBehind: boolean; isForked: boolean }
  keep(record: SignedRecord): Promise<void>
  /** The ledger shows a state from a new block on. */
  show(state: DecisionState): void
  decided(): Promise<Decision>
}

/** A holder over a ledger that shows what a test puts there; records are real, in a store in memory. */
function holder(): Holder {
  const clock: Holder['clock'] = { at: now, confirmed: now, isBehind: false, isForked: false }
  const shown = new Map<string, DecisionState>()
  const listeners: ((block: Block) => void | Promise<void>)[] = []
  const store = memoryStore()
  const records = createSignedRecords({ sealFor: async (_tx, _subject, bytes) => bytes, openFor: async (_tx, _subject, sealed) => sealed })
  const standing = createStanding({
    holder: 'rome', store, records, merges: { personOf: () => undefined, membersOf: (one) => [one] }, clock: { now: () => clock.at }, isBehind: () => clock.isBehind, blindAfterMilliseconds: 10_000,
    follower: {
      height: () => 7,
      confirmedAt: () => clock.confirmed,
      isForked: () => clock.isForked,
      history: async () => [],
      onBlock: (listener) => {
        listeners.push(listener)
        return () => undefined
      },
      rangeAt: async function* ([kind]) {
        if (kind === 'consent') for (const [name, value] of shown) yield { key: ['consent', 'rome', name], value: { ...value }, height: 7, index: 0 }
      },
    },
  })
  return {
    standing, shown, clock,
    keep: (record) => store.write((tx) => records.put(tx, record)),
    show: (state) => {
      shown.set(subject, state)
      const writes = [{ key: ['consent', 'rome', subject], value: state }]
      for (const listener of listeners) void listener({ committed: [{ writes }] } as unknown as Block)
    },
    decided: async () => resolveCohort(request, standing.at(7, names()), { time: clock.at, height: 7, deadline: clock.at + day, stillStands: standing.watch() }),
  }
}

async function* names(): AsyncGenerator<string> {
  yield* [subject, other]
}

const answerOf = async ({ standing, clock }: Holder): Promise<string> => decide(request, await standing.of(subject), clock.at).answer
const opens = (decision: Decision, { clock }: Holder, who: string = subject): boolean => requireDecision(decision, { now: clock.at, subject: who }) === decision

async function permitted(): Promise<Holder> {
  const rome = holder()
  const first = declared(1)
  await rome.keep(first.record)
  rome.show(first.state)
  return rome
}

test('ten seconds after the ledger\'s head was last confirmed, doors and decisions close; a confirmation opens them again', async () => {
  const rome = await permitted()
  const decision = await rome.decided()
  rome.clock.at = now + 10_000
  assert.ok(rome.standing.closedBy() === undefined && opens(decision, rome))
  rome.clock.at = now + 10_001
  assert.throws(() => rome.standing.requireSight(), { code: 'NODE_BLIND' })
  assert.throws(() => opens(decision, rome), { code: 'CONSENT_DECISION_SUPERSEDED' })
  rome.clock.confirmed = rome.clock.at
  assert.ok(rome.standing.closedBy() === undefined && opens(decision, rome))
  rome.standing.requireSight()
  rome.clock.confirmed = undefined
  assert.equal(rome.standing.closedBy()?.code, 'NODE_BLIND', 'never confirmed')
})

test('where other members hold more of the ledger, or it showed two histories, doors and decisions close, each with its code', async () => {
  for (const [sign, code] of [['isBehind', 'NODE_BEHIND'], ['isForked', 'NODE_FORKED']] as const) {
    const rome = await permitted()
    const decision = await rome.decided()
    assert.ok(opens(decision, rome))
    rome.clock[sign] = true
    assert.throws(() => rome.standing.requireSight(), { code })
    assert.throws(() => opens(decision, rome), { code: 'CONSENT_DECISION_SUPERSEDED' })
  }
})

test('where the record behind the ledger\'s newer version is missing, an older permission opens nothing', async () => {
  const rome = await permitted()
  assert.equal(await answerOf(rome), 'permit')
  const newer = declared(2, { permits: false })
  rome.show(newer.state)
  assert.equal(await answerOf(rome), 'undetermined')
  await rome.keep(newer.record)
  assert.equal(await answerOf(rome), 'deny')
})

test('a record whose commitment is another than the ledger\'s is none', async () => {
  const rome = await permitted()
  rome.shown.set(subject, declared(1).state)
  assert.equal(await answerOf(rome), 'undetermined')
})

test('a withdrawal counts from its receipt, before the ledger has it; other newer terms count as doubt until then', async () => {
  const rome = await permitted()
  await rome.keep(declared(2).record)
  assert.equal(await answerOf(rome), 'undetermined')
  await rome.keep(declared(2, { operation: 'withdraw' }).record)
  assert.equal(await answerOf(rome), 'deny')
})

test('what she sends directly, and what the ledger shows, closes every decision made before, for her alone', async () => {
  for (const act of ['directly', 'by the ledger'] as const) {
    const rome = await permitted()
    const others = declared(1, { who: other })
    await rome.keep(others.record)
    rome.shown.set(other, others.state)
    const before = await rome.decided()
    assert.ok(opens(before, rome) && opens(before, rome, other))
    if (act === 'directly') rome.standing.close(subject)
    else rome.show(declared(2, { operation: 'withdraw' }).state)
    assert.throws(() => opens(before, rome), { code: 'CONSENT_DECISION_SUPERSEDED' }, act)
    assert.ok(opens(before, rome, other))
    if (act === 'directly') assert.ok(opens(await rome.decided(), rome), 'a decision made after it rests on what is known then')
  }
})

test('nothing declared, nothing opened', async () => {
  const rome = holder()
  assert.deepEqual(await rome.standing.of(subject), [])
  assert.equal(await answerOf(rome), 'deny')
})
