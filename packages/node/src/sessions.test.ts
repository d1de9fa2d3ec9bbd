import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { fromUtf8 } from '@mhmd/base'
import { memoryStore } from '@mhmd/store/testing'
import { createSessions, sessionLimits } from './sessions.ts'

const randomness = { bytes: (length: number) => randomBytes(length) }
const KEY = 'A'.repeat(43)
const { idleMilliseconds, longestMilliseconds } = sessionLimits

test('a session lives while it is used, and no longer than it may in all', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 2 * idleMilliseconds }), { maxLength: 60 }), async (pauses) => {
    const clock = { at: 1_800_000_000_000, now: () => clock.at }
    const sessions = createSessions({ store: memoryStore(), clock, randomness })
    const opened = clock.at
    const { secret } = await sessions.open(KEY)
    let seen = opened
    for (const pause of pauses) {
      clock.at += pause
      const session = await sessions.use(secret).catch(() => undefined)
      // The last durable sight of it may be a thirtieth of the idle time old.
      const mustLive = clock.at < seen + idleMilliseconds * 29 / 30 && clock.at < opened + longestMilliseconds
      const mustEnd = clock.at >= seen + idleMilliseconds || clock.at >= opened + longestMilliseconds
      if (mustLive) assert.equal(session?.key, KEY)
      if (mustEnd) assert.equal(session, undefined)
      if (session === undefined) return
      assert.ok(session.idleUntil > clock.at && session.idleUntil <= session.expires && session.expires === opened + longestMilliseconds)
      seen = clock.at
    }
  }))
})

test('an ended session is over, another\'s is not, and one key has five at most', async () => {
  const clock = { at: 1_800_000_000_000, now: () => clock.at }
  const sessions = createSessions({ store: memoryStore(), clock, randomness })
  const all: string[] = []
  for (let n = 0; n < 7; n++) {
    clock.at += 1000
    all.push((await sessions.open(KEY)).secret)
  }
  const other = await sessions.open('B'.repeat(43))
  for (const [n, secret] of all.entries()) {
    if (n < 2) await assert.rejects(sessions.use(secret), { code: 'NODE_SESSION_OVER' })
    else assert.equal((await sessions.use(secret)).key, KEY)
  }
  await sessions.end((await sessions.use(all[6] ?? '')).id)
  await assert.rejects(sessions.use(all[6] ?? ''), { code: 'NODE_SESSION_OVER' })
  assert.equal((await sessions.use(other.secret)).csrf, other.csrf)
  await assert.rejects(sessions.use(''), { code: 'NODE_SESSION_OVER' })
})

test('what is stored opens nothing: neither the cookie nor the token beside it', async () => {
  const store = memoryStore()
  const sessions = createSessions({ store, clock: { now: () => 1_800_000_000_000 }, randomness })
  const { secret, csrf } = await sessions.open(KEY)
  const rows = await store.read(async (tx) => {
    const found: string[] = []
    for await (const { key, value } of tx.scan('sessions')) found.push(`${key.join(' ')} ${fromUtf8(value)}`)
    return found
  })
  assert.equal(rows.length, 1)
  for (const word of [secret, csrf]) assert.ok(!rows.join().includes(word))
  const [id = ''] = rows[0]?.split(' ') ?? []
  await assert.rejects(sessions.use(id), { code: 'NODE_SESSION_OVER' })
})
