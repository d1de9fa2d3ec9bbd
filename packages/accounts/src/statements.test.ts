import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { newMessageKey, newSigningKey } from '@mhmd/crypto'
import { RELAYED_CHARACTERS, checkStatement, openRelayed, recallStatementDocument, sealForHolder, signRecallStatement, signWithdrawalStatement, statementSigner, withdrawalStatementDocument } from './index.ts'

const network = Buffer.alloc(32, 7).toString('base64url')
const id = '0'.repeat(26)
const [signing, other, statementKey] = [newSigningKey().key, newSigningKey().key, newSigningKey().key]
const signer = statementSigner({ network, member: 'rome' }, statementKey, signing)
const document = signWithdrawalStatement({ subject: id, kind: 'consent', version: 2, operationId: id, outcome: 'stopped', removed: [], releases: [{ release: id, recipient: 'institute' }], height: 9, at: 1 }, signer)

test('a statement holds for the member whose signing key certified the statement key, and for nobody else', () => {
  withdrawalStatementDocument.parse(JSON.parse(JSON.stringify(document)))
  checkStatement(document, { network, member: 'rome', signingKey: signing.publicKey })
  for (const by of [{ network, member: 'rome', signingKey: other.publicKey }, { network, member: 'berlin', signingKey: signing.publicKey }, { network: network.replace('B', 'C'), member: 'rome', signingKey: signing.publicKey }]) {
    assert.throws(() => checkStatement(document, by), { code: 'ACCOUNTS_BAD_STATEMENT' })
  }
})

test('an altered statement, one under an uncertified key, or one passed off as another kind does not hold', () => {
  const by = { network, member: 'rome', signingKey: signing.publicKey }
  const forged = signWithdrawalStatement({ ...document.statement }, { ...signer, key: other })
  const recall = signRecallStatement({ holder: 'rome', release: id, outcome: 'purged', removed: [], height: 0, at: 1 }, signer)
  recallStatementDocument.parse(JSON.parse(JSON.stringify(recall)))
  checkStatement(recall, by)
  for (const wrong of [{ ...document, statement: { ...document.statement, outcome: 'purged' as const } }, forged, { ...recall, kind: 'withdrawal-statement' as const }]) {
    assert.throws(() => checkStatement(wrong as typeof document, by), { code: 'ACCOUNTS_BAD_STATEMENT' })
  }
  assert.throws(() => withdrawalStatementDocument.parse({ ...document, more: 1 }), { code: 'SCHEMA_NOT_VALID' })
})

test('a sealed decision has one size whatever is in it, opens at its holder alone, and is refused where it is too large', async () => {
  const holder = newMessageKey()
  const at = { network, holder: 'rome', messageKey: holder.publicKey }
  const opening = { ...at, ...holder }
  const [short, long] = [await sealForHolder({ a: 1 }, at), await sealForHolder({ a: 'x'.repeat(16_000) }, at)]
  assert.deepEqual([short.length, long.length], [RELAYED_CHARACTERS, RELAYED_CHARACTERS])
  assert.deepEqual(await openRelayed(short, opening), { a: 1 })
  await assert.rejects(openRelayed(short, { ...opening, holder: 'berlin' }), { code: 'CRYPTO_CANNOT_OPEN' })
  await assert.rejects(openRelayed(short, { ...opening, ...newMessageKey() }), { code: 'CRYPTO_CANNOT_OPEN' })
  await assert.rejects(openRelayed(randomBytes(16_432).toString('base64url'), opening), { code: 'CRYPTO_CANNOT_OPEN' })
  await assert.rejects(sealForHolder({ a: 'x'.repeat(17_000) }, at), { code: 'ACCOUNTS_TOO_LARGE_TO_RELAY' })
})
