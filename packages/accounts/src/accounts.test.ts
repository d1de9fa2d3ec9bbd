import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import type { MhmdError } from '@mhmd/base'
import { keyedSignature, stateKeys, statementKinds } from '@mhmd/contracts'
import { MemoryEngine, genesis, idOf, keyOf, network, suiteTime, transaction } from '@mhmd/contracts/testing'
import { commit } from '@mhmd/crypto'
import type { ConsentTerms } from '@mhmd/schema'
import { accessKey, accountKey, consent, consentWithdrawal, decisionKey, deviceStateDocument, enrolment, keyReplacement, lastDecision, linkWith, newDeviceState, newRecoverySecret, newSeed, optOut, optOutWithdrawal, parseRecoveryCode, passkeyPrfInput, recoveryCodeOf, recoveryKey, unwrapSeed, withDecision, withLink, withVersion, wrapSeed, staffKey } from './index.ts'

const randomness = { bytes: (length: number) => new Uint8Array(randomBytes(length)) }
const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length })
const memberId = fc.stringMatching(/^[a-z][a-z0-9-]{1,30}$/)
const code = (expected: string) => (error: MhmdError): boolean => error.code === `ACCOUNTS_${expected}`
const notice = commit('notice', 'text', Buffer.alloc(32, 1).toString('base64url'))

test('every purpose, holder and seed has a key of its own', () => {
  fc.assert(fc.property(bytes(32), memberId, memberId, (seed, a, b) => {
    fc.pre(a !== b)
    const keys = [a, b].flatMap((member) => [accountKey(seed, member), decisionKey(seed, member), decisionKey(seed, member, 2), recoveryKey(seed, member)].map((key) => key.publicKey))
    assert.equal(new Set(keys).size, keys.length)
    assert.equal(decisionKey(seed, a).publicKey, keys[1])
  }))
})

test('short seeds, and names that could pose as another derivation, are refused', () => {
  assert.throws(() => decisionKey(new Uint8Array(31), 'rome'), code('BAD_SEED'))
  for (const name of ['', 'r', 'rome/recovery', 'rome/decision/2', 'Rome', '../x', 'x'.repeat(40)]) assert.throws(() => decisionKey(new Uint8Array(32), name), code('BAD_NAME'))
})

test('a recovery code is read as people type it', () => {
  fc.assert(fc.property(bytes(20), fc.array(fc.nat(3), { minLength: 44, maxLength: 44 }), (secret, styles) => {
    const written = recoveryCodeOf(secret)
    assert.match(written, /^([0-9a-hjkmnp-tv-z]{4}-){8}[0-9a-hjkmnp-tv-z]{4}$/)
    const typed = [...written].map((character, index) => {
      if (character === '-') return ['-', ' ', '', ' - '][styles[index] ?? 0]
      if (styles[index] === 1) return character.toUpperCase()
      if (styles[index] === 2 && character === '0') return 'O'
      return styles[index] === 3 && character === '1' ? 'l' : character
    }).join('')
    assert.deepEqual(parseRecoveryCode(`  ${typed}\n`), secret)
  }))
})

// 20 bits of checksum miss one wrong code in a million; a property run of 300 sees a miss with a probability below 0.0003.
test('mistypings are noticed: another character, two swapped, one too few, one that no code has', () => {
  fc.assert(fc.property(bytes(20), fc.nat(43), fc.constantFrom(...'0123456789abcdefghjkmnpqrstvwxyz'), (secret, at, character) => {
    const written = recoveryCodeOf(secret)
    fc.pre(written[at] !== '-' && written[at] !== character)
    assert.throws(() => parseRecoveryCode(written.slice(0, at) + character + written.slice(at + 1)), code('CODE_MISTYPED'))
    fc.pre(at < 43 && written[at + 1] !== '-' && written[at + 1] !== written[at])
    assert.throws(() => parseRecoveryCode(written.slice(0, at) + written.charAt(at + 1) + written.charAt(at) + written.slice(at + 2)), code('CODE_MISTYPED'))
  }), { numRuns: 300 })
  const written = recoveryCodeOf(new Uint8Array(20))
  assert.throws(() => parseRecoveryCode(written.slice(1)), code('CODE_LENGTH'))
  assert.throws(() => parseRecoveryCode(''), code('CODE_LENGTH'))
  assert.throws(() => parseRecoveryCode(`u${written.slice(1)}`), (error: MhmdError) => code('CODE_CHARACTER')(error) && error.details['group'] === 1)
  assert.throws(() => parseRecoveryCode(written.replace(/.$/, 'é')), (error: MhmdError) => error.details['group'] === 9)
})

test('a wrapped seed opens with its own secret only, and with no changed byte', () => {
  fc.assert(fc.property(bytes(32), fc.constantFrom('recovery-kit' as const, 'passkey' as const), fc.nat(), (seed, kind, position) => {
    const secret = kind === 'passkey' ? randomness.bytes(32) : newRecoverySecret(randomness)
    const wrapped = wrapSeed(seed, secret, { kind, randomness })
    assert.deepEqual(unwrapSeed(JSON.parse(JSON.stringify(wrapped)), secret), seed)
    const other = Uint8Array.from(secret)
    other[position % other.length] = (other[position % other.length] ?? 0) ^ 1
    assert.throws(() => unwrapSeed(wrapped, other), code('WRONG_SECRET'))
    const sealed = Buffer.from(wrapped.sealed, 'base64url')
    sealed[position % sealed.length] = (sealed[position % sealed.length] ?? 0) ^ 1
    assert.throws(() => unwrapSeed({ ...wrapped, sealed: sealed.toString('base64url') }, secret), code('WRONG_SECRET'))
    assert.ok(!JSON.stringify(wrapped).includes(Buffer.from(seed).toString('base64url')))
  }), { numRuns: 50 })
})

test('a secret of one kind or length is not taken for another', () => {
  const seed = newSeed(randomness)
  const secret = randomness.bytes(32)
  const wrapped = wrapSeed(seed, secret, { kind: 'passkey', randomness })
  assert.throws(() => unwrapSeed({ ...wrapped, kind: 'recovery-kit' }, secret), code('BAD_SECRET'))
  assert.throws(() => wrapSeed(seed, secret, { kind: 'recovery-kit', randomness }), code('BAD_SECRET'))
  for (const bad of [null, {}, { ...wrapped, format: 'other' }, { ...wrapped, extra: 1 }, { ...wrapped, sealed: 'x' }]) assert.throws(() => unwrapSeed(bad, secret), code('BAD_WRAPPED_SEED'))
  assert.equal(passkeyPrfInput().length, 32)
})

const terms: ConsentTerms = { format: 'mhmd-consent-terms/1', from: suiteTime, until: suiteTime + 1e9, permissions: [], prohibitions: [], despiteOptOut: false, returnsWanted: [] }

/** A network of the contracts' tests, on which a device's statements are submitted. */
async function openNetwork(): Promise<{ engine: MemoryEngine; submit: (call: `${string}@${number} ${string}`, payload: unknown, operationId?: string) => Promise<string> }> {
  const engine = new MemoryEngine()
  await engine.submit(genesis())
  return {
    engine,
    submit: async (call, payload, operationId) => {
      const outcome = await engine.submit(transaction({ call, payload, ...(operationId === undefined ? {} : { operationId }) }))
      return outcome.ok ? 'VALID' : outcome.refusal.code
    },
  }
}

const place = (version: number): { network: string; holder: string; subject: string; version: number } => ({ network, holder: 'rome', subject: idOf('her at rome'), version })

test('the contracts accept what her device signs, from enrolment to a replaced key, and nothing of another seed', async () => {
  const { engine, submit } = await openNetwork()
  const seed = newSeed(randomness)
  const { statement, subjectSignature } = enrolment(seed, { network, holder: 'rome', provider: 'accounts', subject: idOf('her at rome'), expires: suiteTime + 1000 })
  const signatures = { holder: keyedSignature(statementKinds.keyEnrolment, statement, keyOf('rome')), provider: keyedSignature(statementKinds.keyEnrolment, statement, keyOf('accounts')), subject: subjectSignature }
  assert.equal(await submit('keys@1 enrol', { statement, signatures }), 'VALID')

  const by = { key: decisionKey(seed, 'rome'), randomness }
  const thief = { key: decisionKey(newSeed(randomness), 'rome'), randomness }
  const decide = async (decision: ReturnType<typeof consent>): Promise<string> => {
    const { kind, opening: _opening, ...item } = decision
    return await submit(kind === 'consent' ? 'consents@1 decide' : 'opt-outs@1 declare', item, item.statement.operationId)
  }
  assert.equal(await decide(consent(place(1), { terms, notice }, thief)), 'CONTRACT_NOT_HER_KEY')
  assert.equal(await decide(consent(place(1), { terms, notice }, by)), 'VALID')
  assert.equal(await decide(consent(place(1), { terms, notice }, by)), 'CONTRACT_VERSION_CONFLICT')
  assert.equal(await decide(consentWithdrawal(place(2), { notice }, by)), 'VALID')
  assert.equal(await decide(optOut(place(1), { notice }, by)), 'VALID')
  assert.equal(await decide(optOutWithdrawal(place(2), { notice, expires: suiteTime - 1 }, by)), 'CONTRACT_STATEMENT_EXPIRED')
  assert.equal(await decide(optOutWithdrawal(place(2), { notice, expires: suiteTime + 1 }, by)), 'VALID')

  const subject = idOf('her at rome')
  const plan = { network, holder: 'rome', subject, generation: 1, expires: suiteTime + 1000 } as const
  assert.equal(await submit('keys@1 replace', keyReplacement(seed, { ...plan, version: 2, by: 'old-key' })), 'VALID')
  assert.equal(await decide(consent(place(3), { terms, notice }, by)), 'CONTRACT_NOT_HER_KEY')
  assert.equal(await decide(consent(place(3), { terms, notice }, { key: decisionKey(seed, 'rome', 2), randomness })), 'VALID')
  const second = newSeed(randomness)
  assert.equal(await submit('keys@1 replace', keyReplacement(second, { ...plan, version: 3, by: 'recovery', newSeed: second })), 'CONTRACT_NOT_HER_KEY')
  assert.equal(await submit('keys@1 replace', keyReplacement(seed, { ...plan, generation: 2, version: 3, by: 'recovery', newSeed: second })), 'VALID')
  assert.equal((await engine.get(stateKeys.subject('rome', subject)) as { key: string }).key, decisionKey(second, 'rome').publicKey)
  assert.equal(await submit('keys@1 replace', keyReplacement(seed, { ...plan, generation: 2, version: 4, by: 'recovery' })), 'CONTRACT_NOT_HER_KEY')
})

test('a device state comes back from its file, and holds no seed and no key', () => {
  const seed = newSeed(randomness)
  const link = { holder: 'rome', subject: idOf('her at rome'), notice }
  const linked = withLink({ ...newDeviceState({ network, provider: 'accounts' }), wrappedSeeds: [wrapSeed(seed, randomness.bytes(32), { kind: 'passkey', randomness })] }, link)
  const decision = { ...consent(place(1), { terms, notice }, { key: decisionKey(seed, 'rome'), randomness }), sent: { holder: false, provider: false } }
  const state = withDecision(linked, decision)
  assert.deepEqual(deviceStateDocument.parse(JSON.parse(JSON.stringify(state))), state)
  assert.throws(() => deviceStateDocument.parse({ ...state, seed: 'x' }), { code: 'SCHEMA_NOT_VALID' })
  assert.ok(!JSON.stringify(state).includes(Buffer.from(seed).toString('base64url')))
})

test('links are one a holder, versions never go back, and a decision is kept once', () => {
  const link = { holder: 'rome', subject: idOf('her at rome'), notice }
  const empty = newDeviceState({ network, provider: 'accounts' })
  assert.throws(() => linkWith(empty, 'rome'), code('NOT_ENROLLED'))
  const linked = withLink(empty, link)
  assert.throws(() => withLink(linked, link), code('ALREADY_ENROLLED'))
  const by = { key: decisionKey(newSeed(randomness), 'rome'), randomness }
  const first = { ...consent(place(1), { terms, notice }, by), sent: { holder: false, provider: false } }
  const kept = withDecision(withDecision(linked, first), { ...first, sent: { holder: true, provider: true } })
  assert.equal(kept.decisions.length, 1)
  const later = withDecision(kept, { ...consentWithdrawal(place(2), { notice }, by), sent: { holder: true, provider: false } })
  assert.equal(lastDecision(later, 'rome', 'consent')?.statement.operation, 'withdraw')
  assert.equal(lastDecision(later, 'rome', 'opt-out'), undefined)
  assert.deepEqual(linkWith(withVersion(withVersion(later, { holder: 'rome', kind: 'consent', version: 7 }), { holder: 'rome', kind: 'consent', version: 3 }), 'rome').versions, { consent: 7, 'opt-out': 0 })
})

test('a member of staff has another key at each organisation, none of them a citizen\'s, from 32 bytes only', () => {
  const secret = new Uint8Array(32).fill(9)
  const keys = [staffKey(secret, 'rome'), staffKey(secret, 'berlin'), accountKey(secret, 'rome'), decisionKey(secret, 'rome'), accessKey(secret, 'passkey')].map(({ publicKey }) => publicKey)
  assert.equal(new Set(keys).size, keys.length)
  assert.equal(staffKey(secret, 'rome').publicKey, keys[0])
  assert.throws(() => staffKey(secret.subarray(1), 'rome'), { code: 'ACCOUNTS_BAD_SECRET' })
  assert.throws(() => staffKey(secret, 'rome/decision'), { code: 'ACCOUNTS_BAD_NAME' })
})
