import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import fc from 'fast-check'
import { MhmdError, defineErrors, newId } from '@mhmd/base'
import type { Canonical } from '@mhmd/base'
import { newSigningKey } from '@mhmd/crypto'
import type { SigningKey } from '@mhmd/crypto'
import { memoryStore } from '@mhmd/store/testing'
import { memoryTransport, transportSuite } from '../testing/index.ts'
import { createInbox, createOutbox, openEnvelope, sealEnvelope } from './index.ts'
import type { Accept, Handler, Message, Outbox, OutboxEntry, Transport } from './index.ts'

transportSuite('memory', async (accept) => {
  const transport = memoryTransport()
  transport.listen('alice', accept.alice)
  transport.listen('bob', accept.bob)
  return { from: (member) => transport.from(member), close: async () => undefined }
})

const randomness = { bytes: (length: number) => randomBytes(length) }
const network = newSigningKey().key.publicKey
const START = 1_800_000_000_000
const DAY = 86_400_000

const messageOf = (change: Partial<Message> = {}): Message => ({ id: newId(randomness), network, from: 'rome', to: 'berlin', kind: 'greeting/1', created: START, expires: START + DAY, body: { text: 'salve', n: [1, null] }, ...change })

/** Rome's outbox and Berlin's inbox, with a clock that the test moves and a wire that it cuts. */
function pair(handlers: Record<string, Handler> = {}): {
  clock: { at: number; now(): number }
  /** The keys that Berlin finds on the ledger, and the one that Rome signs with. */
  keys: Record<string, SigningKey>
  own: { key: SigningKey }
  accept: Accept
  berlin: ReturnType<typeof memoryStore>
  rome: ReturnType<typeof memoryStore>
  outbox: Outbox
  wire: { cut: boolean; loseAnswers: boolean; sent: Uint8Array[] }
  ended: OutboxEntry[]
  post: (change?: { kind?: string; body?: Canonical; lifeMs?: number }) => Promise<string>
  entry: (id: string) => Promise<OutboxEntry>
} {
  const clock = { at: START, now: () => clock.at }
  const keys: Record<string, SigningKey> = { rome: newSigningKey().key, berlin: newSigningKey().key }
  const own = { key: keys['rome'] as SigningKey }
  const [rome, berlin] = [memoryStore(), memoryStore()]
  const senderOf = (id: string): { signingKey: string } | undefined => keys[id] === undefined ? undefined : { signingKey: keys[id].publicKey }
  const count: Handler = async (envelope, tx) => {
    const n = Number(Buffer.from(await tx.get('count', ['n']) ?? Buffer.from('0')).toString()) + 1
    await tx.put('count', ['n'], Buffer.from(String(n)))
    return { n, from: envelope.from }
  }
  const inbox = createInbox({ store: berlin, network, self: 'berlin', clock, senderOf, handlers: { 'greeting/1': count, ...handlers }, log: () => undefined })
  const memory = memoryTransport()
  memory.listen('berlin', inbox.accept)
  const wire = { cut: false, loseAnswers: false, sent: [] as Uint8Array[] }
  const transport: Transport = {
    send: async (to, bytes, signal) => {
      wire.sent.push(bytes)
      if (wire.cut) throw new Error('cut')
      const answer = await memory.from('rome').send(to, bytes, signal)
      if (wire.loseAnswers) throw new Error('lost')
      return answer
    },
  }
  const ended: OutboxEntry[] = []
  const outbox = createOutbox({ store: rome, network, self: 'rome', transport, signingKey: () => own.key, checkpoint: () => null, clock, randomness, wait: (ms, signal) => pause(ms, undefined, { signal }).catch(() => undefined), log: () => undefined, onEnd: async (entry) => void ended.push(entry) })
  return {
    clock, keys, own, accept: inbox.accept, berlin, rome, outbox, wire, ended,
    post: (change = {}) => rome.write((tx) => outbox.post(tx, { to: 'berlin', kind: 'greeting/1', body: 'x', ...change })),
    entry: async (id) => await rome.read((tx) => outbox.entry(tx, id)) as OutboxEntry,
  }
}

const counted = async (store: ReturnType<typeof memoryStore>): Promise<number> => Number(Buffer.from(await store.read((tx) => tx.get('count', ['n'])) ?? Buffer.from('0')).toString())

test('each broken rule of an envelope has its code', async () => {
  const { accept, keys, clock } = pair()
  const send = (change: Partial<Message>, connection = 'rome', key = keys['rome'] as SigningKey): Promise<Uint8Array> => accept(sealEnvelope(messageOf(change), null, key), connection)
  const cases: [Promise<Uint8Array>, string][] = [
    [send({ network: newSigningKey().key.publicKey }), 'WRONG_NETWORK'],
    [send({ to: 'paris' }), 'WRONG_RECIPIENT'],
    [send({}, 'paris'), 'SENDER_MISMATCH'],
    [send({ from: 'stranger' }, 'stranger'), 'UNKNOWN_SENDER'],
    [send({}, 'rome', newSigningKey().key), 'BAD_SIGNATURE'],
    [send({ from: 'berlin' }, 'berlin'), 'BAD_SIGNATURE'],
    [send({ created: START - 2 * DAY, expires: START }), 'EXPIRED'],
    [send({ created: START + 61_000 }), 'NOT_YET'],
    [send({ created: START, expires: START + 31 * DAY }), 'BAD_LIFE'],
    [send({ created: START, expires: START - 1 }), 'BAD_LIFE'],
    [send({ kind: 'unheard-of/1' }), 'UNKNOWN_KIND'],
    [send({ kind: 'to-string/1' }), 'UNKNOWN_KIND'],
    [send({ body: 'x'.repeat(300_000) }), 'TOO_LARGE'],
    [send({ id: '../../etc/passwd' }), 'UNREADABLE'],
    [send({ from: 'Rome' }), 'UNREADABLE'],
    [send({ kind: 'constructor' }), 'UNREADABLE'],
    [send({ created: -1 }), 'UNREADABLE'],
    [accept(Buffer.from('null'), 'rome'), 'UNREADABLE'],
    [accept(Buffer.from([0xff]), 'rome'), 'UNREADABLE'],
    [accept(Buffer.from('['.repeat(100_000)), 'rome'), 'UNREADABLE'],
    [accept(Buffer.from(`${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`), 'rome'), 'UNREADABLE'],
    [accept(Buffer.concat([sealEnvelope(messageOf(), null, keys['rome'] as SigningKey), Buffer.from(' ')]), 'rome'), 'UNREADABLE'],
  ]
  for (const [sent, code] of cases) await assert.rejects(sent, { code: `MESSAGES_${code}` })
  clock.at += 1
  await send({})
})

test('any corruption of any byte of an envelope is refused', async () => {
  const { keys } = pair()
  const options = { network, self: 'berlin', clock: { now: () => START }, senderOf: () => ({ signingKey: (keys['rome'] as SigningKey).publicKey }), connection: 'rome' }
  const bytes = sealEnvelope(messageOf(), 'checkpoint text\n', keys['rome'] as SigningKey)
  assert.equal(openEnvelope(bytes, options).kind, 'greeting/1')
  // Every bit of every byte, so that no position is left to luck.
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const changed = Uint8Array.from(bytes)
    changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7))
    assert.throws(() => openEnvelope(changed, options), (error: MhmdError) => MhmdError.isInstance(error) && error.code.startsWith('MESSAGES_'))
  }
  fc.assert(fc.property(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }), fc.nat(bytes.length), (changes, cut) => {
    const changed = Buffer.from(bytes)
    for (const [at, value] of changes) changed[at] = value
    const variant = changed.subarray(0, cut === 0 ? bytes.length : cut)
    fc.pre(Buffer.compare(variant, bytes) !== 0)
    assert.throws(() => openEnvelope(variant, options), (error: MhmdError) => MhmdError.isInstance(error))
  }))
})

test('a message takes effect once, however often it comes, and is acknowledged each time', async () => {
  const { accept, keys, berlin } = pair()
  const message = messageOf()
  const first = await accept(sealEnvelope(message, null, keys['rome'] as SigningKey), 'rome')
  // A second attempt carries a newer checkpoint, so its bytes differ.
  const answers = await Promise.all([1, 2, 3].map((n) => accept(sealEnvelope(message, `checkpoint ${n}`, keys['rome'] as SigningKey), 'rome')))
  for (const answer of answers) assert.deepEqual(answer, first)
  assert.equal(await counted(berlin), 1)
  await assert.rejects(accept(sealEnvelope({ ...message, body: 'another' }, null, keys['rome'] as SigningKey), 'rome'), { code: 'MESSAGES_ID_REUSED' })
})

test('a handler that fails leaves nothing behind, and the message may come again', async () => {
  let fail = true
  const { accept, keys, berlin } = pair({ 'fragile/1': async (_envelope, tx) => {
    await tx.put('effects', ['x'], Buffer.from('x'))
    if (fail) throw new Error('half way')
    return null
  } })
  const bytes = sealEnvelope(messageOf({ kind: 'fragile/1' }), null, keys['rome'] as SigningKey)
  await assert.rejects(accept(bytes, 'rome'))
  assert.equal(await berlin.read((tx) => tx.get('effects', ['x'])), undefined)
  fail = false
  await accept(bytes, 'rome')
  assert.ok(await berlin.read((tx) => tx.get('effects', ['x'])))
})

test('a message leaves only when the transaction of its cause is written', async () => {
  const { rome, outbox, wire } = pair()
  await assert.rejects(rome.write(async (tx) => {
    await outbox.post(tx, { to: 'berlin', kind: 'greeting/1', body: 'x' })
    throw new Error('the cause did not happen')
  }))
  assert.equal(await outbox.pass(), 0)
  assert.equal(wire.sent.length, 0)
})

test('a delivered message holds the answer, and its end is told once', async () => {
  const { outbox, post, entry, ended } = pair()
  const id = await post()
  await outbox.pass()
  assert.equal(await outbox.pass(), 0)
  assert.deepEqual({ ...await entry(id), message: undefined }, { message: undefined, status: 'delivered', attempts: 1, answer: { n: 1, from: 'rome' }, at: START })
  assert.deepEqual(ended.map(({ status }) => status), ['delivered'])
})

test('a cut wire is tried again with growing pauses until it holds, and a lost acknowledgement does nothing twice', async () => {
  const { outbox, post, entry, clock, wire, berlin } = pair()
  const id = await post()
  wire.cut = true
  const pauses: number[] = []
  for (let n = 0; n < 12; n++) {
    await outbox.pass()
    const { status, at } = await entry(id)
    assert.equal(status, 'waiting')
    pauses.push(at - clock.at)
    assert.equal(await outbox.pass(), 0, 'not before it is due')
    clock.at = at
  }
  for (const [n, ms] of pauses.entries()) {
    const full = Math.min(250 * 2 ** n, 60_000)
    assert.ok(ms > full * 0.74 && ms <= full, `pause ${n} is ${ms}`)
  }
  Object.assign(wire, { cut: false, loseAnswers: true })
  await outbox.pass()
  clock.at = (await entry(id)).at
  wire.loseAnswers = false
  await outbox.pass()
  assert.equal((await entry(id)).status, 'delivered')
  assert.equal(await counted(berlin), 1)
})

test('a refusal that time will not mend ends the message with its code; missing trust does not', async () => {
  const errors = defineErrors('SAMPLE', { NO: { kind: 'conflict', says: () => 'no', remedy: 'None.' } })
  const { outbox, post, entry, keys, clock } = pair({ 'refused/1': async () => { throw errors.NO(undefined) } })
  const [refused, unknown, waiting] = [await post({ kind: 'refused/1' }), await post({ kind: 'unheard-of/1' }), await post()]
  await outbox.pass()
  assert.deepEqual([(await entry(refused)).status, (await entry(refused)).code], ['refused', 'SAMPLE_NO'])
  assert.deepEqual([(await entry(unknown)).status, (await entry(unknown)).code], ['refused', 'MESSAGES_UNKNOWN_KIND'])
  assert.equal((await entry(waiting)).status, 'delivered')
  const later = await post()
  const trusted = keys['rome'] as SigningKey
  delete keys['rome']
  await outbox.pass()
  assert.deepEqual([(await entry(later)).status, (await entry(later)).code], ['waiting', 'MESSAGES_UNKNOWN_SENDER'])
  keys['rome'] = trusted
  clock.at += 1000
  await outbox.pass()
  assert.equal((await entry(later)).status, 'delivered')
})

test('a message that nobody took ends as expired', async () => {
  const { outbox, post, entry, clock, wire, ended } = pair()
  const id = await post({ lifeMs: 5000 })
  wire.cut = true
  await outbox.pass()
  clock.at += 6000
  await outbox.pass()
  assert.equal((await entry(id)).status, 'expired')
  assert.deepEqual(ended.map(({ status, code }) => [status, code]), [['expired', 'INTERNAL']])
})

test('what waited is signed by the key of the day it leaves', async () => {
  const { outbox, post, entry, keys, own } = pair()
  const id = await post()
  keys['rome'] = own.key = newSigningKey().key
  await outbox.pass()
  assert.equal((await entry(id)).status, 'delivered')
})

test('a recipient that hangs delays nobody else, and stopping waits for what is on its way', async () => {
  const store = memoryStore()
  const clock = { now: () => START }
  const stop = new AbortController()
  let delivered = (): void => undefined
  const done = new Promise<void>((resolve) => { delivered = resolve })
  const transport: Transport = {
    send: (to, bytes, signal) => to === 'hangs'
      ? new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('given up'))))
      : Promise.resolve(Buffer.from(JSON.stringify({ id: JSON.parse(Buffer.from(bytes).toString()).id, answer: null }))),
  }
  const outbox = createOutbox({ store, network, self: 'rome', transport, signingKey: () => newSigningKey().key, checkpoint: () => null, clock, randomness, wait: (ms, signal) => pause(ms, undefined, { signal }).catch(() => undefined), log: () => undefined, onEnd: async ({ message }) => { if (message.to === 'berlin') delivered() } })
  const running = outbox.run(stop.signal)
  const stuck = await store.write((tx) => outbox.post(tx, { to: 'hangs', kind: 'greeting/1', body: null }))
  await pause(120)
  await store.write((tx) => outbox.post(tx, { to: 'berlin', kind: 'greeting/1', body: null }))
  await done
  stop.abort()
  await running
  assert.equal((await store.read((tx) => outbox.entry(tx, stuck)))?.status, 'waiting')
})

test('an acknowledgement of another message is none', async () => {
  const store = memoryStore()
  const outbox = createOutbox({ store, network, self: 'rome', transport: { send: async () => Buffer.from('{"id":"x","answer":null}') }, signingKey: () => newSigningKey().key, checkpoint: () => null, clock: { now: () => START }, randomness, wait: async () => undefined, log: () => undefined })
  const id = await store.write((tx) => outbox.post(tx, { to: 'berlin', kind: 'greeting/1', body: null }))
  await outbox.pass()
  const entry = await store.read((tx) => outbox.entry(tx, id))
  assert.deepEqual([entry?.status, entry?.code], ['waiting', 'MESSAGES_BAD_ACKNOWLEDGEMENT'])
})

test('the inbox forgets what is long expired', async () => {
  const { accept, keys, clock, berlin } = pair()
  const inbox = createInbox({ store: berlin, network, self: 'berlin', clock, senderOf: () => undefined, handlers: {}, log: () => undefined })
  await accept(sealEnvelope(messageOf(), null, keys['rome'] as SigningKey), 'rome')
  clock.at += DAY
  assert.equal(await inbox.prune(), 0)
  clock.at += DAY + 1
  assert.equal(await inbox.prune(), 1)
})

test('what is too large or lives too long is refused where it is posted', async () => {
  const { post } = pair()
  await assert.rejects(post({ body: 'x'.repeat(260_000) }), { code: 'MESSAGES_TOO_LARGE' })
  await assert.rejects(post({ lifeMs: 31 * DAY }), { code: 'MESSAGES_BAD_LIFE' })
})
