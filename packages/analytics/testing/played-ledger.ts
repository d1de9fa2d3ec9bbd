// A ledger played in memory for tests: real contracts, real signatures, blocks as canonical text; times are the test's.
import assert from 'node:assert/strict'
import { applicationDigest, membershipApplicationStatement, signStatement, statementKinds } from '@mhmd/contracts'
import type { Transaction } from '@mhmd/contracts'
import { MemoryEngine, consent, day, decide, enrolment, genesis, idOf, keyOf, memberRecord, network, optOut, person, suiteTime, transaction } from '@mhmd/contracts/testing'
import type { Submission } from '@mhmd/contracts/testing'
import { committedText, composeBlockText, hashBlockText } from '@mhmd/ledger'
import { sha256 } from '@mhmd/crypto'
import { toBase64Url, utf8 } from '@mhmd/base'
import type { BlockText } from '../src/apart.ts'

export { network as playedNetwork } from '@mhmd/contracts/testing'
const digestOf = (name: string): string => toBase64Url(sha256(utf8(name)))

/** Blocks in the making: what the contracts refuse fails the test, as no engine would order it. */
export class PlayedLedger {
  readonly blocks: BlockText[] = []
  readonly #engine = new MemoryEngine()
  #previous = network

  /** One block of these transactions. */
  async block(time: number, transactions: readonly Transaction[]): Promise<void> {
    const committed: string[] = []
    for (const tx of transactions) {
      const submitted = await this.#engine.submit(tx)
      const outcome = this.#engine.last
      assert.ok(submitted.ok && outcome?.ok, `accepted: ${tx.contract} ${tx.operation} ${submitted.ok ? '' : submitted.refusal.code}`)
      committed.push(committedText({ transaction: tx, code: 'VALID', ...outcome.value }))
    }
    const text = composeBlockText({ height: this.blocks.length, previous: this.#previous, time, committed })
    this.#previous = hashBlockText(text)
    this.blocks.push({ hash: this.#previous, text })
  }
}

export const START = suiteTime
const at = (days: number): number => START + days * day
const call = (name: Submission['call'], by: string, payload: unknown, days: number): Transaction => transaction({ call: name, by, payload, time: at(days) })
export const askedId = (name: string): string => idOf(`asked ${name}`)

function admission(id: string, role: 'access-body', days: number): Transaction[] {
  const member = memberRecord(id, { roles: [role], country: 'DE' })
  const statement = membershipApplicationStatement(network, member)
  return [
    call('participants@1 propose', 'rome', { member, signature: signStatement(statementKinds.membershipApplication, statement, keyOf(id)) }, days),
    ...['rome', 'berlin'].map((by) => call('participants@1 admit', by, { member: id, application: applicationDigest(statement) }, days)),
  ]
}

const people = ['ada', 'bea', 'cleo', 'dora', 'emma'].map((name) => person(name))
const expires = at(300)
const asks = (name: string, fields: object, days: number): Transaction =>
  call('requests@2 file', 'institute', { request: askedId(name), holders: ['rome', 'berlin'], purpose: 'health-research', form: 'anonymised', basis: 'consent', content: digestOf(name), until: at(250), ...fields }, days)
const underPermit = { basis: 'permit', authority: 'authority' }
const examined = (name: string, days: number): Transaction => call('requests@2 examine', 'authority', { request: askedId(name), content: digestOf(name), state: 'complete', reason: 'ALL_IS_THERE', version: 2 }, days)

/**
 * What happens: five people give consent at rome on day 0; one withdraws on day 10, one on day 20, one on day 40; one opts out on day 1, inside a batch whose
 * second item is refused. Four requests: one under consent, answered by both holders, delivered by rome on day 9 and deleted; one whose permit is refused;
 * one with a permit and nothing delivered, `waiting` in its filing; one found complete on day 5 and not decided. The last block is of day 120.
 */
export async function playedLedger(waiting: object = {}): Promise<PlayedLedger> {
  const ledger = new PlayedLedger()
  const her = (who: number): (typeof people)[number] => people[who] as (typeof people)[number]
  const withdraws = (who: number, days: number): Transaction => decide(consent(her(who), { version: 2, operation: 'withdraw', expires }), { time: at(days) })
  const good = optOut(her(0), { expires })
  const forged = optOut(her(1), { expires }, keyOf('somebody else'))
  await ledger.block(at(0), [genesis(), ...admission('authority', 'access-body', 0)])
  await ledger.block(at(0), people.map((who) => transaction({ call: 'keys@1 enrol', by: 'accounts', payload: enrolment(who), time: at(0) })))
  await ledger.block(at(0), people.map((who) => decide(consent(who, { expires }), { time: at(0) })))
  await ledger.block(at(1), [call('opt-outs@1 declare-batch', 'accounts', { items: [good, forged] }, 1), dataset('rome', ['a', 'b'], 'cardiology'), dataset('rome', ['a'], 'imaging'), dataset('berlin', ['a'], 'genomes')])
  await ledger.block(at(2), [asks('delivered', {}, 2), asks('refused', underPermit, 2), asks('waiting', { ...underPermit, ...waiting }, 2), asks('undecided', underPermit, 2)])
  await ledger.block(at(5), [answer('rome', 'accepted', 'WITHIN_TERMS', 5), answer('berlin', 'refused', 'NOT_FOR_US', 5), examined('refused', 5), examined('waiting', 5), examined('undecided', 5)])
  await ledger.block(at(6), [call('permits@1 refuse', 'authority', { request: askedId('refused'), reason: 'PURPOSE_NOT_SHOWN' }, 6), call('permits@1 issue', 'authority', { permit: idOf('permit'), request: askedId('waiting'), kind: 'data-permit', content: digestOf('permit'), from: at(6), until: at(200), reason: 'PUBLIC_INTEREST' }, 6)])
  await ledger.block(at(9), agreementAndRelease(9))
  await ledger.block(at(10), [withdraws(0, 10)])
  await ledger.block(at(20), [withdraws(1, 20)])
  await ledger.block(at(40), [withdraws(2, 40), call('releases@2 delete', 'institute', { release: idOf('table'), request: askedId('delivered'), holder: 'rome', reason: 'AGREEMENT_OVER', receipt: digestOf('receipt') }, 40)])
  await ledger.block(at(120), [dataset('berlin', ['m'], 'biobank', 120)])
  return ledger
}

const dataset = (holder: string, categories: readonly string[], name: string, days = 1): Transaction => call('datasets@1 register', holder, { dataset: idOf(name), categories, description: digestOf(name), version: 1, state: 'offered' }, days)
const answer = (by: string, state: string, reason: string, days: number): Transaction => call('requests@2 answer', by, { request: askedId('delivered'), content: digestOf('delivered'), state, reason, version: 1 }, days)

function agreementAndRelease(days: number): Transaction[] {
  const about = { agreement: idOf('agreement'), request: askedId('delivered') }
  return [
    call('agreements@1 offer', 'rome', { ...about, content: digestOf('agreement'), until: at(100), version: 1 }, days),
    call('agreements@1 accept', 'institute', { ...about, holder: 'rome', version: 2 }, days),
    call('releases@2 record', 'rome', { release: idOf('table'), request: askedId('delivered'), form: 'anonymised', height: 7, content: digestOf('manifests'), bytes: digestOf('bytes') }, days),
  ]
}

/** Consents given on one day by new people, each a transaction, for tests of volume. */
export async function manyDecisions(ledger: PlayedLedger, count: number, time: number): Promise<void> {
  const added = Array.from({ length: count }, (_, n) => person(`many ${n}`))
  await ledger.block(time, added.map((who) => transaction({ call: 'keys@1 enrol', by: 'accounts', payload: enrolment(who, { expires: time + day }), time })))
  await ledger.block(time, added.map((who) => decide(consent(who, { expires }), { time })))
}
