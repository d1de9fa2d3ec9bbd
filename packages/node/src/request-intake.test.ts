import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, test } from 'node:test'
import { newSalt } from '@mhmd/crypto'
import type { Salt } from '@mhmd/crypto'
import { useRequestDocument } from '@mhmd/schema'
import type { UseRequest, UseRequestState } from '@mhmd/schema'
import { openSqliteStore } from '@mhmd/store-sqlite'
import { receiveRequests, requestOnLedger, requestReceived } from './request-intake.ts'
import { requestCommitment } from './requests.ts'

const store = await openSqliteStore(join(mkdtempSync(join(tmpdir(), 'mhmd-intake-')), 'node.db'))
after(() => store.close())
const salted = (): Salt => newSalt({ bytes: (length) => randomBytes(length) })

const id = '0123456789abcdefghjkmnpqrs'
const filed = useRequestDocument.parse({
  format: 'mhmd-use-request/1', id, requester: { member: 'institute', class: 'research-organisation', country: 'IT' }, title: 'As filed', summary: '', purpose: 'health-research', uses: [],
  categories: ['a'], fhirTypes: [], form: 'computation', basis: 'permit', from: 1, until: 9_000_000_000_000, safeguards: [], returns: [],
})
const firstSalt = salted()
const stateOf = (document: UseRequest, salt: Salt, version: number): UseRequestState => ({
  requester: 'institute', holders: ['rome'], purpose: filed.purpose, form: filed.form, basis: filed.basis, authority: 'access', until: filed.until, content: requestCommitment(document, salt), state: 'filed', by: 'institute', reason: 'REQUEST_FILED', version, time: 2,
})
const ledger: { state: UseRequestState } = { state: stateOf(filed, firstSalt, 1) }
const follower = { latest: async () => ledger.state }
const handlers = receiveRequests({ trust: { member: () => ({ country: 'IT' }) as never }, follower, clock: { now: () => 9 } })

const hear = (kind: string, body: object, from = 'institute'): Promise<unknown> => store.write((tx) => handlers[kind]?.({ from, body } as never, tx) as Promise<unknown>)
const amended = (document: UseRequest, salt: Salt, version: number): Promise<unknown> => hear('use-request-amended/1', { document, salt, version })
const held = async (): Promise<string> => (await requestReceived(store, id)).document.title

beforeEach(async () => {
  ledger.state = stateOf(filed, firstSalt, 1)
  await store.write((tx) => tx.delete('requests-in', [id]))
  await hear('use-request/1', { document: filed, salt: firstSalt })
})

test('an amended text takes the place of the first one once the ledger shows its commitment, and not before', async () => {
  const [next, salt] = [{ ...filed, title: 'As amended' }, salted()]
  await assert.rejects(amended(next, salt, 3), { code: 'NODE_NOT_YET' })
  assert.equal(await held(), 'As filed')
  ledger.state = stateOf(next, salt, 3)
  await amended(next, salt, 3)
  assert.equal(await held(), 'As amended')
  assert.equal((await requestOnLedger(follower, await requestReceived(store, id))).version, 3)
  await hear('use-request/1', { document: filed, salt: firstSalt })
  assert.equal(await held(), 'As amended', 'the first text, late')
})

test('a text that the ledger does not hold takes the place of nothing, nor does another member\'s', async () => {
  const [next, salt] = [{ ...filed, title: 'As amended' }, salted()]
  ledger.state = stateOf(next, salt, 3)
  await amended({ ...next, title: 'Another title' }, salt, 3)
  await amended(next, salted(), 3)
  assert.equal(await held(), 'As filed')
  await assert.rejects(hear('use-request-amended/1', { document: next, salt, version: 3 }, 'pharma'), { code: 'NODE_BAD_INPUT' })
  assert.equal(await held(), 'As filed')
})

test('a text whose purpose, form or end is not the one on the ledger is nobody\'s request', async () => {
  for (const change of [{ purpose: 'education' }, { form: 'pseudonymised' }, { until: filed.until - 1 }] as const) {
    const document = useRequestDocument.parse({ ...filed, ...change })
    ledger.state = stateOf(document, firstSalt, 1)
    await assert.rejects(requestOnLedger(follower, { document, salt: firstSalt, received: 1 }), { code: 'NODE_STATE' }, JSON.stringify(change))
  }
})
