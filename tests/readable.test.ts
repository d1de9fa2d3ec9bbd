import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { readable } from './scenarios/support/readable.ts'

const NAMES = /rome|"subject"/i

test('a text kept as it is, and one that is only encoded, are read', () => {
  const long = JSON.stringify({ holder: 'rome', filling: 'x'.repeat(300) })
  for (const value of ['{"holder":"rome"}', 'hospital-of-rome-in-one-word', Buffer.from(long).toString('base64url'), Buffer.from(long).toString('base64')]) {
    assert.match(readable({ box: value }), NAMES)
  }
  assert.match(readable({ 'box-of-rome': 'yes' }), NAMES)
})

test('letters of a sealed box that spell a name by chance are none', () => {
  const box = `${randomBytes(300).toString('base64url')}rOmE${randomBytes(300).toString('base64url')}`
  assert.doesNotMatch(readable({ box }), NAMES)
})
