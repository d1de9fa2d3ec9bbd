import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { cutSource, isProblem, readSource } from './index.ts'
import type { SourceItem } from './index.ts'

const limits = { resourceBytes: 200_000, depth: 100 }

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function read(content: Uint8Array | string, size = 1000, given = limits): Promise<SourceItem[]> {
  const bytes = Buffer.from(content as string)
  const items: SourceItem[] = []
  for await (const batch of readSource({ name: 'test', open: () => pieces(bytes, size) }, given)) items.push(...batch)
  return items
}

/** Ids of resources and `CODE@offset` of problems, in order. */
const told = (items: SourceItem[]): string[] => items.map((item) => isProblem(item) ? `${item.code}@${item.offset}${item.fatal ? '!' : ''}` : String(item.resource['id']))

const patient = (id: string, more = {}): object => ({ resourceType: 'Patient', id, ...more })
const bundle = (entries: object[], before = {}): object => ({ resourceType: 'Bundle', type: 'collection', ...before, entry: entries })
const entry = (id: string, more = {}): object => ({ fullUrl: `urn:uuid:${id}`, resource: patient(id, more), request: { method: 'POST', url: 'Patient' } })

const resources = fc.uniqueArray(fc.string({ unit: fc.constantFrom('a', 'b', '7', '-'), minLength: 1, maxLength: 8 }), { maxLength: 12 })
const noise = fc.string({ unit: 'grapheme', maxLength: 40 })

test('the same resources come out of a bundle, pretty or not, and of NDJSON, plain or gzipped, in chunks of any size', async () => {
  await fc.assert(fc.asyncProperty(resources, noise, fc.integer({ min: 1, max: 300 }), async (ids, text, size) => {
    const more = { name: [{ text: `${text}"}],\\{[` }], extension: [{ url: 'urn:u', valueDecimal: 1.5 }] }
    const document = bundle(ids.map((id) => entry(id, more)))
    const forms = [JSON.stringify(document), JSON.stringify(document, undefined, 2), `${ids.map((id) => JSON.stringify(patient(id, more))).join('\n')}\n`, `\ufeff${ids.map((id) => JSON.stringify(patient(id, more))).join('\r\n')}`]
    for (const form of forms) {
      assert.deepEqual(told(await read(form, size)), ids)
      assert.deepEqual(told(await read(gzipSync(form), size)), ids)
    }
  }), { numRuns: 40 })
})

test('entries keep their address, their text as written, and their place', async () => {
  const text = '{"resourceType":"Bundle","entry":[ {"fullUrl":"urn:uuid:1","resource": {"resourceType":"Observation","valueQuantity":{"value":1.500}} } ]}'
  const [item] = await read(text, 7)
  assert.ok(item !== undefined && !isProblem(item))
  assert.equal(item.fullUrl, 'urn:uuid:1')
  assert.equal(Buffer.from(item.text).toString(), '{"resourceType":"Observation","valueQuantity":{"value":1.500}}')
  assert.equal(item.offset, text.indexOf('{"fullUrl"'))
})

test('one resource alone, a List with its own entries, and a bundle that says so last are read', async () => {
  assert.deepEqual(told(await read(JSON.stringify(patient('p'), undefined, 1))), ['p'])
  const list = { resourceType: 'List', id: 'l', entry: [{ item: { reference: 'Patient/p' } }] }
  assert.deepEqual(told(await read(JSON.stringify(list, undefined, 1), 5)), ['l'])
  assert.deepEqual(told(await read(JSON.stringify({ entry: [entry('a'), entry('b')], resourceType: 'Bundle' }, undefined, 1), 9)), ['a', 'b'])
  assert.deepEqual(told(await read(`${JSON.stringify(bundle([entry('a')]))}\n${JSON.stringify(patient('b'))}\n`)), ['a', 'b'])
})

test('a bundle\'s kind decides what its entries need, wherever it says its kind', async () => {
  const composition = { resource: { resourceType: 'Composition', id: 'c' } }
  const bare = (id: string): object => ({ resource: patient(id) })
  const removal = { fullUrl: 'urn:uuid:r', request: { method: 'DELETE', url: 'Patient/r' } }
  const typed = (type: string, ...entries: object[]): string[] => [JSON.stringify({ resourceType: 'Bundle', type, entry: entries }, undefined, 1), JSON.stringify({ resourceType: 'Bundle', entry: entries, type }, undefined, 1), JSON.stringify({ entry: entries, type, resourceType: 'Bundle' }, undefined, 1)]
  const cases: [string[], string[][]][] = [
    [typed('document', composition, bare('a')), [['c', 'a'], ['c', 'a'], ['c', 'a']]],
    [typed('document', bare('a'), composition), [['FHIR_BUNDLE_FIRST!'], ['a', 'c', 'FHIR_BUNDLE_FIRST!'], ['FHIR_BUNDLE_FIRST!']]],
    [typed('message', bare('a')), [['FHIR_BUNDLE_FIRST!'], ['a', 'FHIR_BUNDLE_FIRST!'], ['FHIR_BUNDLE_FIRST!']]],
    [typed('transaction', entry('a'), bare('b')), [['a', 'FHIR_BUNDLE_REQUEST'], ['a', 'b', 'FHIR_BUNDLE_REQUEST!'], ['a', 'FHIR_BUNDLE_REQUEST']]],
    [typed('batch', removal, entry('a')), [['FHIR_BUNDLE_REMOVAL', 'a'], ['FHIR_BUNDLE_REMOVAL', 'a'], ['FHIR_BUNDLE_REMOVAL', 'a']]],
    [typed('collection', entry('a'), entry('a')), [['a', 'FHIR_BUNDLE_REPEATED'], ['a', 'FHIR_BUNDLE_REPEATED'], ['a', 'FHIR_BUNDLE_REPEATED']]],
    [typed('collection', entry('a', { meta: { versionId: '1' } }), entry('a', { meta: { versionId: '2' } })), [['a', 'a'], ['a', 'a'], ['a', 'a']]],
    [typed('history', entry('a'), entry('a')).slice(0, 1), [['a', 'a']]],
  ]
  for (const [texts, wanted] of cases) for (const [index, text] of texts.entries()) assert.deepEqual(told(await read(text, 11)).map((one) => one.replace(/@\d+/, '')), wanted[index], text)
})

test('bundles of any size, a line each, are lines', async () => {
  const ids = ['a', 'b', 'c', 'd']
  const text = ids.map((id) => JSON.stringify(bundle([entry(id), entry(`${id}2`, { text: { div: 'x'.repeat(400_000) } })]))).join('\n')
  for (const end of ['', '\n']) assert.deepEqual(told(await read(`${text}${end}`, 50_000, { ...limits, resourceBytes: 5_000_000 })), ids.flatMap((id) => [id, `${id}2`]))
})

test('a piece that is handed to another thread leaves the next ones where they are', async () => {
  const text = Array.from({ length: 3000 }, (_, index) => JSON.stringify(patient(`p${index}`))).join('\n')
  const source = { name: 'test', open: () => pieces(Buffer.from(text), 40_000) }
  const offsets: number[] = []
  for await (const cut of cutSource(source, limits)) {
    if (cut.form !== 'lines') continue
    offsets.push(cut.offset)
    assert.ok(text.startsWith(cut.text.toString(), cut.offset))
    if (cut.text.length === cut.text.buffer.byteLength) structuredClone(cut.text, { transfer: [cut.text.buffer as ArrayBuffer] })
  }
  assert.ok(offsets.length > 2)
})

test('a source cut anywhere gives what was complete before, then where it broke', async () => {
  const ids = ['a', 'b', 'c']
  const document = JSON.stringify(bundle(ids.map((id) => entry(id))), undefined, 1)
  const lines = ids.map((id) => JSON.stringify(patient(id))).join('\n')
  for (const [whole, isWhole] of [[document, (at: number) => at >= document.length], [lines, (at: number) => at === 0 || [...ids.keys()].some((n) => at === ids.slice(0, n + 1).map((id) => JSON.stringify(patient(id))).join('\n').length || at === ids.slice(0, n + 1).map((id) => `${JSON.stringify(patient(id))}\n`).join('').length)]] as const) {
    for (let at = 1; at < whole.length; at++) {
      const items = await read(whole.slice(0, at), 50)
      const good = items.filter((item) => !isProblem(item))
      assert.deepEqual(told(good), ids.slice(0, good.length))
      const last = items.at(-1)
      if (isWhole(at)) assert.equal(good.length, items.length)
      else {
        assert.ok(last !== undefined && isProblem(last), `cut at ${at}`)
        assert.ok(['FHIR_TRUNCATED', 'FHIR_MALFORMED'].includes(last.code) && last.offset <= at)
      }
    }
  }
})

test('gzip cut or damaged gives what was complete before and a code', async () => {
  const text = Array.from({ length: 4000 }, (_, index) => JSON.stringify(patient(`p${index}`, { name: [{ text: String(Math.sin(index)) }] }))).join('\n')
  const packed = gzipSync(text)
  const cut = await read(packed.subarray(0, packed.length - 2000), 5000)
  assert.ok(cut.length > 1000 && told(cut).at(-1)?.startsWith('FHIR_NOT_GZIP@'))
  const damaged = Buffer.from(packed)
  damaged.fill(0xff, packed.length - 3000, packed.length - 2000)
  assert.ok(told(await read(damaged, 5000)).at(-1)?.startsWith('FHIR_NOT_GZIP@'))
})

test('a bad line is one problem; the lines around it are read', async () => {
  const [a, b] = [JSON.stringify(patient('a')), JSON.stringify(patient('b'))]
  const at = a.length + 1
  assert.deepEqual(told(await read(`${a}\n{"resourceType":\n${b}\n`)), ['a', `FHIR_MALFORMED@${at}`, 'b'])
  assert.deepEqual(told(await read(`${a}\n[1]\n\n${b}\n`)), ['a', `FHIR_WRONG_TYPE@${at}`, 'b'])
  assert.deepEqual(told(await read(Buffer.concat([Buffer.from(`${a}\n{"id":"`), Buffer.from([0xff, 0xc3]), Buffer.from(`"}\n${b}\n`)]))), ['a', `FHIR_BAD_ENCODING@${at}`, 'b'])
})

test('a bad entry is one problem; garbage between entries ends the source', async () => {
  const document = JSON.stringify(bundle([entry('a'), { fullUrl: 'urn:uuid:x' }, entry('b')]))
  assert.deepEqual(told(await read(document)), ['a', `FHIR_MISSING@${document.indexOf('{"fullUrl":"urn:uuid:x"}')}`, 'b'])
  const broken = document.replace(',{"fullUrl":"urn:uuid:x"}', ' x ')
  assert.deepEqual(told(await read(broken)), ['a', `FHIR_MALFORMED@${broken.indexOf(' x ') + 1}!`])
})

test('resources over the limit and too deep ones are problems, others go on, and memory stays bounded', async () => {
  const large = entry('large', { name: [{ text: 'x'.repeat(300_000) }] })
  const deep = JSON.parse(`${'{"a":'.repeat(300)}1${'}'.repeat(300)}`) as object
  const document = JSON.stringify(bundle([entry('a'), large, { resource: { resourceType: 'Patient', id: 'deep', x: deep } }, entry('b')]))
  assert.deepEqual(told(await read(document)).map((one) => one.split('@')[0]), ['a', 'FHIR_TOO_LARGE', 'FHIR_TOO_DEEP', 'b'])
  const lines = [patient('a'), (large as { resource: object }).resource, patient('b', { text: { div: 'y'.repeat(70_000) }, x: deep }), patient('c')].map((one) => JSON.stringify(one)).join('\n')
  assert.deepEqual(told(await read(lines)).map((one) => one.split('@')[0]), ['a', 'FHIR_TOO_LARGE', 'FHIR_TOO_DEEP', 'c'])
})

test('a resource beyond 50 MB is refused with the ordinary limits, whole in one string or nested without end', async () => {
  const { readLimits } = await import('./index.ts')
  async function* endless(fill: string): AsyncGenerator<Uint8Array> {
    yield Buffer.from('{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient","id":"a"}},\n{"resource":{"resourceType":"Patient","id":"b","x":')
    for (let n = 0; n < 60; n++) yield Buffer.from(fill.repeat(1_000_000))
  }
  for (const fill of ['[', '1']) {
    const items: SourceItem[] = []
    for await (const batch of readSource({ name: 'test', open: () => endless(fill) }, readLimits)) items.push(...batch)
    assert.deepEqual(told(items).map((one) => one.split('@')[0]), ['a', 'FHIR_TRUNCATED'])
  }
})

test('other encodings and formats are told apart', async () => {
  assert.deepEqual(told(await read(Buffer.from(`\ufeff${JSON.stringify(patient('a'))}`, 'utf16le'))), ['FHIR_BAD_ENCODING@0!'])
  assert.deepEqual(told(await read(Buffer.from(JSON.stringify(patient('a')), 'utf16le'))), ['FHIR_BAD_ENCODING@0!'])
  assert.deepEqual(told(await read('<Patient xmlns="http://hl7.org/fhir"/>')), ['FHIR_NOT_A_SOURCE@0!'])
  assert.deepEqual(told(await read('PK\u0003\u0004')), ['FHIR_NOT_A_SOURCE@0!'])
  assert.deepEqual(told(await read('')), [])
  assert.deepEqual(told(await read(' \n\n')), [])
})

test('no bytes make the reader throw', async () => {
  const jsonish = fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '\\', ' ', '\n', 'a', '"entry":[', '{"resourceType":"Bundle"', '{"resource":{}}', '\u00e9'), maxLength: 60 })
  await fc.assert(fc.asyncProperty(fc.oneof(jsonish.map((text) => Buffer.from(text)), jsonish.map((text) => Buffer.from(`{"resourceType":"Bundle","entry":[${text}`)), fc.uint8Array({ maxLength: 60 })), fc.integer({ min: 1, max: 40 }), async (bytes, size) => {
    await read(bytes, size)
  }), { numRuns: 1500 })
})
