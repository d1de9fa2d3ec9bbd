import { test } from 'node:test'
import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { networkId } from '@mhmd/contracts'
import { newSigningKey } from '@mhmd/crypto'
import type { NodeConfig } from './config.ts'
import { initHome, joinHome, readApplication, readConfig, readNetwork, readSecrets } from './home.ts'
import { foundNetwork } from './network.ts'

const now = 1_800_000_000_000
const randomness = { bytes: (length: number): Uint8Array => new Uint8Array(length).fill(7) }
const config: NodeConfig = {
  id: 'rome', name: 'Rome', country: 'IT', roles: ['data-holder'],
  member: { host: '127.0.0.1', port: 1, serverName: 'rome.localhost' }, people: { host: '127.0.0.1', port: 2 },
}

async function made(): Promise<Disposable & { readonly home: string; readonly member: Awaited<ReturnType<typeof initHome>> }> {
  const folder = mkdtempSync(join(tmpdir(), 'home-'))
  const home = join(folder, 'node')
  const member = await initHome(home, config, { now, adminKey: newSigningKey().key.publicKey })
  return { home, member, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) }
}

test('a folder is made once: keys are never overwritten, and only their owner reads them', async () => {
  using node = await made()
  const before = readSecrets(node.home)
  await assert.rejects(initHome(node.home, config, { now, adminKey: 'x' }), { code: 'NODE_HOME_EXISTS' })
  assert.equal(readSecrets(node.home).signing.publicKey, before.signing.publicKey)
  for (const file of readdirSync(join(node.home, 'keys'))) assert.equal(statSync(join(node.home, 'keys', file)).mode & 0o777, 0o600, file)
  assert.equal(node.member.signingKey, before.signing.publicKey)
})

test('a network is pinned by the hash that its founders published, and by no other', async () => {
  using node = await made()
  const document = foundNetwork('test', [node.member], { now, randomness })
  assert.throws(() => readNetwork(node.home), { code: 'NODE_NOT_JOINED' })
  assert.throws(() => readApplication(node.home), { code: 'NODE_NOT_JOINED' })
  assert.throws(() => joinHome(node.home, { ...document, name: 'another' }, networkId(document)), { code: 'NODE_NETWORK_HASH' })
  assert.throws(() => joinHome(node.home, { ...document, admissionQuorum: 0 }, networkId(document)), { code: 'SCHEMA_NOT_VALID' })
  assert.throws(() => readNetwork(node.home), { code: 'NODE_NOT_JOINED' }, 'a refused file is not kept')
  assert.equal(joinHome(node.home, document, networkId(document)), networkId(document))
  assert.deepEqual(readNetwork(node.home).document, document)
  assert.equal(readApplication(node.home).member.id, 'rome')
})

test('a folder that is missing or damaged says which file, and nothing is made up for it', async () => {
  assert.throws(() => readConfig('/nonexistent/node'), { code: 'NODE_HOME_MISSING' })
  using node = await made()
  rmSync(join(node.home, 'keys', 'signing.seed'))
  assert.throws(() => readSecrets(node.home), { code: 'NODE_HOME_BAD', message: /signing\.seed/ })
  writeFileSync(join(node.home, 'network.json'), '{"format":')
  assert.throws(() => readNetwork(node.home), { code: 'NODE_HOME_BAD', message: /network\.json/ })
})

test('the hash does not depend on the order in which founders are named', async () => {
  using one = await made()
  const other = { ...one.member, id: 'berlin' }
  const ports = { now, randomness }
  assert.equal(networkId(foundNetwork('n', [one.member, other], ports)), networkId(foundNetwork('n', [other, one.member], ports)))
})
