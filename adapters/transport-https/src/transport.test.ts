import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { connect as tlsConnect } from 'node:tls'
import { after, before, test } from 'node:test'
import { defineErrors } from '@mhmd/base'
import type { Log, MhmdError } from '@mhmd/base'
import { issueNodeCertificate, memberClient, newAuthority, pinOf, startMemberServer, startPeopleServer } from './index.ts'
import type { KeyAndCertificate, MemberRequest, MemberServer } from './index.ts'

const errors = defineErrors('SAMPLE', { GONE: { kind: 'not-found', says: (d: { id: string }) => `${d.id} is gone`, remedy: 'Look elsewhere.' } })

type NodeCertificate = Awaited<ReturnType<typeof issueNodeCertificate>>

let romeAuthority: KeyAndCertificate
let berlinAuthority: KeyAndCertificate
let rome: NodeCertificate
let berlin: NodeCertificate
let server: MemberServer
const listed = new Map<string, string>()
let roots: string[] = []
const lines: { event: string; details: unknown }[] = []
const log: Log = (event, details) => void lines.push({ event, details })

before(async () => {
  romeAuthority = await newAuthority({ organisation: 'Ospedale, "Roma" + 1' })
  berlinAuthority = await newAuthority({ organisation: 'Klinik Berlin' })
  rome = await issueNodeCertificate(romeAuthority, { serverName: 'rome.localhost', days: 30 })
  berlin = await issueNodeCertificate(berlinAuthority, { serverName: 'berlin.localhost', days: 30 })
  roots = [romeAuthority.cert, berlinAuthority.cert]
  listed.set(berlin.pin, 'berlin')
  server = await startMemberServer({
    host: '127.0.0.1', port: 0, log, bodyLimit: 1000,
    tls: () => ({ ...rome, ca: roots }),
    allowList: (pin) => listed.get(pin),
    register: (app) => {
      app.get('/member', (request) => ({ member: request.member }))
      app.post('/echo', (request) => ({ body: request.body, raw: request.rawBody.length }))
      app.post('/bytes', (request) => ({ bytes: (request.body as Buffer).length }))
      app.get('/gone', () => { throw errors.GONE({ id: 'x1' }) })
      app.get('/bug', () => { throw new Error('Anna Rossi, HIV positive') })
      app.get('/nothing', (_request, reply) => { void reply.code(204).send() })
      app.get('/slow', (_request, reply) => reply.type('application/x-ndjson').send(Readable.from((async function* () { yield '1\n'; await pause(100); yield '2\n' })())))
      app.get('/endless', (_request, reply) => reply.type('application/x-ndjson').send(Readable.from((async function* () { for (;;) { yield '1\n'; await pause(10) } })())))
      app.get('/lines', (_request, reply) => reply.type('application/x-ndjson').send(new ReadableStream({ start(c) { c.enqueue(Buffer.from('1\n')); c.enqueue(Buffer.from('2\n')); c.close() } })))
    },
  })
})
after(() => server.close())

function as(certificate: KeyAndCertificate, ca = roots): (path: string, options?: Partial<MemberRequest>) => Promise<unknown> {
  return async (path, options) => {
    const client = memberClient({ tls: () => ({ ...certificate, ca }) })
    try {
      return await client.request({ endpoint: `https://127.0.0.1:${server.port}`, serverName: 'rome.localhost', pins: [rome.pin], method: 'GET', path, ...options })
    } finally {
      await client.close()
    }
  }
}

test('a listed certificate of a trusted authority is known as its member', async () => {
  assert.deepEqual(await as(berlin)('/member'), { member: 'berlin' })
})

test('a certificate of another authority is refused, also when it is listed', async () => {
  const stranger = await issueNodeCertificate(await newAuthority({ organisation: 'Stranger' }), { serverName: 'berlin.localhost', days: 30 })
  listed.set(stranger.pin, 'berlin')
  await assert.rejects(as(stranger)('/member'), (error: MhmdError) => ['TRANSPORT_PEER_REFUSED_US', 'TRANSPORT_PEER_UNREACHABLE'].includes(error.code))
  listed.delete(stranger.pin)
})

test('an unlisted certificate of a right authority is refused with a code', async () => {
  const unlisted = await issueNodeCertificate(berlinAuthority, { serverName: 'berlin.localhost', days: 30 })
  await assert.rejects(as(unlisted)('/member'), { code: 'TRANSPORT_PEER_NOT_LISTED', kind: 'forbidden' })
  await assert.rejects(as(unlisted)('/no-such-path'), { code: 'TRANSPORT_PEER_NOT_LISTED' })
})

test('an expired certificate is refused', async () => {
  const expired = await issueNodeCertificate(berlinAuthority, { serverName: 'berlin.localhost', days: 1, from: new Date(Date.now() - 3 * 86_400_000) })
  listed.set(expired.pin, 'berlin')
  await assert.rejects(as(expired)('/member'), (error: MhmdError) => ['TRANSPORT_PEER_REFUSED_US', 'TRANSPORT_PEER_UNREACHABLE'].includes(error.code))
  listed.delete(expired.pin)
})

test('no certificate, and TLS 1.2, get no answer at all', async () => {
  for (const options of [{}, { key: berlin.key, cert: berlin.cert, maxVersion: 'TLSv1.2' as const }]) {
    const answer = await new Promise<string>((resolve) => {
      let seen = ''
      const socket = tlsConnect({ host: '127.0.0.1', port: server.port, servername: 'rome.localhost', ca: roots, ...options }, () => socket.write('GET /member HTTP/1.1\r\nHost: rome.localhost\r\nConnection: close\r\n\r\n'))
      socket.on('data', (chunk) => { seen += chunk.toString() }).on('error', () => resolve(seen)).on('close', () => resolve(seen))
    })
    assert.equal(answer, '')
  }
})

test('the client refuses a server whose key is not the member\'s, whose authority is unknown, or whose name is another, and sends nothing', async () => {
  const before = lines.length
  await assert.rejects(as(berlin)('/member', { pins: [berlin.pin] }), { code: 'TRANSPORT_PEER_NOT_TRUSTED' })
  await assert.rejects(as(berlin, [berlinAuthority.cert])('/member'), { code: 'TRANSPORT_PEER_NOT_TRUSTED' })
  await assert.rejects(as(berlin)('/member', { serverName: 'paris.localhost' }), { code: 'TRANSPORT_PEER_NOT_TRUSTED' })
  assert.equal(lines.length, before)
})

test('a node certificate cannot issue further certificates', async () => {
  const below = await issueNodeCertificate(berlin, { serverName: 'berlin.localhost', days: 30 })
  listed.set(below.pin, 'berlin')
  await assert.rejects(as({ key: below.key, cert: below.cert + berlin.cert })('/member'), (error: MhmdError) => error.code.startsWith('TRANSPORT_PEER_'))
  listed.delete(below.pin)
})

test('an oversized body, malformed JSON, deep nesting, wrong encodings and unknown types are refused with codes', async () => {
  const post = as(berlin)
  await assert.rejects(post('/echo', { method: 'POST', body: { text: 'x'.repeat(2000) } }), { code: 'TRANSPORT_BODY_TOO_LARGE' })
  for (const [path, body, type, status, code] of [
    ['/echo', '{"text": ', 'application/json', 400, 'TRANSPORT_BAD_JSON'],
    ['/echo', '', 'application/json', 400, 'TRANSPORT_BAD_JSON'],
    ['/echo', '{"__proto__": {"admin": true}}', 'application/json', 400, 'TRANSPORT_BAD_JSON'],
    ['/echo', Buffer.from([0x22, 0xff, 0x22]), 'application/json', 400, 'TRANSPORT_BAD_JSON'],
    ['/echo', '['.repeat(400) + ']'.repeat(400), 'application/json', 400, 'TRANSPORT_TOO_DEEP'],
    ['/echo', '<a/>', 'text/xml', 415, 'TRANSPORT_MEDIA_TYPE'],
    ['/echo', 'x'.repeat(1001), 'application/json', 413, 'TRANSPORT_BODY_TOO_LARGE'],
    ['/%zz', '{}', 'application/json', 400, 'TRANSPORT_BAD_REQUEST'],
    ['/../../etc/passwd', '{}', 'application/json', 404, 'TRANSPORT_NO_SUCH_PATH'],
  ] as const) {
    const answer = await raw(path, body, type)
    assert.equal(answer.status, status, `${path} ${code}`)
    assert.equal(JSON.parse(answer.body).error.code, code)
  }
  assert.deepEqual(await post('/echo', { method: 'POST', body: { text: 'x"[[[[\\' } }), { body: { text: 'x"[[[[\\' }, raw: 20 })
})

/** One request written by hand, so that nothing corrects it on the way. */
function raw(path: string, body: string | Buffer, type: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    let seen = ''
    const socket = tlsConnect({ host: '127.0.0.1', port: server.port, servername: 'rome.localhost', ca: roots, key: berlin.key, cert: berlin.cert }, () => {
      socket.write(`POST ${path} HTTP/1.1\r\nHost: rome.localhost\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n`)
      socket.write(body)
    })
    socket.on('data', (chunk) => { seen += chunk.toString() }).on('error', reject).on('close', () => resolve({ status: Number(seen.slice(9, 12)), body: seen.slice(seen.indexOf('\r\n\r\n') + 4) }))
  })
}

test('bytes go and come as they are, and streams are read as they come', async () => {
  assert.deepEqual(await as(berlin)('/bytes', { method: 'POST', body: new Uint8Array(7) }), { bytes: 7 })
  assert.equal(await as(berlin)('/nothing'), undefined)
  const client = memberClient({ tls: () => ({ ...berlin, ca: roots }) })
  let text = ''
  for await (const chunk of await client.stream({ endpoint: `https://127.0.0.1:${server.port}`, serverName: 'rome.localhost', pins: [rome.pin], method: 'GET', path: '/lines' })) text += Buffer.from(chunk).toString()
  assert.equal(text, '1\n2\n')
  await assert.rejects(client.stream({ endpoint: `https://127.0.0.1:${server.port}`, serverName: 'rome.localhost', pins: [rome.pin], method: 'GET', path: '/gone' }), { code: 'SAMPLE_GONE' })
  await client.close()
})

test('an error crosses with its code, kind, details and remedy; a bug crosses as a correlation id, and its text is in no log line', async () => {
  await assert.rejects(as(berlin)('/gone'), { code: 'SAMPLE_GONE', kind: 'not-found', message: 'x1 is gone', remedy: 'Look elsewhere.', details: { id: 'x1' } })
  const error = await as(berlin)('/bug').catch((thrown: unknown) => thrown as MhmdError) as MhmdError
  assert.equal(error.code, 'INTERNAL')
  assert.ok(!JSON.stringify([error, lines]).includes('Rossi'))
  assert.ok(JSON.stringify(lines).includes(String(error.details['correlationId'])))
})

test('who is taken off the list is refused on the connection that is already open', async () => {
  const client = memberClient({ tls: () => ({ ...berlin, ca: roots }) })
  const request = { endpoint: `https://127.0.0.1:${server.port}`, serverName: 'rome.localhost', pins: [rome.pin], method: 'GET', path: '/member' } as const
  assert.deepEqual(await client.request(request), { member: 'berlin' })
  listed.delete(berlin.pin)
  await assert.rejects(client.request(request), { code: 'TRANSPORT_PEER_NOT_LISTED' })
  listed.set(berlin.pin, 'berlin')
  await client.close()
})

test('trust list and own certificate change at run time', async () => {
  const parisAuthority = await newAuthority({ organisation: 'Hôpital Paris' })
  const paris = await issueNodeCertificate(parisAuthority, { serverName: 'paris.localhost', days: 30 })
  listed.set(paris.pin, 'paris')
  await assert.rejects(as(paris)('/member'))
  roots = [...roots, parisAuthority.cert]
  const previous = rome
  rome = await issueNodeCertificate(romeAuthority, { serverName: 'rome.localhost', days: 30 })
  server.refresh()
  assert.deepEqual(await as(paris)('/member'), { member: 'paris' })
  await assert.rejects(as(paris)('/member', { pins: [previous.pin] }), { code: 'TRANSPORT_PEER_NOT_TRUSTED' })
})

test('refreshing the client lets a stream that has begun end', async () => {
  const client = memberClient({ tls: () => ({ ...berlin, ca: roots }) })
  const request = { endpoint: `https://127.0.0.1:${server.port}`, serverName: 'rome.localhost', pins: [rome.pin], method: 'GET' } as const
  const stream = await client.stream({ ...request, path: '/slow' })
  client.refresh()
  assert.deepEqual(await client.request({ ...request, path: '/member' }), { member: 'berlin' })
  let text = ''
  for await (const chunk of stream) text += Buffer.from(chunk).toString()
  assert.equal(text, '1\n2\n')
  const cut = await client.stream({ ...request, path: '/endless' })
  await client.close()
  await assert.rejects(async () => { for await (const _ of cut); }, { code: 'TRANSPORT_PEER_UNREACHABLE' })
})

test('an unreachable peer and a given-up request are unavailable, with codes', async () => {
  await assert.rejects(as(berlin)('/member', { endpoint: 'https://127.0.0.1:1' }), { code: 'TRANSPORT_PEER_UNREACHABLE', kind: 'unavailable' })
  await assert.rejects(as(berlin)('/member', { signal: AbortSignal.abort() }), { code: 'TRANSPORT_ABORTED' })
})

test('a taken port says so; plain http is served on loopback only', async () => {
  const options = { host: '127.0.0.1', port: 0, log, register: () => undefined }
  const first = await startPeopleServer(options)
  await assert.rejects(startPeopleServer({ ...options, port: first.port }), { code: 'TRANSPORT_PORT_TAKEN' })
  for (const host of ['0.0.0.0', '::', '192.0.2.1', 'rome.example', '127.evil.example']) await assert.rejects(startPeopleServer({ ...options, host }), { code: 'TRANSPORT_PLAIN_HTTP_REFUSED' })
  const answer = await new Promise<string>((resolve) => connect(first.port, '127.0.0.1').on('data', (data) => resolve(data.toString())).end('nonsense\r\n\r\n'))
  assert.match(answer, /^HTTP\/1\.1 400 .*TRANSPORT_BAD_REQUEST/s)
  await first.close()
})

test('a people port with a certificate speaks TLS', async () => {
  const people = await startPeopleServer({ host: '127.0.0.1', port: 0, log, tls: rome, register: (app) => { app.get('/x', () => ({ ok: true })) } })
  const seen = await new Promise<string>((resolve) => {
    const socket = tlsConnect({ host: '127.0.0.1', port: people.port, servername: 'localhost', ca: [romeAuthority.cert] }, () => socket.write('GET /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'))
    socket.on('data', (data) => resolve(data.toString())).on('error', (error) => resolve(error.message))
  })
  assert.match(seen, /\{"ok":true\}$/)
  await people.close()
})

test('nonsense is no certificate, and no name, life or authority key is made up', async () => {
  assert.throws(() => pinOf('nonsense'), { code: 'TRANSPORT_BAD_CERTIFICATE' })
  await assert.rejects(newAuthority({ organisation: '' }), { code: 'TRANSPORT_BAD_CERTIFICATE_REQUEST' })
  await assert.rejects(issueNodeCertificate({ key: 'nonsense', cert: romeAuthority.cert }, { serverName: 'rome.localhost', days: 1 }), { code: 'TRANSPORT_BAD_CERTIFICATE' })
  for (const options of [{ serverName: '*.localhost', days: 1 }, { serverName: 'a b', days: 1 }, { serverName: 'a'.repeat(300), days: 1 }, { serverName: 'rome.localhost', days: 0 }]) await assert.rejects(issueNodeCertificate(romeAuthority, options), { code: 'TRANSPORT_BAD_CERTIFICATE_REQUEST' })
})
