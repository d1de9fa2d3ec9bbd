// What browsers meet at the people port: security headers, other members' pages, limits, and the portal's files.
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { brotliCompressSync } from 'node:zlib'
import { newSigningKey } from '@mhmd/crypto'
import { oneTimeClient, smallNetwork } from './support/small-network.ts'
import type { SmallNetwork } from './support/small-network.ts'

let network: SmallNetwork
let portal: string
const script = `console.log("${'x'.repeat(2000)}")`
before(async () => {
  const rates = { perSecond: 1, burst: 1e6 }
  network = await smallNetwork({ rateLimits: { address: rates, key: { perSecond: 0.5, burst: 30 }, refused: { perSecond: 0.5, burst: 60 } } })
  portal = join(network.folder, 'portal')
  for (const folder of ['pro', 'assets', '.vite']) mkdirSync(join(portal, folder), { recursive: true })
  writeFileSync(join(portal, 'index.html'), '<!doctype html><title>Citizen</title>')
  writeFileSync(join(portal, 'index.it.html'), '<!doctype html><title>Cittadina</title>')
  writeFileSync(join(portal, 'pro', 'index.html'), '<!doctype html><title>Professional</title>')
  writeFileSync(join(portal, 'assets', 'index-BxY12_-z.js'), script)
  writeFileSync(join(portal, 'assets', 'index-BxY12_-z.js.br'), brotliCompressSync(script))
  writeFileSync(join(portal, '.vite', 'manifest.json'), '{}')
  writeFileSync(join(network.folder, 'beside.txt'), 'secret')
  for (const name of ['accounts', 'institute'] as const) {
    await network.stopNode(name)
    await network.start(name, { portal: name === 'accounts' ? portal : join(network.folder, 'nowhere') })
  }
})
after(() => network.close())

const at = (name: string, path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> => fetch(`${network.url(name)}${path}`, { method, headers, redirect: 'manual' })
const page = { accept: 'text/html,*/*' }

test('every answer keeps browsers from guessing, framing, leaking and caching', async () => {
  for (const answer of [await at('rome', '/people/1/directory'), await at('rome', '/nothing'), await at('accounts', '/', page)]) {
    const policy = answer.headers.get('content-security-policy') ?? ''
    assert.match(policy, /^default-src 'none'/)
    assert.match(policy, /frame-ancestors 'none'/)
    assert.doesNotMatch(policy, /unsafe|\*/)
    for (const [name, value] of [['x-content-type-options', 'nosniff'], ['referrer-policy', 'no-referrer'], ['cross-origin-opener-policy', 'same-origin'], ['cross-origin-resource-policy', 'same-origin']]) assert.equal(answer.headers.get(name ?? ''), value)
    assert.match(answer.headers.get('permissions-policy') ?? '', /camera=\(\).*publickey-credentials-get=\(self\)/)
    assert.equal(answer.headers.get('strict-transport-security'), null, 'plain http promises no TLS')
  }
  assert.equal((await at('rome', '/people/1/directory')).headers.get('cache-control'), 'no-store')
})

test('her first page comes in the language that her browser asks for, and in English where there is none of it', async () => {
  const titleFor = async (accepted: string): Promise<string> => {
    const answer = await at('accounts', '/', { ...page, 'accept-language': accepted })
    assert.match(answer.headers.get('vary') ?? '', /accept-language/i)
    return /<title>([^<]*)/.exec(await answer.text())?.[1] ?? ''
  }
  for (const accepted of ['it-IT,it;q=0.9,en;q=0.8', 'IT', 'de,it;q=0.7,en;q=0.3', 'en;q=0.5, it']) assert.equal(await titleFor(accepted), 'Cittadina', accepted)
  for (const accepted of ['en-GB,en;q=0.9,it;q=0.8', 'de-DE,de', 'it;q=0,en', '*', '../../it', 'it;q=NaN;'.repeat(50), '']) assert.equal(await titleFor(accepted), 'Citizen', accepted)
})

test('a refusal is a problem document', async () => {
  const answer = await at('rome', '/people/1/directory')
  assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/)
  const { error, ...problem } = await answer.json() as { error: { code: string; message: string; remedy: string } }
  assert.deepEqual(problem, { type: `urn:mhmd:error:${error.code}`, title: error.message, status: 401, detail: error.remedy })
})

test('pages of members may call with signatures and without credentials; nobody else\'s may', async () => {
  const asking = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-digest,signature,signature-input,content-type' }
  const [origin, foreign] = [network.url('institute'), 'http://127.0.0.1:9']
  const preflight = await at('rome', '/people/1/decisions', { origin, ...asking }, 'OPTIONS')
  assert.deepEqual([preflight.status, preflight.headers.get('access-control-allow-origin'), preflight.headers.get('access-control-allow-credentials')], [204, origin, null])
  for (const name of ['content-digest', 'signature', 'signature-input', 'content-type']) assert.ok(preflight.headers.get('access-control-allow-headers')?.includes(name))
  assert.equal(preflight.headers.get('vary'), 'Origin')
  const call = await at('rome', '/people/1/directory', { origin })
  assert.deepEqual([call.headers.get('access-control-allow-origin'), call.headers.get('vary')], [origin, 'Origin'])
  for (const answer of [await at('rome', '/people/1/decisions', { origin: foreign, ...asking }, 'OPTIONS'), await at('rome', '/people/1/directory', { origin: foreign })]) assert.equal(answer.headers.get('access-control-allow-origin'), null)
  assert.equal((await at('rome', '/people/1/decisions', { origin: foreign, ...asking }, 'OPTIONS')).status, 404)
})

test('whoever asks too often is told when to come back, by key and by address', async () => {
  const eager = oneTimeClient(network, 'rome', newSigningKey().key)
  const codes: string[] = []
  for (let n = 0; n < 33; n++) await eager.get('/people/1/directory').then(() => codes.push('ok'), (error: { code: string }) => codes.push(error.code))
  assert.deepEqual([codes.slice(0, 30).every((code) => code === 'ok'), codes.at(-1)], [true, 'NODE_TOO_MANY'])
  await oneTimeClient(network, 'rome').get('/people/1/directory')
  let answer = await at('rome', '/people/1/me')
  for (let n = 0; n < 70 && answer.status === 401; n++) answer = await at('rome', '/people/1/me')
  assert.equal(answer.status, 429)
  assert.equal(((await answer.json()) as { error: { code: string } }).error.code, 'NODE_TOO_MANY')
  assert.match(answer.headers.get('retry-after') ?? '', /^[1-9][0-9]?$/)
})

test('the portal\'s files come compressed and cached by their digest, and nothing beside them', async () => {
  const asset = await fetch(`${network.url('accounts')}/assets/index-BxY12_-z.js`, { headers: { 'accept-encoding': 'br' } })
  assert.deepEqual([asset.status, asset.headers.get('content-encoding'), asset.headers.get('cache-control')], [200, 'br', 'public, max-age=31536000, immutable'])
  assert.match(asset.headers.get('content-type') ?? '', /javascript/)
  assert.equal(await asset.text(), script)
  assert.equal(await (await at('accounts', '/assets/index-BxY12_-z.js', { 'accept-encoding': 'identity' })).text(), script)
  for (const path of ['/../beside.txt', '/%2e%2e/beside.txt', '/..%2fbeside.txt', '/assets/..%2f..%2fbeside.txt', '/.vite/manifest.json', '/assets/index-BxY12_-z.js.br', '/assets/none-12345678.js', '/%00', '/%', '/%ff', '/assets']) {
    const answer = await at('accounts', path)
    assert.ok(answer.status === 404 || answer.status === 400, path)
    assert.doesNotMatch(await answer.text(), /secret/)
  }
})

test('a deep link opens its page, which may call the members and nobody else', async () => {
  for (const [path, title] of [['/', 'Citizen'], ['/choices/rome', 'Citizen'], ['/pro', 'Professional'], ['/pro/', 'Professional'], ['/pro/requests/0123?state=open', 'Professional']]) {
    const answer = await at('accounts', path ?? '', page)
    assert.equal(answer.status, 200)
    assert.match(await answer.text(), new RegExp(title ?? ''))
    assert.equal(answer.headers.get('cache-control'), 'no-cache')
    const policy = answer.headers.get('content-security-policy') ?? ''
    const calls = /connect-src ([^;]*)/.exec(policy)?.[1]?.split(' ') ?? []
    for (const name of ['rome', 'institute', 'accounts']) assert.ok(calls.includes(network.url(name)), name)
    assert.match(policy, /script-src 'self';/)
  }
  assert.equal((await at('accounts', '/people/1/none', { accept: 'application/json' })).status, 404)
})

test('where the pages are not built, it says so; where no account is kept, the front page is the professionals\'', async () => {
  const front = await at('institute', '/', page)
  assert.deepEqual([front.status, front.headers.get('location')], [302, '/pro/'])
  const missing = await at('institute', '/pro/', page)
  assert.equal(missing.status, 503)
  assert.match(await missing.text(), /not built yet[^]*npm start/)
})
