// Proves that the check for traces of a machine notices them, and leaves ordinary text alone.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { tracesIn } from './check-traces.ts'

test('folders, hosts and lockfile addresses are named with their line', () => {
  const text = ['plain', 'see /builds/here/project/x.ts', 'from packages.example.org', '/home/somebody/notes', '/Users/Somebody/notes', '  "resolved": "https://example.org/x.tgz",'].join('\n')
  assert.deepEqual(tracesIn(text, ['/builds/here/', 'packages.example.org']), ['2: /builds/here/', '3: packages.example.org', '4: /home/somebody/', '5: /Users/Somebody/', '6: "resolved": "https:'])
})

test('ordinary paths pass', () => {
  assert.deepEqual(tracesIn('packages/base/src/index.ts\n/home/ and /usr/bin/env\n"resolved": "packages/base"', ['/builds/here/']), [])
})
