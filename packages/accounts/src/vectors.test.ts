// The vectors of vectors/accounts were computed by other code (produce.py there: hashlib, hmac, PyCA cryptography).
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fromBase64Url, toBase64Url } from '@mhmd/base'
import type { Randomness } from '@mhmd/base'
import { statementKinds } from '@mhmd/contracts'
import { opens, statementBytes, verifySignature } from '@mhmd/crypto'
import { consentTermsDocument } from '@mhmd/schema'
import { DECISION_CONTENT, accessKey, accountKey, consent, consentWithdrawal, decisionKey, optOut, optOutWithdrawal, parseRecoveryCode, recoveryCodeOf, recoveryKey, unwrapSeed } from './index.ts'
import type { SignedDecision, WrappedSeed } from './index.ts'

function vectors<T>(name: string): readonly T[] {
  const file = JSON.parse(readFileSync(new URL(`../../../vectors/accounts/${name}.json`, import.meta.url), 'utf8')) as { vectors: T[] }
  assert.ok(file.vectors.length > 0)
  return file.vectors
}

test('keys derive from the seed as HKDF and Ed25519 say', () => {
  for (const vector of vectors<{ seed: string; member: string; account: string; decision: string; decision2: string; recovery: string }>('derivations')) {
    const seed = fromBase64Url(vector.seed)
    assert.deepEqual([accountKey(seed, vector.member).publicKey, decisionKey(seed, vector.member).publicKey, decisionKey(seed, vector.member, 2).publicKey, recoveryKey(seed, vector.member).publicKey], [vector.account, vector.decision, vector.decision2, vector.recovery])
  }
})

test('recovery codes are written and read as expected', () => {
  for (const { secret, code } of vectors<{ secret: string; code: string }>('recovery-codes')) {
    assert.equal(recoveryCodeOf(fromBase64Url(secret)), code)
    assert.equal(toBase64Url(parseRecoveryCode(code)), secret)
  }
})

test('a seed wrapped elsewhere opens, and is found by the same key', () => {
  for (const { secret, seed, access, wrapped } of vectors<{ secret: string; seed: string; access: string; wrapped: WrappedSeed }>('wrapped-seeds')) {
    assert.equal(accessKey(fromBase64Url(secret), wrapped.kind).publicKey, access)
    assert.equal(toBase64Url(unwrapSeed(wrapped, fromBase64Url(secret))), seed)
  }
})

/** Counts up from zero, as the vectors' producer does. */
function counting(): Randomness {
  let next = 0
  return { bytes: (length) => Uint8Array.from({ length }, () => next++ & 255) }
}

test('decisions have the signed bytes, commitments and signatures that other code gives them', () => {
  for (const { seed, notice, terms, expires, signedBytes, decision } of vectors<{ seed: string; notice: string; terms: unknown; expires: number; signedBytes: string; decision: SignedDecision }>('decisions')) {
    const { network, holder, subject, version, operation } = decision.statement
    const [place, by] = [{ network, holder, subject, version }, { key: decisionKey(fromBase64Url(seed), holder), randomness: counting() }]
    const made = decision.kind === 'consent'
      ? operation === 'set' ? consent(place, { terms: consentTermsDocument.parse(terms), notice }, by) : consentWithdrawal(place, { notice }, by)
      : operation === 'set' ? optOut(place, { notice }, by) : optOutWithdrawal(place, { notice, expires }, by)
    assert.deepEqual(made, decision)
    const bytes = statementBytes(decision.kind === 'consent' ? statementKinds.consentDecision : statementKinds.optOut, made.statement)
    assert.equal(Buffer.from(bytes).toString(), signedBytes)
    assert.ok(verifySignature(made.key, bytes, made.signature))
    assert.ok(opens(made.statement.content, DECISION_CONTENT, { content: { ...made.opening.content }, salt: made.opening.salt }))
  }
})
