// The seed set that the repository ships: whole, synthetic, valid by our own validator, and within its size.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { createReadStream, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { defaultPatients, patientsOf, readBundle } from '@mhmd/devnet'
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

/** Reads a bundle, and checks it and what its urns lead to. */
async function checked(name: string, open: () => AsyncIterable<Uint8Array>): Promise<number> {
  const resources: ReadResource[] = []
  for await (const items of readSource({ name, open })) {
    for (const item of items) {
      assert.ok(!isProblem(item), `${name}: ${isProblem(item) ? item.code : ''}`)
      resources.push(item)
    }
  }
  const types = new Map(resources.map(({ fullUrl, resource }) => [fullUrl, String(resource['resourceType'])]))
  const resolve = (reference: string): string | null | undefined => types.get(reference) ?? (reference.startsWith('urn:uuid:') ? null : undefined)
  for (const { resource } of resources) assert.deepEqual(validateResource(resource, { resolve }), [])
  return resources.length
}

test('every resource of it is read and valid, every urn leads to an entry', async () => {
  for (const [file = '', count] of rows) assert.equal(await checked(file, () => createReadStream(join(seed, file)) as AsyncIterable<Uint8Array>), Number(count))
})

test('so is every resource of the first copies that the devnet makes of it', async () => {
  for (const patient of patientsOf(defaultPatients(), 80).filter(({ copy }) => copy === 1)) {
    assert.ok(await checked('copy.json', () => (async function* () { yield Buffer.from(JSON.stringify(readBundle(patient))) })()) > 20)
  }
})
