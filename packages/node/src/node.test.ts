import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { startNode } from './node.ts'

test('a node that would send decisions before their batch leaves does not start, and is told what to set', async () => {
  const begun = (waits: { readonly batchMilliseconds?: number; readonly ledgerAfterMilliseconds?: number }): Promise<unknown> =>
    startNode({ home: '/nowhere/at/all', log: () => undefined, clock: { now: () => 1 }, randomness: { bytes: (length) => randomBytes(length) }, ...waits })
  for (const waits of [{ ledgerAfterMilliseconds: 1000 }, { batchMilliseconds: 5000 }, { batchMilliseconds: 2000, ledgerAfterMilliseconds: 1999 }, { ledgerAfterMilliseconds: Number.NaN }]) {
    await assert.rejects(begun(waits), { code: 'NODE_LEDGER_AFTER_TOO_SHORT', remedy: /--ledger-after/ })
  }
  await assert.rejects(begun({ batchMilliseconds: 2000, ledgerAfterMilliseconds: 2001 }), { code: 'NODE_HOME_MISSING' })
})
