// Sessions of staff at a real node: two ways to show one key, what a session can't do, how it ends, and what keeps other pages out.
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { newSigningKey } from '@mhmd/crypto'
import type { SigningKey } from '@mhmd/crypto'
import { signRequest } from '@mhmd/messages'
import { clock, oneTimeClient, randomness, smallNetwork } from './support/small-network.ts'
import type { SmallNetwork } from './support/small-network.ts'

interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: any
}

let network: SmallNetwork
let steward: SigningKey
before(async () => {
  network = await smallNetwork({ sessionLimits: { idleMilliseconds: 4000, longestMilliseconds: 9000 } })
  steward = newSigningKey().key
  await network.staff('rome').post('/staff/1/staff', { key: steward.publicKey, roles: ['steward', 'admin'] })
})
after(() => network.close())

/** A request as a browser makes it: with the headers that no page can set. */
function ask(path: string, { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: object } = {}): Promise<Answered> {
  const bytes = body === undefined ? undefined : JSON.stringify(body)
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, network.url('rome')), { method, headers: { ...(bytes === undefined ? {} : { 'content-type': 'application/json' }), ...headers } }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (chunk: string) => { text += chunk }).on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text === '' ? undefined : JSON.parse(text) }))
    })
    sent.on('error', reject).end(bytes)
  })
}

interface SignedIn {
  readonly cookie: string
  readonly session: { readonly key: string; readonly csrf: string; readonly idleUntil: number; readonly expires: number }
  /** Reads. */
  readonly here: Record<string, string>
  /** Changes. */
  readonly change: Record<string, string>
}

async function signIn(key: SigningKey): Promise<SignedIn> {
  const url = new URL('/session/1', network.url('rome'))
  const answer = await ask('/session/1', { method: 'POST', headers: { ...signRequest({ method: 'POST', url, body: new Uint8Array(0) }, key, { clock, randomness }) } })
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
  const cookie = String(answer.headers['set-cookie']).split(';')[0] ?? ''
  assert.match(String(answer.headers['set-cookie']), /^mhmd-session-rome=[A-Za-z0-9_-]{43}; Path=\/; Max-Age=86400; HttpOnly; SameSite=Strict$/)
  const here = { cookie, 'sec-fetch-site': 'same-origin' }
  return { cookie, session: answer.body, here, change: { ...here, 'x-mhmd-csrf': answer.body.csrf } }
}

const dataset = { title: 'Asthma', summary: '', categories: ['a'] }
const refusedWith = (code: string) => ({ status, body }: Answered): void => assert.deepEqual([body?.error?.code, status], [code, code === 'NODE_SESSION_OVER' ? 401 : 403])

test('a signature and a session show the same key, and the same roles are asked of it', async () => {
  const { session, here, change } = await signIn(steward)
  assert.equal(session.key, steward.publicKey)
  const bySession = await ask('/staff/1/status', { headers: here })
  const bySignature = await oneTimeClient(network, 'rome', steward).get<{ member: string }>('/staff/1/status')
  assert.deepEqual([bySession.body.member, bySession.body.network], [bySignature.member, network.id])
  assert.equal((await ask('/staff/1/datasets', { method: 'POST', headers: change, body: dataset })).status, 200)
  refusedWith('NODE_STAFF_ROLE')(await ask('/staff/1/link-codes', { method: 'POST', headers: change, body: { system: 'x', value: 'y' } }))
  await assert.rejects(oneTimeClient(network, 'rome', steward).post('/staff/1/link-codes', { system: 'x', value: 'y' }), { code: 'NODE_STAFF_ROLE' })
  assert.deepEqual((await ask('/session/1', { headers: here })).body, { ...session, roles: ['steward', 'admin'], idleUntil: (await ask('/session/1', { headers: here })).body.idleUntil })
})

test('only somebody who works here can open one', async () => {
  const url = new URL('/session/1', network.url('rome'))
  const headers = { ...signRequest({ method: 'POST', url, body: new Uint8Array(0) }, newSigningKey().key, { clock, randomness }) }
  assert.equal((await ask('/session/1', { method: 'POST', headers })).body.error.code, 'NODE_STAFF_UNKNOWN')
  assert.equal((await ask('/session/1', { method: 'POST' })).body.error.code, 'MESSAGES_REQUEST_NOT_SIGNED')
  assert.equal((await ask('/session/1', { headers: { cookie: `mhmd-session-rome=${'A'.repeat(43)}`, 'sec-fetch-site': 'same-origin' } })).body.error.code, 'NODE_SESSION_OVER')
  // A session does not open another one, and a signature is no session.
  const { change } = await signIn(steward)
  refusedWith('NODE_SIGNATURE_NEEDED')(await ask('/session/1', { method: 'POST', headers: change }))
  await assert.rejects(oneTimeClient(network, 'rome', steward).get('/session/1'), { code: 'NODE_SESSION_OVER' })
})

test('a change in a session needs the token, from a page of this very origin', async () => {
  const { cookie, here, change, session } = await signIn(steward)
  const post = (headers: Record<string, string>): Promise<Answered> => ask('/staff/1/datasets', { method: 'POST', headers, body: dataset })
  refusedWith('NODE_CSRF')(await post(here))
  refusedWith('NODE_CSRF')(await post({ ...here, 'x-mhmd-csrf': session.csrf.slice(1) }))
  refusedWith('NODE_CSRF')(await post({ ...here, 'x-mhmd-csrf': (await signIn(steward)).session.csrf }))
  for (const site of ['cross-site', 'same-site', 'none']) refusedWith('NODE_SESSION_ELSEWHERE')(await post({ ...change, 'sec-fetch-site': site }))
  const old = { cookie, 'x-mhmd-csrf': session.csrf }
  refusedWith('NODE_SESSION_ELSEWHERE')(await post(old))
  refusedWith('NODE_SESSION_ELSEWHERE')(await post({ ...old, origin: network.url('institute') }))
  refusedWith('NODE_SESSION_ELSEWHERE')(await post({ ...change, host: 'attacker.example' }))
  assert.equal((await post({ ...old, origin: network.url('rome') })).status, 200)
  refusedWith('NODE_SESSION_ELSEWHERE')(await ask('/staff/1/status', { headers: { cookie, 'sec-fetch-site': 'same-site' } }))
  assert.equal((await ask('/staff/1/status', { headers: { cookie, 'sec-fetch-site': 'none' } })).status, 200, 'an address typed by hand')
})

test('what gives power, and whatever is a citizen\'s, needs a signature', async () => {
  const { here, change } = await signIn(steward)
  const colleague = { key: newSigningKey().key.publicKey, roles: ['steward'] }
  refusedWith('NODE_SIGNATURE_NEEDED')(await ask('/staff/1/staff', { method: 'POST', headers: change, body: colleague }))
  for (const path of ['/people/1/me', '/people/1/uses', '/people/1/statements']) refusedWith('NODE_SIGNATURE_NEEDED')(await ask(path, { headers: here }))
  refusedWith('NODE_SIGNATURE_NEEDED')(await ask('/people/1/decisions', { method: 'POST', headers: change, body: {} }))
  await oneTimeClient(network, 'rome', steward).post('/staff/1/staff', colleague)
})

test('a session ends when it is idle, when it is old, and when she signs out; each answer says until when', async () => {
  const [idle, old, out] = [await signIn(steward), await signIn(steward), await signIn(steward)]
  assert.equal((await ask('/session/1', { method: 'DELETE', headers: out.change })).headers['set-cookie']?.[0]?.startsWith('mhmd-session-rome=; Path=/; Max-Age=0'), true)
  refusedWith('NODE_SESSION_OVER')(await ask('/staff/1/status', { headers: out.here }))
  const opened = Date.now()
  let status = 200
  while (status === 200 && Date.now() - opened < 16_000) {
    await pause(700)
    const answer = await ask('/staff/1/status', { headers: old.here })
    status = answer.status
    if (status === 200) assert.ok(Number(answer.headers['x-mhmd-session-until']) > Date.now() - 50)
    if (Date.now() - opened > 4500) refusedWith('NODE_SESSION_OVER')(await ask('/staff/1/status', { headers: idle.here }))
  }
  assert.ok(Date.now() >= old.session.expires && Date.now() - opened < 16_000, 'it lived through its idle time by being used, and ended at its longest')
})

test('the node\'s files hold no cookie and no token', async () => {
  const { cookie, session } = await signIn(steward)
  const folder = join(network.home('rome'), 'data')
  const files = readdirSync(folder).filter((name) => name.startsWith('store')).map((name) => readFileSync(join(folder, name)))
  assert.ok(files.some((bytes) => bytes.includes(steward.publicKey)))
  for (const word of [cookie.split('=')[1] ?? '', session.csrf]) for (const bytes of files) assert.ok(!bytes.includes(word))
})
