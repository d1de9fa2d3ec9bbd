import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { fromBase64Url, toBase64Url } from '@mhmd/base'
import { newSigningKey, signingKeyFromSeed, verifySignature } from '@mhmd/crypto'
import { memoryStore } from '@mhmd/store/testing'
import { signRequest, storedReplays, verifyRequest } from './index.ts'
import type { ReceivedRequest, ReplayStore } from './index.ts'
import { contentDigestOf, identifiers, signatureBase } from './signature-base.ts'
import type { Component } from './signature-base.ts'
import { byteSequence, namedBytes } from './structured-fields.ts'

// Origin: RFC 9421, the request of B.2, the key of B.1.4 and the signature of B.2.6 (Ed25519 is deterministic, so signing gives its very bytes).
test('RFC 9421 B.2.6: base and signature are the RFC\'s', () => {
  const key = signingKeyFromSeed(fromBase64Url('n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU'))
  assert.equal(key.publicKey, 'JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs')
  const components: Component[] = [['date', 'Tue, 20 Apr 2021 02:07:55 GMT'], ['@method', 'POST'], ['@path', '/foo'], ['@authority', 'example.com'], ['content-type', 'application/json'], ['content-length', '18']]
  const base = signatureBase(components, `${identifiers(components)};created=1618884473;keyid="test-key-ed25519"`)
  assert.equal(Buffer.from(base).toString(), '"date": Tue, 20 Apr 2021 02:07:55 GMT\n"@method": POST\n"@path": /foo\n"@authority": example.com\n"content-type": application/json\n"content-length": 18\n"@signature-params": ("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"')
  assert.equal(byteSequence(fromBase64Url(key.sign(base))), ':wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:')
})

// Origin: RFC 9530 appendix B.1, the sha-256 digest of {"hello": "world"} and a line feed; RFC 9421 §2.5 that without one.
test('content digests are the RFCs\'', () => {
  assert.equal(contentDigestOf(Buffer.from('{"hello": "world"}\n')), 'sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:')
  assert.equal(contentDigestOf(Buffer.from('{"hello": "world"}')), 'sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:')
})

const randomness = { bytes: (length: number) => randomBytes(length) }
const { key } = newSigningKey()
const AUTHORITY = 'rome.localhost:7101'

function setUp(): { clock: { now(): number; at: number }; replays: ReplayStore } {
  const clock = { at: 1_800_000_000_000, now: () => clock.at }
  return { clock, replays: storedReplays(memoryStore(), clock) }
}

function received(clock: { now(): number }, change: Partial<ReceivedRequest> = {}, body = Buffer.from('{"a":1}')): ReceivedRequest {
  const headers = signRequest({ method: 'POST', url: `http://${AUTHORITY}/people/1/decisions?x=%20y`, body }, key, { clock, randomness })
  return { method: 'POST', authority: AUTHORITY, path: '/people/1/decisions', query: '?x=%20y', headers: { ...headers }, body, ...change }
}

test('a signed request is its key\'s, once', async () => {
  const { clock, replays } = setUp()
  const request = received(clock)
  assert.equal(await verifyRequest(request, { clock, replays, authorities: [AUTHORITY] }), key.publicKey)
  for (const later of [0, 30_000, 60_000]) {
    clock.at += later
    await assert.rejects(verifyRequest(request, { clock, replays, authorities: [AUTHORITY] }), (error: { code: string }) => ['MESSAGES_REQUEST_REPLAYED', 'MESSAGES_REQUEST_OUTSIDE_WINDOW'].includes(error.code))
  }
})

test('a request without query or body is covered too', async () => {
  const { clock, replays } = setUp()
  const headers = signRequest({ method: 'get', url: 'https://rome.example:443/people/1/me', body: new Uint8Array(0) }, key, { clock, randomness })
  const request = { method: 'GET', authority: 'rome.example', path: '/people/1/me', query: '', headers: { ...headers }, body: new Uint8Array(0) }
  assert.equal(await verifyRequest(request, { clock, replays, authorities: ['rome.example'] }), key.publicKey)
})

test('each broken rule has its code, and costs no nonce', async () => {
  const { clock, replays } = setUp()
  const options = { clock, replays, authorities: [AUTHORITY, 'berlin.localhost'] }
  const whole = received(clock)
  const header = (name: string, value: string | string[] | undefined): ReceivedRequest => ({ ...whole, headers: { ...whole.headers, [name]: value } })
  const cases: [ReceivedRequest, string][] = [
    [{ ...whole, headers: {} }, 'REQUEST_NOT_SIGNED'],
    [header('signature', undefined), 'REQUEST_SIGNATURE_MALFORMED'],
    [header('signature', 'mhmd=:!!:'), 'REQUEST_SIGNATURE_MALFORMED'],
    [header('signature', 'other=:AAAA:'), 'REQUEST_SIGNATURE_MALFORMED'],
    [header('signature-input', 'mhmd=("@method");created=1;keyid="x"'), 'REQUEST_SIGNATURE_MALFORMED'],
    [header('signature-input', [String(whole.headers['signature-input']), 'x']), 'REQUEST_SIGNATURE_MALFORMED'],
    [header('content-digest', contentDigestOf(Buffer.from('x'))), 'REQUEST_DIGEST_MISMATCH'],
    [{ ...whole, body: Buffer.from('{"a":2}') }, 'REQUEST_DIGEST_MISMATCH'],
    [{ ...whole, authority: 'evil.localhost' }, 'REQUEST_WRONG_AUTHORITY'],
    [{ ...whole, authority: 'berlin.localhost' }, 'REQUEST_BAD_SIGNATURE'],
    [{ ...whole, method: 'PUT' }, 'REQUEST_BAD_SIGNATURE'],
    [{ ...whole, path: '/people/1/uses' }, 'REQUEST_BAD_SIGNATURE'],
    [{ ...whole, query: '' }, 'REQUEST_BAD_SIGNATURE'],
    [header('signature-input', String(whole.headers['signature-input']).replace(key.publicKey, newSigningKey().key.publicKey)), 'REQUEST_BAD_SIGNATURE'],
  ]
  for (const [request, code] of cases) await assert.rejects(verifyRequest(request, options), { code: `MESSAGES_${code}`, kind: 'unauthenticated' })
  assert.equal(await verifyRequest(whole, options), key.publicKey)
})

test('the window is sixty seconds either way, and a long life is refused', async () => {
  const { clock, replays } = setUp()
  const options = { clock, replays, authorities: [AUTHORITY] }
  for (const [skew, ok] of [[-60_000, true], [-62_000, false], [60_000, true], [62_000, false]] as const) {
    const request = received({ now: () => clock.at + skew })
    if (ok) assert.equal(await verifyRequest(request, options), key.publicKey)
    else await assert.rejects(verifyRequest(request, options), { code: 'MESSAGES_REQUEST_OUTSIDE_WINDOW' })
  }
  const created = Math.floor(clock.at / 1000)
  for (const expires of [created + 301, created - 1, 999_999_999_999]) {
    const request = received(clock)
    const input = String(request.headers['signature-input']).replace(/expires=\d+/, `expires=${expires}`)
    await assert.rejects(verifyRequest({ ...request, headers: { ...request.headers, 'signature-input': input } }, options), { code: 'MESSAGES_REQUEST_OUTSIDE_WINDOW' })
  }
})

test('a nonce is refused as long as its signature could be accepted, and forgotten later', async () => {
  const clock = { at: 1_800_000_000_000, now: () => clock.at }
  const store = memoryStore()
  const replays = storedReplays(store, clock)
  const rows = (): Promise<number> => store.read(async (tx) => { let n = 0; for await (const _ of tx.scan('request-nonces')) n++; return n })
  for (let n = 0; n < 20; n++) await replays.firstUse(key.publicKey, `nonce-${n}`, clock.at / 1000 + 120)
  assert.equal(await rows(), 20)
  clock.at += 119_000
  for (let n = 0; n < 20; n++) assert.equal(await replays.firstUse(key.publicKey, `nonce-${n}`, clock.at / 1000 + 1), false)
  clock.at += 81_000
  for (let n = 0; n < 2; n++) await replays.firstUse(key.publicKey, `late-${n}`, clock.at / 1000 + 120)
  assert.equal(await rows(), 2)
})

test('any change of one character of a signature header is refused', async () => {
  const { clock, replays } = setUp()
  await fc.assert(fc.asyncProperty(fc.constantFrom('content-digest', 'signature-input', 'signature'), fc.nat(), fc.integer({ min: 32, max: 126 }), async (name, position, code) => {
    const request = received(clock)
    const text = String(request.headers[name])
    const at = position % text.length
    const changed = text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1)
    fc.pre(changed !== text)
    await assert.rejects(verifyRequest({ ...request, headers: { ...request.headers, [name]: changed } }, { clock, replays, authorities: [AUTHORITY] }), { kind: 'unauthenticated' })
  }), { numRuns: 200 })
})

test('byte sequences come back, in one form only', () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => assert.deepEqual(namedBytes(`mhmd=${byteSequence(bytes)}`, 'mhmd')?.join(), bytes.join())))
  for (const bad of ['mhmd=:AA:', 'mhmd=:AB==:', 'mhmd=:A===:', 'mhmd=:AA==', 'mhmd=:A-A=:']) assert.equal(namedBytes(bad, 'mhmd'), undefined)
  assert.ok(verifySignature(key.publicKey, Buffer.from('x'), toBase64Url(namedBytes(`mhmd=${byteSequence(fromBase64Url(key.sign(Buffer.from('x'))))}`, 'mhmd') ?? new Uint8Array(0))))
})
