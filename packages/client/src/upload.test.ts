import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { defineErrors } from '@mhmd/base'
import { newSigningKey } from '@mhmd/crypto'
import { renderError } from '@mhmd/messages'
import { peopleClient } from './index.ts'

const errors = defineErrors('SAMPLE', {
  STATE: { kind: 'conflict', says: (d: { state: string }) => d.state, remedy: 'None.' },
  TOKEN: { kind: 'not-found', says: () => 'no such upload', remedy: 'Announce it.' },
})

/** A node that cuts the connection after some bytes, a number of times; what came stays. */
async function cuttingNode(size: number, cuts: number): Promise<{ server: Server; url: string; has: () => Buffer }> {
  let has = Buffer.alloc(0)
  let left = cuts
  const server = createServer((request, response) => void answer(request, response))
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const fail = (error: unknown): void => { const { status, body } = renderError(error, ''); response.writeHead(status).end(JSON.stringify(body)) }
    if (request.headers['x-upload-token'] !== 'secret') return fail(errors.TOKEN())
    if (Number(request.headers['x-upload-offset']) !== has.length) return fail(errors.STATE({ state: `at byte ${has.length}` }))
    const stop = has.length + Math.floor(size / 3)
    for await (const chunk of request) {
      has = Buffer.concat([has, chunk as Buffer])
      if (left > 0 && has.length >= stop) {
        left--
        request.socket.destroy()
        return
      }
    }
    response.end(JSON.stringify({ received: has.length, job: 'j1' }))
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, has: () => has }
}

const file = Buffer.alloc(900_000, 'synthetic ')
const read = async function* (from: number): AsyncGenerator<Uint8Array> {
  for (let at = from; at < file.length; at += 50_000) yield Uint8Array.from(file.subarray(at, Math.min(at + 50_000, file.length)))
}
const clientAt = (url: string): ReturnType<typeof peopleClient> => peopleClient({ baseUrl: url, key: newSigningKey().key, clock: { now: () => 0 }, randomness: { bytes: (length) => new Uint8Array(length) } })

test('a cut upload is taken up where it broke, and arrives whole', async () => {
  const { server, url, has } = await cuttingNode(file.length, 2)
  assert.deepEqual(await clientAt(url).upload('/staff/1/uploads/x', { token: 'secret', size: file.length, read }), { received: file.length, job: 'j1' })
  assert.equal(Buffer.compare(has(), file), 0)
  server.close()
})

test('after three cuts it gives up with a code; a refusal is not tried again', async () => {
  const { server, url } = await cuttingNode(file.length, 9)
  await assert.rejects(clientAt(url).upload('/staff/1/uploads/x', { token: 'secret', size: file.length * 9, read }), { code: 'CLIENT_UNREACHABLE' })
  await assert.rejects(clientAt(url).upload('/staff/1/uploads/x', { token: 'guessed', size: file.length, read }), (error: { code: string }) => ['SAMPLE_TOKEN', 'CLIENT_UNREACHABLE'].includes(error.code))
  server.close()
})
