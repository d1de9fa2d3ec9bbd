// Random procedures on both engines: whoever sends what in which order, the laws of `testing/laws.ts` hold, and both engines agree.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { encodeKey } from '@mhmd/base'
import type { Key } from '@mhmd/base'
import fc from 'fast-check'
import { Run } from '../testing/model-run.ts'
import { acceptOffer, amend, answerUse, closeUse, deletion, endAgreement, examine, fileUse, issue, offer, recordTable, refusePermit, revoke } from '../testing/suite/procedure-cases.ts'
import { applicationOf, day, digestOf, idOf, memberRecord, proposal, suiteTime, transaction } from '../testing/world.ts'
import type { Transaction } from './contract.ts'
import { stateKeys } from './state-keys.ts'

const acts = ['file', 'examine', 'amend', 'answer', 'close', 'issue', 'refuse', 'revoke', 'offer', 'accept', 'end', 'record', 'delete'] as const
const step = fc.oneof({ weight: 12, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.constantFrom(0, 2) })
const choice = fc.record({
  act: fc.oneof(...acts.map((act) => ({ weight: { close: 1, refuse: 1, revoke: 6, end: 4, amend: 4, delete: 12, file: 3, examine: 6, issue: 10, answer: 6, offer: 24, accept: 30, record: 30 }[act], arbitrary: fc.constant(act) }))),
  request: fc.nat(3), step, hours: fc.integer({ min: 0, max: 1 }), isComplete: fc.integer({ min: 0, max: 3 }).map((draw) => draw > 0),
  by: fc.oneof({ weight: 10, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.constantFrom('rome', 'berlin', 'institute', 'authority') }), release: fc.nat(2),
})
type Choice = typeof choice extends fc.Arbitrary<infer C> ? C : never

/** So that sequences get somewhere: everything is filed, and half of it decided. */
const begun: readonly Choice[] = [0, 1, 2, 3].flatMap((request) => (['file', request < 2 ? 'answer' : 'examine'] as const).map((act) => ({ act, request, step: 1, hours: 0, isComplete: request % 2 === 0, by: null, release: 0 })))

/** Requests 0 and 1 rest on consent, 2 and 3 on a permit; 1 and 3 ask for pseudonyms. */
function made(run: Run, { act, request: index, step, by, isComplete, release }: Choice): Transaction {
  const request = idOf(`use request ${index}`)
  const present = <T>(key: Key): T | undefined => run.memory.state.get(encodeKey(key)) as T | undefined
  const versionAt = (key: Key): number => Math.max(1, (present<{ version: number }>(key)?.version ?? 0) + step)
  const content = present<{ content: string }>(stateKeys.useRequest(request))?.content ?? digestOf('use request')
  const more = { operationId: run.model.nextId(), time: run.model.time, ...(by === null ? {} : { by }) }
  const agreement = present<{ agreement: string }>(stateKeys.agreement(request, 'rome'))?.agreement ?? idOf('an agreement')
  const inMore = <F extends object>(fields: F): F & { request: string } => ({ ...fields, request })
  const form = index % 2 === 0 ? 'anonymised' : 'pseudonymised'
  const until = run.model.time + 2 * day
  switch (act) {
    case 'file': return fileUse(inMore({ form, until: suiteTime + 30 * day, ...(index < 2 ? {} : { basis: 'permit', authority: 'authority' }) }), more)
    case 'examine': return examine(inMore({ content, state: isComplete ? 'complete' : 'incomplete', version: versionAt(stateKeys.useRequest(request)) }), more)
    case 'amend': return amend(inMore({ content: digestOf(`amended ${run.model.time}`), version: versionAt(stateKeys.useRequest(request)) }), more)
    case 'answer': return answerUse(inMore({ content, state: isComplete ? 'accepted' : 'incomplete', version: versionAt(stateKeys.useAnswer(request, by ?? 'rome')) }), more)
    case 'close': return closeUse({ ...more, payload: { request, reason: 'NOT_NEEDED' } })
    case 'issue': return issue(inMore({ permit: idOf(`permit ${index}`), from: run.model.time, until }), more)
    case 'refuse': return refusePermit({ ...more, payload: { request, reason: 'PURPOSE_NOT_SHOWN' } })
    case 'revoke': return revoke({ ...more, payload: { request, reason: 'TERMS_BROKEN' } })
    case 'offer': return offer(inMore({ agreement: idOf(`agreement at ${run.model.time}`), until: run.model.time + day, version: versionAt(stateKeys.agreement(request, by ?? 'rome')) }), more)
    case 'accept': return acceptOffer(inMore({ agreement, version: versionAt(stateKeys.agreement(request, 'rome')) }), more)
    case 'end': return endAgreement(inMore({ agreement, version: versionAt(stateKeys.agreement(request, 'rome')) }), more)
    case 'record': return recordTable(inMore({ release: idOf(`table ${release}`), form }), more)
    case 'delete': return deletion(inMore({ release: idOf(`table ${release}`) }), more)
  }
}

it('random procedures keep the laws and run alike on both engines', async () => {
  const accepted = new Map<string, number>()
  await fc.assert(fc.asyncProperty(fc.array(choice, { minLength: 60, maxLength: 120, size: 'max' }), async (choices) => {
    const run = await new Run().start()
    const authority = memberRecord('authority', { roles: ['access-body'] })
    await run.submit(proposal(authority))
    for (const by of ['rome', 'berlin']) await run.submit(transaction({ call: 'participants@1 admit', by, payload: { member: 'authority', application: applicationOf(authority) } }))
    for (const each of [...begun, ...choices]) {
      run.model.time += each.hours * 3_600_000
      const tx = made(run, each)
      const submitted = await run.submit(tx)
      if (submitted.ok) accepted.set(each.act, (accepted.get(each.act) ?? 0) + 1)
    }
    await run.finish()
  }), { numRuns: 30 })
  // The laws would hold of sequences in which nothing ever happens.
  for (const act of acts) assert.ok((accepted.get(act) ?? 0) >= 1, `${act} was never accepted`)
})
