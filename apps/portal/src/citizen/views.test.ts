import assert from 'node:assert/strict'
import { test } from 'node:test'
import { QueryClient } from '@tanstack/react-query'
import type { UseQueryResult } from '@tanstack/react-query'
import type { Opened } from './opened.ts'
import { afterItsWord, gathered, whereSheDecides } from './views.ts'

const result = (data: number | undefined, error: Error | null): UseQueryResult<number> => ({ data, error, isPending: data === undefined && error === null, refetch: () => Promise.resolve() }) as unknown as UseQueryResult<number>
const gone = new Error('gone')

test('a hospital that answered before and does not now is named beside what it said; one that never answered is a failure', () => {
  const { known, waiting, failed, stale } = gathered(['rome', 'berlin', 'paris', 'madrid'], [result(1, null), result(2, gone), result(undefined, gone), result(undefined, null)])
  assert.deepEqual([known, waiting, stale], [[1, 2], true, ['berlin']])
  assert.deepEqual(failed.map(({ holder }) => holder), ['paris'])
})

test('there is nothing to decide at a hospital that erased her records, or is to; one that has not answered is asked', () => {
  const opened = { device: { state: { links: ['rome', 'berlin', 'paris', 'madrid'].map((holder) => ({ holder })) } } } as unknown as Opened
  assert.deepEqual(whereSheDecides(opened, [{ holder: 'rome', erased: { asked: 1, done: 2 } }, { holder: 'berlin', erased: { asked: 1, done: null } }, { holder: 'paris', erased: null }]), ['paris', 'madrid'])
})

test('a hospital that does not know her key is asked nothing else; one that gave its word is', async () => {
  const client = new QueryClient()
  const asked: string[] = []
  const ask = (holder: string): Promise<number> => afterItsWord(holder, async () => asked.push(holder))({ client })
  client.setQueryData(['holder', 'rome'], { holder: 'rome' })
  assert.equal(await ask('rome'), 1)
  // Without a device there is no word to be had.
  await assert.rejects(ask('berlin'), { code: 'PORTAL_LOCKED' })
  assert.deepEqual(asked, ['rome'])
})
