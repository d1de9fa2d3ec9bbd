import assert from 'node:assert/strict'
import { test } from 'node:test'
import { oracle, persons } from '../testing/world.ts'

const everyone = persons(0, 100)

test('a group of fewer than ten, or of all but fewer than ten, is never answered; ten are', async () => {
  for (let size = 0; size <= 100; size++) {
    const answer = await oracle(1).ask('one', new Set(everyone.slice(0, size)), new Set(everyone))
    assert.equal(answer !== null, size >= 10 && size <= 90, `${size} of 100`)
  }
})
