// A choice made concrete, submitted, and held against what the model expects of it.
import assert from 'node:assert/strict'
import { encodeKey } from '@mhmd/base'
import type { RequestAnswerState, SignedConsentDecision, SignedOptOut } from '@mhmd/schema'
import type { Transaction } from '../src/contract.ts'
import { stateKeys } from '../src/state-keys.ts'
import { nameOf } from './model.ts'
import type { Kind } from './model.ts'
import type { Run } from './model-run.ts'
import type { Choice, DecisionChoice } from './sequences.ts'
import { answer, closeRequest, file, record } from './suite/sharing-cases.ts'
import { atDesk, closing, decide, declare, enrolment, idOf, keyOf, replacement, transaction } from './world.ts'

/** Makes a choice concrete, submits it, and compares with what the model expects. */
export async function perform(run: Run, choice: Choice): Promise<void> {
  const { model } = run
  model.time += 3_600_000
  if (choice.act === 'decide') return performDecision(run, choice.kind, choice.item)
  if (choice.act === 'batch') return performBatch(run, choice.kind, choice.items)
  if (choice.act === 'desk') return performDesk(run, choice)
  if (choice.act === 'enrol' || choice.act === 'replace' || choice.act === 'close') return performKeys(run, choice)
  if (choice.act === 'replay') {
    const tx = run.sent[choice.index]
    if (tx && run.effective.has(tx.operationId)) assert.ok(!(await run.submit(tx)).ok)
    return
  }
  const tx = sharingAct(run, choice)
  const submitted = await run.submit(tx)
  if (choice.act === 'vote' && submitted.ok) observeStanding(run, choice.member)
}

async function performDecision(run: Run, kind: Kind, choice: DecisionChoice): Promise<void> {
  const { model } = run
  const signed = model.decision(kind, choice)
  const expected = model.acceptsHers(kind, choice, signed)
  const tx = kind === 'consent' ? decide(signed as SignedConsentDecision, { time: model.time }) : declare(signed as SignedOptOut, { time: model.time })
  const submitted = await run.submit(tx)
  assert.equal(submitted.ok, expected, `${kind} of ${nameOf(choice.who)}: ${JSON.stringify(submitted)}`)
  if (expected) model.took(kind, choice.who, signed, 'subject')
}

async function performBatch(run: Run, kind: Kind, choices: readonly DecisionChoice[]): Promise<void> {
  const { model } = run
  const signed = choices.map((choice) => ({ choice, item: model.decision(kind, choice) }))
  const seen = new Set<string>()
  const expected = signed.map(({ choice, item }) => {
    const repeats = seen.has(nameOf(choice.who)) || seen.has(item.statement.operationId)
    for (const each of [nameOf(choice.who), item.statement.operationId]) seen.add(each)
    return !repeats && model.acceptsHers(kind, choice, item)
  })
  const alone = await Promise.all(signed.map(({ item }) => codeAlone(run, kind, item)))
  const call = kind === 'consent' ? 'consents@1 decide-batch' : 'opt-outs@1 declare-batch'
  const submitted = await run.submit(transaction({ call, payload: { items: signed.map(({ item }) => item) }, operationId: model.nextId(), time: model.time }))
  assert.ok(submitted.ok, 'a batch never fails for an item')
  const codes = submitted.events.map((event) => (event.payload as { code: string }).code)
  assert.deepEqual(codes.map((code) => code === 'VALID'), expected)
  for (const [index, code] of codes.entries()) {
    const isRepetition = code === 'CONTRACT_BATCH_SAME_KEY' || code === 'CONTRACT_OPERATION_DONE'
    if (!isRepetition) assert.equal(code, alone[index], 'in a batch an item fares as it would alone')
  }
  for (const [index, { choice, item }] of signed.entries()) if (expected[index]) model.took(kind, choice.who, item, 'subject')
}

async function codeAlone(run: Run, kind: Kind, item: SignedConsentDecision | SignedOptOut): Promise<string> {
  const tx = kind === 'consent' ? decide(item as SignedConsentDecision, { time: run.model.time }) : declare(item as SignedOptOut, { time: run.model.time })
  const submitted = await run.memory.fork().submit(tx)
  return submitted.ok ? 'VALID' : submitted.refusal.code
}

async function performDesk(run: Run, choice: Extract<Choice, { act: 'desk' }>): Promise<void> {
  const { model } = run
  const { kind, item, staff, submitter } = choice
  const declaration = model.declaration(kind, item, staff)
  const isInOrder = staff === 'two' && submitter === 'holder' && !model.suspended.has(item.who.holder)
  const expected = isInOrder && model.acceptsDesk(kind, item, declaration)
  const submitted = await run.submit(atDesk(declaration, { time: model.time, ...(submitter === 'another' ? { by: 'institute' } : {}) }))
  assert.equal(submitted.ok, expected, `desk ${kind} for ${nameOf(item.who)}: ${JSON.stringify(submitted)}`)
  if (expected) model.took(kind, item.who, declaration, 'desk')
}

async function performKeys(run: Run, choice: Extract<Choice, { act: 'enrol' | 'replace' | 'close' }>): Promise<void> {
  const { model } = run
  const { who } = choice
  const subject = model.subject(who)
  const key = keyOf(`key ${subject?.keys.length ?? 0} of ${nameOf(who)}`)
  const expires = model.time + 1
  const more = { operationId: model.nextId(), time: model.time }
  if (choice.act === 'enrol') {
    const submitted = await run.submit(transaction({ call: 'keys@1 enrol', payload: enrolment(who, { key: key.publicKey, expires }, { subject: choice.isForged ? keyOf('mallory') : key }), ...more }))
    assert.equal(submitted.ok, !choice.isForged && !subject && !model.suspended.has(who.holder))
    if (submitted.ok) model.subjects.set(nameOf(who), { keys: [key], version: 1, isClosed: false })
    return
  }
  const version = Math.max(1, (subject?.version ?? 0) + choice.step)
  const isNext = subject !== undefined && !subject.isClosed && version === subject.version + 1
  if (choice.act === 'close') {
    const submitted = await run.submit(transaction({ call: 'keys@1 close', payload: closing(who, { version, expires }), ...more }))
    assert.equal(submitted.ok, isNext && !model.suspended.has(who.holder))
    if (submitted.ok && subject) Object.assign(subject, { isClosed: true, version })
    return
  }
  const present = choice.by === 'old-key' && !choice.isForged ? model.presentKey(who) : choice.isForged ? keyOf('mallory') : undefined
  const submitted = await run.submit(transaction({ call: 'keys@1 replace', payload: replacement(who, key, { by: choice.by, ...(present ? { with: present } : {}), changes: { version, expires } }), ...more }))
  assert.equal(submitted.ok, isNext && !choice.isForged, JSON.stringify(submitted))
  if (submitted.ok && subject) Object.assign(subject, { version, keys: [...subject.keys, key] })
}

function sharingAct(run: Run, choice: Extract<Choice, { act: 'file' | 'close-request' | 'answer' | 'release' | 'vote' }>): Transaction {
  const more = { operationId: run.model.nextId(), time: run.model.time }
  if (choice.act === 'vote') {
    const version = (run.memory.state.get(encodeKey(stateKeys.member(choice.member))) as { version: number }).version
    return transaction({ call: `participants@1 ${choice.operation}`, by: choice.by, payload: { member: choice.member, version }, ...more })
  }
  const request = idOf(`request ${choice.request}`)
  if (choice.act === 'file') return file({ request, holders: choice.request === 0 ? ['rome'] : ['rome', 'berlin'], until: run.model.time + 20 * 3_600_000 }, more)
  if (choice.act === 'close-request') return closeRequest({ payload: { request }, ...more })
  if (choice.act === 'release') return record({ request, release: idOf(`release ${choice.release}`) }, { by: choice.holder, ...more })
  const before = run.memory.state.get(encodeKey(stateKeys.requestAnswer(request, choice.holder))) as RequestAnswerState | undefined
  return answer({ request, holder: choice.holder, state: choice.state, version: Math.max(1, (before?.version ?? 0) + choice.step) }, { by: choice.holder, ...more })
}

function observeStanding(run: Run, member: string): void {
  const record = run.memory.state.get(encodeKey(stateKeys.member(member))) as { state: string }
  if (record.state === 'suspended') run.model.suspended.add(member)
  else run.model.suspended.delete(member)
}
