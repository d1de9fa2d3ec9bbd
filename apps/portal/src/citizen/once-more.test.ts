import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MhmdError } from '@mhmd/base'
import { onceMore } from './once-more.ts'

const refusal = (kind: 'unavailable' | 'unauthenticated' | 'not-found'): MhmdError => new MhmdError({ code: 'SAMPLE_NO', kind, message: 'no', remedy: 'none' })

test('what nobody answered is asked once more; a key that a hospital does not know is not shown to it again', () => {
  assert.deepEqual([refusal('unavailable'), new TypeError('fetch failed'), refusal('unauthenticated'), refusal('not-found')].map((error) => onceMore(0, error)), [true, true, false, false])
  assert.equal(onceMore(1, refusal('unavailable')), false)
})
