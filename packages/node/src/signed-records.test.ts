// What a holder checks of a decision that she sends it herself, before the ledger has seen it.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { DECISION_CONTENT } from '@mhmd/accounts'
import { consentDecisionStatement, keyedSignature, optOutStatement, statementKinds } from '@mhmd/contracts'
import { commit, newSalt, newSigningKey } from '@mhmd/crypto'
import type { SigningKey } from '@mhmd/crypto'
import type { ConsentTerms } from '@mhmd/schema'
import { checkDecision } from './signed-records.ts'
import type { DecisionAtHolder } from './signed-records.ts'

const [hers, stranger] = [newSigningKey().key, newSigningKey().key]
const here = { network: 'network', holder: 'rome', subject: 's1', subjectKey: hers.publicKey }
const salt = newSalt({ bytes: (length) => randomBytes(length) })
const terms: ConsentTerms = { format: 'mhmd-consent-terms/1', from: 1, until: 2, permissions: [], prohibitions: [], despiteOptOut: false, returnsWanted: [] }

interface Changes {
  readonly holder?: string
  readonly subject?: string
  readonly operation?: 'set' | 'withdraw'
  readonly terms?: ConsentTerms | null
  readonly key?: SigningKey
}

function sent({ key = hers, operation = 'set', terms: given = terms, ...changed }: Changes = {}): DecisionAtHolder {
  const content = { terms: given, notice: 'n'.repeat(43) }
  const statement = consentDecisionStatement({ network: 'network', holder: 'rome', subject: 's1', version: 1, expires: 9, operationId: 'operation-1', operation, content: commit(DECISION_CONTENT, content, salt), ...changed })
  return { kind: 'consent', statement, ...keyedSignature(statementKinds.consentDecision, statement, key), opening: { content, salt } }
}

const refused = (decision: DecisionAtHolder, why: RegExp): void => assert.throws(() => checkDecision(decision, here), { code: 'NODE_RECORD_MISMATCH', message: why })

test('what she signed for this holder, with its opening, is taken', () => {
  checkDecision(sent(), here)
  checkDecision(sent({ operation: 'withdraw', terms: null }), here)
})

test('a decision under another signature, or changed after it was signed, is refused', () => {
  const good = sent()
  refused({ ...good, signature: sent({ key: stranger }).signature }, /signature does not hold/)
  for (const change of [{ version: 2 }, { expires: 10 }, { operation: 'withdraw' as const }, { operationId: 'operation-2' }]) refused({ ...good, statement: { ...good.statement, ...change } }, /signature does not hold/)
})

test('a decision by another key, or for another holder, subject, network or contract, is refused', () => {
  refused(sent({ key: stranger }), /key enrolled here/)
  assert.throws(() => checkDecision(sent(), { ...here, subjectKey: undefined }), { code: 'NODE_RECORD_MISMATCH' })
  refused(sent({ subject: 's2' }), /key enrolled here/)
  refused(sent({ holder: 'berlin' }), /another network, holder or contract/)
  assert.throws(() => checkDecision(sent(), { ...here, network: 'another' }), { code: 'NODE_RECORD_MISMATCH' })
  // A consent's own bytes, passed off as an opt-out's.
  const good = sent({ operation: 'withdraw', terms: null })
  refused({ ...good, kind: 'opt-out' }, /another network, holder or contract/)
  refused({ ...good, kind: 'opt-out', statement: optOutStatement({ ...good.statement }) }, /signature does not hold/)
})

test('an opening that is not what she committed to, and terms where none or some belong, are refused', () => {
  const good = sent()
  refused({ ...good, opening: { ...good.opening, content: { ...good.opening.content, terms: { ...terms, despiteOptOut: true } } } }, /opening does not fit/)
  refused({ ...good, opening: { ...good.opening, salt: newSalt({ bytes: (length) => randomBytes(length) }) } }, /opening does not fit/)
  refused(sent({ terms: null }), /needs terms/)
  refused(sent({ operation: 'withdraw' }), /only a consent has terms/)
})
