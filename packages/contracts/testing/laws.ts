// The laws that hold of every write, whatever was submitted: none of them is computed as the contracts compute it.
import assert from 'node:assert/strict'
import { encodeKey } from '@mhmd/base'
import type { Canonical, Key } from '@mhmd/base'
import type { AgreementState, DecisionState, PermitState, RequestAnswerState, RequestState, UseAnswerState, UseRequestState } from '@mhmd/schema'
import { Compile } from 'typebox/compile'
import type { Transaction, Write } from '../src/contract.ts'
import { stateKeys } from '../src/state-keys.ts'
import { stateSchemas } from '../src/state-schemas.ts'

type State = ReadonlyMap<string, Canonical>
const validators = Object.fromEntries(Object.entries(stateSchemas).map(([name, schema]) => [name, Compile(schema)]))

/** Insists on every law that is about this write, given the state before. */
export function holdLaws({ key, value }: Write, before: State, tx: Transaction): void {
  const old = before.get(encodeKey(key))
  assert.ok(validators[key[0]]?.Check(value), `the value of ${key.join(' / ')} is of its schema`)
  versionsGrowByOne(key, old, value)
  if (key[0] === 'consent' || key[0] === 'opt-out') decisionLaws(key[0], old as DecisionState | undefined, { now: value as unknown as DecisionState, tx })
  if (key[0] === 'release') releaseLaw(before, key)
  if (key[0] === 'use-release') useReleaseLaw(before, key, { form: (value as { form: string }).form, bytes: (value as { bytes?: string }).bytes, time: tx.time })
  if (key[0] === 'use-request-answer') assert.equal((before.get(encodeKey(stateKeys.useRequest(key[1] ?? ''))) as UseRequestState | undefined)?.authority, undefined, 'no holder answers where an access body decides')
}

function versionsGrowByOne(key: readonly string[], old: Canonical | undefined, now: Canonical): void {
  const versionOf = (value: Canonical | undefined): number => (value as { version?: number } | undefined)?.version ?? 0
  const isVote = key[0] === 'suspension' || key[0] === 'reinstatement'
  if (versionOf(now) !== 0 && !isVote) assert.equal(versionOf(now), versionOf(old) + 1, `the version of ${key.join(' / ')} grows by one`)
}

/** What is hers stays hers; what was withdrawn comes back only by her signature. */
function decisionLaws(kind: 'consent' | 'opt-out', old: DecisionState | undefined, { now, tx }: { now: DecisionState; tx: Transaction }): void {
  assert.equal(now.by, tx.operation === 'desk' ? 'desk' : 'subject', 'a desk declaration is never hers')
  if (old?.by !== 'subject' || now.by === 'subject') return
  assert.equal(kind, 'opt-out', 'a desk never changes a consent decision of hers')
  assert.equal(now.state, 'active', 'a desk never takes back what she decided about opting out')
  assert.ok(old.state === 'withdrawn' || old.expires < tx.time, 'a desk never touches an opt-out of hers that stands')
}

function releaseLaw(before: State, key: readonly string[]): void {
  const [, request = '', holder = ''] = key
  assert.equal((before.get(encodeKey(stateKeys.requestAnswer(request, holder))) as RequestAnswerState | undefined)?.state, 'accepted', 'no release without an accepted request')
  assert.equal((before.get(encodeKey(stateKeys.request(request))) as RequestState | undefined)?.state, 'filed')
}

/** Consent: the holder's acceptance. Permit: one in force. Bytes: an agreement beside, and under a permit none with pseudonyms. */
function useReleaseLaw(before: State, key: readonly string[], { form, bytes, time }: { form: string; bytes: string | undefined; time: number }): void {
  const [, request = '', holder = ''] = key
  const at = <T>(where: Key): T | undefined => before.get(encodeKey(where)) as T | undefined
  const asked = at<UseRequestState>(stateKeys.useRequest(request))
  assert.ok(asked !== undefined && asked.state !== 'closed' && asked.until >= time)
  const permit = at<PermitState>(stateKeys.permit(request))
  if (asked.authority === undefined) assert.equal(at<UseAnswerState>(stateKeys.useAnswer(request, holder))?.state, 'accepted')
  else assert.ok(permit?.state === 'issued' && (permit.permit?.from ?? Infinity) <= time && time < (permit.permit?.until ?? 0), 'a permit in force')
  if (bytes === undefined) return
  assert.ok(asked.authority === undefined || form !== 'pseudonymised', 'no pseudonyms leave under a permit')
  const agreement = at<AgreementState>(stateKeys.agreement(request, holder))
  assert.ok(agreement?.state === 'accepted' && agreement.until > time, 'bytes leave under an agreement')
}
