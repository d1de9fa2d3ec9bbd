import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MemberRole } from '@mhmd/schema'
import { areasOf } from './areas.ts'
import type { Staff } from './session.ts'

const staff = (role: MemberRole, ...roles: string[]): Staff => ({ session: { roles }, directory: { self: 'one', members: [{ id: 'one', roles: [role] }] } }) as unknown as Staff
const pagesOf = (who: Staff, area: string): readonly string[] => areasOf(who).find(({ name }) => name === area)?.pages ?? []

test('an auditor is offered what her organisation can answer: where no records are, no readings of them and nobody who owes a word on them', () => {
  assert.deepEqual(pagesOf(staff('data-holder', 'auditor'), 'auditor'), ['blocks', 'checkpoints', 'access', 'overdue', 'playground', 'figures'])
  for (const role of ['access-body', 'data-user', 'account-provider'] as const) assert.deepEqual(pagesOf(staff(role, 'auditor'), 'auditor'), ['blocks', 'checkpoints', 'playground', 'figures'])
})

test('a room is there for its roles at its kind of member alone', () => {
  assert.deepEqual(areasOf(staff('data-user', 'steward')).map(({ name }) => name), ['researcher', 'operator'])
  assert.deepEqual(areasOf(staff('access-body', 'officer')).map(({ name }) => name), ['officer', 'operator'])
  assert.deepEqual(areasOf(staff('data-holder', 'dpo')).map(({ name }) => name), ['dpo', 'auditor', 'operator'])
})
