// The contract suite of the transport port: every adapter passes it, the one in memory included.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MhmdError, defineErrors } from '@mhmd/base'
import type { Accept, Transport } from '../src/index.ts'

/** A little network: members `alice` and `bob` listen, `nobody` does not. */
export interface TransportsUnderTest {
  from(member: 'alice' | 'bob'): Transport
  close(): Promise<void>
}

const errors = defineErrors('SUITE', {
  NO: { kind: 'conflict', says: (d: { id: string }) => `no to ${d.id}`, remedy: 'Ask otherwise.' },
})

export function transportSuite(name: string, open: (accept: Readonly<Record<'alice' | 'bob', Accept>>) => Promise<TransportsUnderTest>): void {
  const withNetwork = (title: string, bob: Accept, body: (network: TransportsUnderTest) => Promise<void>): void => {
    test(`${name}: ${title}`, async () => {
      const network = await open({ alice: async () => new Uint8Array(0), bob })
      try {
        await body(network)
      } finally {
        await network.close()
      }
    })
  }

  withNetwork('bytes arrive as they are, from the member that sent them, and the answer comes back as it is', async (bytes, connection) => Buffer.concat([Buffer.from(`${connection}:`), bytes]), async (network) => {
    for (const sent of [Buffer.alloc(0), Buffer.from([0, 255, 10, 13]), Buffer.alloc(200_000, 7)]) {
      assert.deepEqual(Buffer.from(await network.from('alice').send('bob', sent)), Buffer.concat([Buffer.from('alice:'), sent]))
    }
    assert.equal(Buffer.from(await network.from('bob').send('bob', Buffer.from('self'))).toString(), 'bob:self')
  })

  withNetwork('the recipient\'s error crosses with code, kind and details', async () => { throw errors.NO({ id: 'm1' }) }, async (network) => {
    await assert.rejects(network.from('alice').send('bob', Buffer.from('x')), { code: 'SUITE_NO', kind: 'conflict', details: { id: 'm1' } })
  })

  withNetwork('the recipient\'s bug crosses as an error, without its text', async () => { throw new Error('Anna Rossi') }, async (network) => {
    const error = await network.from('alice').send('bob', Buffer.from('x')).then(() => undefined, (thrown: unknown) => thrown)
    assert.ok(error instanceof Error && (name === 'memory' || (MhmdError.isInstance(error) && !JSON.stringify(error).includes('Rossi'))))
  })

  withNetwork('a member that does not listen is unavailable', async () => new Uint8Array(0), async (network) => {
    await assert.rejects(network.from('alice').send('nobody', Buffer.from('x')), (error) => MhmdError.isInstance(error) && error.kind === 'unavailable')
  })

  withNetwork('a send given up before it began is unavailable', async () => new Uint8Array(0), async (network) => {
    await assert.rejects(network.from('alice').send('bob', Buffer.from('x'), AbortSignal.abort()), (error) => MhmdError.isInstance(error) && error.kind === 'unavailable')
  })

  withNetwork('many sends at once each get their own answer', async (bytes) => bytes, async (network) => {
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => network.from(n % 2 === 0 ? 'alice' : 'bob').send('bob', Buffer.from(String(n)))))
    assert.deepEqual(answers.map((answer) => Buffer.from(answer).toString()), answers.map((_, n) => String(n)))
  })
}
