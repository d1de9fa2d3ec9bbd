// The seed set that the repository ships: whole, synthetic, valid by our own validator, and within its size.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { createReadStream, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { isProblem, readSource, validateResource } from '@mhmd/fhir'
import type { ReadResource } from '@mhmd/fhir'

const seed = new URL('../apps/devnet/seed', import.meta.url).pathname
const [, ...rows] = readFileSync(join(seed, 'MANIFEST.tsv'), 'utf8').trimEnd().split('\n').map((line) => line.split('\t'))

test('every file is the one that the manifest names, 24 patients or more in 8 MB or less', () => {
  let size = 0
  for (const [file = '', , , digest] of rows) {
    const packed = readFileSync(join(seed, file))
    size += statSync(join(seed, file)).size
    assert.equal(createHash('sha256').update(gunzipSync(packed)).digest('hex'), digest, file)
  }
  assert.ok(rows.filter(([file]) => file?.includes('/') === false).length >= 24 && size <= 8_000_000)
})

test('every resource of it is read and valid, every urn leads to an entry', async () => {
  for (const [file = '', count] of rows) {
    const resources: ReadResource[] = []
    for await (const items of readSource({ name: file, open: () => createReadStream(join(seed, file)) as AsyncIterable<Uint8Array> })) {
      for (const item of items) {
        assert.ok(!isProblem(item), `${file}: ${isProblem(item) ? item.code : ''}`)
        resources.push(item)
      }
    }
    assert.equal(resources.length, Number(count))
    const types = new Map(resources.map(({ fullUrl, resource }) => [fullUrl, String(resource['resourceType'])]))
    const resolve = (reference: string): string | null | undefined => types.get(reference) ?? (reference.startsWith('urn:uuid:') ? null : undefined)
    for (const { resource } of resources) assert.deepEqual(validateResource(resource, { resolve }), [])
  }
})
