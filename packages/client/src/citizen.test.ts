import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { DECISION_CONTENT, newDeviceState, newRecoverySecret, newSeed } from '@mhmd/accounts'
import { MhmdError, defineErrors } from '@mhmd/base'
import type { Canonical } from '@mhmd/base'
import { keyedSignature, stateKeys, statementKinds } from '@mhmd/contracts'
import { MemoryEngine, genesis, idOf, keyOf, network, suiteTime, transaction } from '@mhmd/contracts/testing'
import { opens, statementDigest } from '@mhmd/crypto'
import { messagesErrors, renderError, verifyRequest } from '@mhmd/messages'
import type { ReplayStore } from '@mhmd/messages'
import type { DecisionState, KeyEnrolment, SignedConsentDecision, SubjectState } from '@mhmd/schema'
import { decide, declareOptOut, enrol, onLedger, openAccount, peopleClient, recoverSeed, relink, replaceKey, send, sessionClient, standingChoice, status, withdraw, withdrawOptOut } from './index.ts'
import type { Device } from './index.ts'

const randomness = { bytes: (length: number) => new Uint8Array(randomBytes(length)) }
const clock = { now: () => suiteTime }
const content = { version: 1, language: 'en', text: 'You decide.' }
const notice = { ...content, hash: statementDigest('notice', content) }
const terms = { format: 'mhmd-consent-terms/1' as const, from: suiteTime, until: suiteTime + 1e9, permissions: [], prohibitions: [], despiteOptOut: false, returnsWanted: [] }
const errors = defineErrors('SAMPLE', { NO: { kind: 'conflict', says: () => 'no', remedy: 'None.' } })

function replays(): ReplayStore {
  const used = new Set<string>()
  return { firstUse: async (_key, nonce) => used.size < used.add(nonce).size }
}

type Routes = Record<string, (body: never, key: string) => unknown>

/** People ports of a little network in this process: signatures are verified, statements go through the real contracts. */
async function world(): Promise<{ device: Device; engine: MemoryEngine; down: Set<string>; holder: Routes; provider: Routes; received: { opening: { content: Canonical; salt: string }; statement: { content: string } }[] }> {
  const engine = new MemoryEngine()
  await engine.submit(genesis())
  const submit = async (call: `${string}@${number} ${string}`, payload: unknown, operationId?: string): Promise<string> => {
    const outcome = await engine.submit(transaction({ call, payload, ...(operationId === undefined ? {} : { operationId }) }))
    return outcome.ok ? 'VALID' : outcome.refusal.code
  }
  const subject = idOf('her at rome')
  const outcomes = new Map<string, string>()
  const accounts = new Map<string, object>()
  const received: { opening: { content: Canonical; salt: string }; statement: { content: string } }[] = []
  const versionOf = async (kind: 'consent' | 'opt-out'): Promise<number> => ((await engine.get(kind === 'consent' ? stateKeys.consent('rome', subject) : stateKeys.optOut('rome', subject))) as DecisionState | undefined)?.version ?? 0
  const holder: Routes = {
    'POST /people/1/enrolments/begin': () => ({ subject, holder: 'rome', network, notices: [notice] }),
    'POST /people/1/enrolments': ({ statement }: { statement: KeyEnrolment }) => ({ statement, holder: keyedSignature(statementKinds.keyEnrolment, statement, keyOf('rome')) }),
    'POST /people/1/decisions': (decision: (typeof received)[number] & { statement: { version: number } }) => {
      received.push(decision)
      return { version: decision.statement.version, receivedAt: suiteTime, enforced: 'now' }
    },
    'GET /people/1/me': async (_body, key) => {
      const state = await engine.get(stateKeys.subject('rome', subject)) as SubjectState | undefined
      if (state?.key !== key) throw new MhmdError({ code: 'NODE_KEY_UNKNOWN', kind: 'unauthenticated', message: 'not enrolled', remedy: 'enrol' })
      return { holder: 'rome', subject, height: 1, versions: { consent: await versionOf('consent'), 'opt-out': await versionOf('opt-out') }, next: { consent: 1 + await versionOf('consent'), 'opt-out': 1 + await versionOf('opt-out') }, keyVersion: state.version, notices: [notice], choices: [], preview: [], permits: [] }
    },
  }
  const provider: Routes = {
    'POST /people/1/accounts': (body: object, key) => { accounts.set(key, body); return { provider: 'accounts', network } },
    'GET /people/1/account': (_body, key) => accounts.get(key) ?? {},
    'POST /people/1/account/enrolments': async ({ statement, signatures }: { statement: KeyEnrolment; signatures: object }) => {
      const code = await submit('keys@1 enrol', { statement, signatures: { ...signatures, provider: keyedSignature(statementKinds.keyEnrolment, statement, keyOf('accounts')) } })
      if (code !== 'VALID') throw errors.NO()
      return {}
    },
    'POST /people/1/account/key-replacements': async (payload: object) => {
      if (await submit('keys@1 replace', payload) !== 'VALID') throw errors.NO()
      return {}
    },
    'POST /people/1/account/decisions': async ({ kind, item }: { kind: string; item: SignedConsentDecision }) => {
      assert.ok(!JSON.stringify(item).includes('opening'))
      outcomes.set(item.statement.operationId, await submit(kind === 'consent' ? 'consents@1 decide' : 'opt-outs@1 declare', item, item.statement.operationId))
      return {}
    },
  }
  const servers: Record<string, { routes: Routes; replays: ReplayStore }> = {
    'rome.localhost:1': { routes: holder, replays: replays() },
    'accounts.localhost:2': { routes: provider, replays: replays() },
  }
  const down = new Set<string>()
  const serve = async (input: URL, init: RequestInit): Promise<Response> => {
    const server = servers[input.host]
    if (server === undefined || down.has(input.host)) throw new TypeError('fetch failed')
    const body = Buffer.from((init.body ?? new Uint8Array(0)) as Uint8Array)
    try {
      const key = await verifyRequest({ method: init.method ?? '', authority: input.host, path: input.pathname, query: input.search, headers: init.headers as Record<string, string>, body }, { clock, replays: server.replays, authorities: [input.host] })
      const outcome = /decisions\/(.*)$/.exec(input.pathname)?.[1]
      if (outcome !== undefined) return Response.json({ code: outcomes.get(outcome) ?? 'WAITING' })
      const route = server.routes[`${init.method} ${input.pathname}`]
      if (route === undefined) throw messagesErrors.UNKNOWN_KIND({ kind: 'path' })
      return Response.json(await route((body.length === 0 ? undefined : JSON.parse(body.toString())) as never, key))
    } catch (error) {
      const { status: code, body: shown } = renderError(error, 'c')
      return Response.json(shown, { status: code })
    }
  }
  const device: Device = { state: newDeviceState({ network, provider: 'accounts' }), seed: newSeed(randomness), addressOf: (member) => member === 'rome' ? 'http://rome.localhost:1' : 'http://accounts.localhost:2', clock, randomness, fetch: serve as typeof fetch }
  return { device, engine, down, holder, provider, received }
}

async function enrolled(): Promise<Awaited<ReturnType<typeof world>>> {
  const made = await world()
  const opened = await openAccount(made.device)
  const { state } = await enrol({ ...made.device, state: opened }, { holder: 'rome', code: 'abcd-efgh-jkmn-pqrs' })
  return { ...made, device: { ...made.device, state } }
}

const stateOf = async (engine: MemoryEngine, kind: 'consent' | 'opt-out'): Promise<DecisionState> => await engine.get(kind === 'consent' ? stateKeys.consent('rome', idOf('her at rome')) : stateKeys.optOut('rome', idOf('her at rome'))) as DecisionState

test('from an account to a consent, its withdrawal, an opt-out and its end, as the contracts see it', async () => {
  const { device, engine, received } = await enrolled()
  const step = async (at: Device, state: Device['state']): Promise<Device> => {
    const { state: next, sendings } = await send({ ...at, state })
    assert.deepEqual(sendings.flatMap((sending) => sending.errors), [])
    for (const { decision } of sendings) assert.equal((await onLedger(at, decision)).code, 'VALID')
    return { ...at, state: next }
  }
  let now = await step(device, decide(device, { holder: 'rome', terms }))
  assert.deepEqual([(await stateOf(engine, 'consent')).state, (await stateOf(engine, 'consent')).version], ['active', 1])
  assert.ok(standingChoice(now.state, 'rome', 'consent'))
  now = await step(now, withdraw(now, { holder: 'rome' }))
  assert.deepEqual([(await stateOf(engine, 'consent')).state, (await stateOf(engine, 'consent')).version], ['withdrawn', 2])
  assert.equal(standingChoice(now.state, 'rome', 'consent'), undefined)
  now = await step(now, declareOptOut(now, { holder: 'rome' }))
  assert.equal((await stateOf(engine, 'opt-out')).state, 'active')
  now = await step(now, withdrawOptOut(now, { holder: 'rome' }))
  assert.equal((await stateOf(engine, 'opt-out')).state, 'withdrawn')
  assert.equal(received.length, 4)
  for (const { statement, opening } of received) assert.ok(opens(statement.content, DECISION_CONTENT, opening))
  assert.equal((await send(now)).sendings.length, 0)
})

test('a hospital that erased her records says so, and with what it says she is not taken for somebody who chose nothing', async () => {
  const { device, holder } = await enrolled()
  const shown = holder['GET /people/1/me'] as (body: unknown, key: string) => Promise<object>
  const says = (erased: unknown): void => { holder['GET /people/1/me'] = async (body, key) => ({ ...await shown(body, key), erased }) }
  assert.equal((await status(device, { holder: 'rome' })).view.erased, undefined, 'a node that knows nothing of it is understood')
  for (const erased of [null, { asked: suiteTime, done: null }, { asked: suiteTime, done: suiteTime + 1 }]) {
    says(erased)
    assert.deepEqual((await status(device, { holder: 'rome' })).view.erased, erased)
  }
  says({ asked: suiteTime, done: 'yes' })
  await assert.rejects(status(device, { holder: 'rome' }), { code: 'SCHEMA_NOT_VALID' })
})

test('terms that are over before they are signed are not signed', async () => {
  const { device } = await enrolled()
  for (const over of [{ until: suiteTime }, { until: suiteTime - 1 }, { from: suiteTime + 10, until: suiteTime + 10 }]) {
    assert.throws(() => decide(device, { holder: 'rome', terms: { ...terms, ...over } }), { code: 'CLIENT_TERMS_OVER' })
  }
  assert.equal(device.state.decisions.length, 0)
})

test('what could not be sent is kept and sent again; each side by itself', async () => {
  const { device, engine, down, received } = await enrolled()
  down.add('accounts.localhost:2')
  const first = await send({ ...device, state: decide(device, { holder: 'rome', terms }) })
  assert.deepEqual(first.sendings[0]?.decision.sent, { holder: true, provider: false })
  assert.equal((first.sendings[0]?.errors[0] as MhmdError).code, 'CLIENT_UNREACHABLE')
  assert.equal(await stateOf(engine, 'consent'), undefined)
  down.clear()
  down.add('rome.localhost:1')
  const both = await send({ ...device, state: withdraw({ ...device, state: first.state }, { holder: 'rome' }) })
  assert.equal((await stateOf(engine, 'consent')).version, 2)
  down.clear()
  const last = await send({ ...device, state: both.state })
  assert.deepEqual(last.state.decisions.map(({ sent }) => sent), [{ holder: true, provider: true }, { holder: true, provider: true }])
  assert.equal(received.length, 2)
})

test('a version that another device made is taken over before the next decision', async () => {
  const { device, engine } = await enrolled()
  const elsewhere = await send({ ...device, state: decide(device, { holder: 'rome', terms }) })
  assert.ok(elsewhere)
  const { state, view } = await status(device, { holder: 'rome' })
  assert.equal(view.versions.consent, 1)
  await send({ ...device, state: withdraw({ ...device, state }, { holder: 'rome' }) })
  assert.equal((await stateOf(engine, 'consent')).version, 2)
})

test('with her recovery secret alone a new device gets the seed and its links back', async () => {
  const { device } = await enrolled()
  const wrap = { kind: 'recovery-kit' as const, secret: newRecoverySecret(randomness) }
  const kept = await openAccount(device, wrap)
  assert.equal(kept.wrappedSeeds.length, 1)
  await send({ ...device, state: decide(device, { holder: 'rome', terms }) })
  const { seed: _lost, ...empty } = { ...device, state: newDeviceState({ network, provider: 'accounts' }) }
  await assert.rejects(recoverSeed(empty, { ...wrap, secret: newRecoverySecret(randomness) }), { code: 'CLIENT_NOTHING_WRAPPED' })
  const seed = await recoverSeed(empty, wrap)
  assert.deepEqual(seed, device.seed)
  const state = await relink({ ...empty, seed }, { holder: 'rome' })
  assert.deepEqual(state.links, [{ holder: 'rome', subject: idOf('her at rome'), generation: 1, notice: notice.hash, versions: { consent: 1, 'opt-out': 0 } }])
})

test('a replaced key decides, the old one no more, and a new device finds the key in force', async () => {
  const { device, engine } = await enrolled()
  const { state } = await send({ ...device, state: decide(device, { holder: 'rome', terms }) })
  const byOld = await replaceKey({ ...device, state }, { holder: 'rome', by: 'old-key' })
  const stale = await send({ ...device, state: withdraw({ ...device, state }, { holder: 'rome' }) })
  assert.equal((await onLedger(device, stale.sendings[0]?.decision as never)).code, 'CONTRACT_NOT_HER_KEY')
  const byRecovery = await replaceKey({ ...device, state: byOld }, { holder: 'rome', by: 'recovery' })
  assert.equal(byRecovery.links[0]?.generation, 3)
  await send({ ...device, state: withdraw({ ...device, state: byRecovery }, { holder: 'rome' }) })
  assert.deepEqual([(await stateOf(engine, 'consent')).state, (await stateOf(engine, 'consent')).version], ['withdrawn', 2])
  const found = await relink({ ...device, state: newDeviceState({ network, provider: 'accounts' }) }, { holder: 'rome' })
  assert.equal(found.links[0]?.generation, 3)
})

test('what the provider answers for a wrapped seed is not trusted', async () => {
  const { device, provider } = await world()
  const wrap = { kind: 'passkey' as const, secret: randomness.bytes(32) }
  await openAccount(device, wrap)
  for (const wrappedSeed of ['nonsense', '{}']) {
    provider['GET /people/1/account'] = () => ({ wrappedSeed })
    await assert.rejects(recoverSeed(device, wrap), { code: 'ACCOUNTS_BAD_WRAPPED_SEED' })
  }
})

test('a node that plays another, changes the statement, shows another notice or sends nonsense gets nothing', async () => {
  const lies: [string, 'holder' | 'provider', Routes[string], string][] = [
    ['POST /people/1/enrolments/begin', 'holder', () => ({ subject: idOf('x'), holder: 'berlin', network, notices: [notice] }), 'CLIENT_OTHER_NODE'],
    ['POST /people/1/enrolments/begin', 'holder', () => ({ subject: idOf('x'), holder: 'rome', network: statementDigest('network', {}), notices: [notice] }), 'CLIENT_OTHER_NODE'],
    ['POST /people/1/enrolments/begin', 'holder', () => ({ subject: idOf('x'), holder: 'rome', network, notices: [{ ...notice, text: 'Anything goes.' }] }), 'CLIENT_BAD_NOTICE'],
    ['POST /people/1/enrolments/begin', 'holder', () => ({ subject: '../../x' }), 'SCHEMA_NOT_VALID'],
    ['POST /people/1/enrolments', 'holder', ({ statement }: { statement: KeyEnrolment }) => ({ statement: { ...statement, provider: 'institute' }, holder: keyedSignature(statementKinds.keyEnrolment, statement, keyOf('rome')) }), 'CLIENT_OTHER_STATEMENT'],
    ['POST /people/1/account/enrolments', 'provider', () => { throw errors.NO() }, 'SAMPLE_NO'],
  ]
  for (const [path, side, lie, code] of lies) {
    const made = await world()
    await openAccount(made.device)
    made[side][path] = lie
    await assert.rejects(enrol(made.device, { holder: 'rome', code: 'abcd-efgh-jkmn-pqrs' }), { code })
    assert.equal(await made.engine.get(stateKeys.subject('rome', idOf('her at rome'))), undefined)
  }
  const other = await world()
  other.provider['POST /people/1/accounts'] = () => ({ provider: 'institute', network })
  await assert.rejects(openAccount(other.device), { code: 'CLIENT_OTHER_NODE' })
})

test('nobody enrols twice, and nobody decides where she is not enrolled', async () => {
  const { device } = await enrolled()
  await assert.rejects(enrol(device, { holder: 'rome', code: 'abcd-efgh-jkmn-pqrs' }), { code: 'ACCOUNTS_ALREADY_ENROLLED' })
  assert.throws(() => decide(device, { holder: 'berlin', terms }), { code: 'ACCOUNTS_NOT_ENROLLED' })
})

test('errors of the other side keep their codes; nonsense and silence have codes of their own', async () => {
  const at = (fetch: () => Promise<Response>): ReturnType<typeof peopleClient> => peopleClient({ baseUrl: 'http://rome.localhost:1', key: keyOf('alice'), clock, randomness, fetch: fetch })
  await assert.rejects(at(async () => Response.json(renderError(errors.NO(), '').body, { status: 409 })).get('/x'), { code: 'SAMPLE_NO', kind: 'conflict', remedy: 'None.' })
  await assert.rejects(at(async () => new Response('<html>', { status: 502 })).get('/x'), { code: 'CLIENT_BAD_ANSWER' })
  await assert.rejects(at(async () => new Response('<html>')).get('/x'), { code: 'CLIENT_BAD_ANSWER' })
  await assert.rejects(at(async () => { throw new TypeError('refused') }).get('/x'), { code: 'CLIENT_UNREACHABLE' })
  await assert.rejects(at(async () => { throw new Error('aborted') }).get('/x', AbortSignal.abort()), { code: 'CLIENT_ABORTED' })
  let text = ''
  for await (const chunk of await at(async () => new Response('1\n2\n')).stream('/x')) text += Buffer.from(chunk).toString()
  assert.equal(text, '1\n2\n')
})

test('a session shows its token with what changes something, and nothing else; refusals are revived', async () => {
  const seen: { method: string; headers: Record<string, string> }[] = []
  const fetch: typeof globalThis.fetch = async (_url, init) => {
    seen.push({ method: String(init?.method), headers: init?.headers as Record<string, string> })
    return init?.method === 'DELETE' ? new Response(JSON.stringify(renderError(errors.NO(), 'x').body), { status: 409 }) : new Response('{"ok":true}')
  }
  const client = sessionClient({ baseUrl: 'http://localhost:1', csrf: 'token', fetch })
  assert.deepEqual(await client.get('/staff/1/status'), { ok: true })
  await client.post('/staff/1/requests', { a: 1 })
  await assert.rejects(client.delete('/session/1'), { code: 'SAMPLE_NO' })
  assert.deepEqual(seen, [{ method: 'GET', headers: {} }, { method: 'POST', headers: { 'x-mhmd-csrf': 'token', 'content-type': 'application/json' } }, { method: 'DELETE', headers: { 'x-mhmd-csrf': 'token' } }])
})
