// What a stranger must trust to check a proof is small: the library's imports reach base and crypto, audited cryptography, and no module of a server.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { spawnSync } from 'node:child_process'
import { networkId } from '@mhmd/contracts'
import { checkpointOrigin, parseRoots } from '@mhmd/proof'
import { sampleNetwork } from '@mhmd/ledger/testing'

const root = new URL('..', import.meta.url).pathname

test('the closure of @mhmd/proof holds base, crypto and what crypto stands on, with and without a browser\'s condition', () => {
  const program = `
    import { registerHooks } from 'node:module'
    const seen = new Set()
    registerHooks({ load: (url, context, next) => { seen.add(url); return next(url, context) } })
    await import('@mhmd/proof')
    console.log(JSON.stringify([...seen]))`
  for (const [condition, allowed] of [[[], ['node:crypto', 'node:buffer', 'node:module']], [['--conditions=browser'], []]] as const) {
    const { stdout, stderr } = spawnSync(process.execPath, [...condition, '--input-type=module', '--eval', program], { cwd: `${root}apps/witness`, encoding: 'utf8' })
    assert.notEqual(stdout, '', stderr)
    const urls = JSON.parse(stdout) as string[]
    const rooms = new Set(urls.filter((url) => url.startsWith('file:')).map((url) => url.slice(url.indexOf(root) + root.length).replace(/^node_modules\/((?:@[^/]+\/)?[^/]+)\/.*/, '$1').replace(/^packages\/([^/]+)\/.*/, '$1')))
    assert.deepEqual([...rooms].filter((room) => !['base', 'crypto', 'proof', '@hpke/common', '@hpke/core', '@hpke/dhkem-x25519', '@noble/ciphers', '@noble/curves', '@noble/hashes'].includes(room)), [])
    assert.deepEqual(urls.filter((url) => url.startsWith('node:') && !(allowed as readonly string[]).includes(url)), [])
    assert.ok(rooms.has('proof') && rooms.has('base') && urls.length > 10)
  }
})

test('roots read from network.json are those that the contracts\' own network id gives', () => {
  const { document, id } = sampleNetwork({ now: () => 1_790_000_000_000 })
  const roots = parseRoots(document)
  assert.ok(roots.ok)
  assert.equal(roots.value.origin, checkpointOrigin(id))
  assert.equal(id, networkId(document))
  assert.deepEqual(roots.value.keys.map(({ publicKey }) => publicKey), document.founders.map((member) => member.signingKey))
  assert.equal(readFileSync(`${root}packages/proof/package.json`, 'utf8').includes('@mhmd/contracts'), false)
})
