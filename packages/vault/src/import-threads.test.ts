// An import over several threads gives what one thread gives, and may be killed anywhere.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { factResources } from '@mhmd/fhir'
import type { Source } from '@mhmd/fhir'
import { importDecision, ownAccess } from '../testing/decisions.ts'
import { collect, newFolder, openPlace, removeFolder } from '../testing/place.ts'
import { importFindings, importRecords } from './index.ts'
import type { ImportProgress, Vault } from './index.ts'

const urn = (number: number): string => `urn:uuid:00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
const patient = (id: string, more = {}): object => ({ resourceType: 'Patient', id, gender: 'female', ...more })
const condition = (id: string, of: string): object => ({ resourceType: 'Condition', id, subject: { reference: of }, code: { coding: [{ system: 'http://snomed.info/sct', code: id }] } })
const bundle = (person: number): object => ({
  resourceType: 'Bundle', type: 'collection',
  entry: [{ fullUrl: urn(2 * person), resource: condition(`bc${person}`, urn(2 * person + 1)) }, { fullUrl: urn(2 * person + 1), resource: patient(`b${person}`) }],
})

/** Lines and bundles, good ones, bad ones, repeated ones, references that lead nowhere. */
const lines = Array.from({ length: 900 }, (_, index) => {
  if (index % 50 === 0) return JSON.stringify(patient(`p${index / 50}`))
  if (index % 37 === 0) return JSON.stringify(bundle(index))
  if (index % 41 === 0) return '{"resourceType":'
  if (index % 43 === 0) return JSON.stringify(patient(`x${index}`, { gender: 'f' }))
  return JSON.stringify(condition(`c${index % 47 === 0 ? index - 1 : index}`, `Patient/p${index % 53 === 0 ? `missing${index}` : Math.floor(index / 50)}`))
})
const first = `${lines.slice(0, 500).join('\n')}\n`
const second = lines.slice(500).join('\n')
const document = JSON.stringify(bundle(5000), undefined, 1)

const source = (bytes: Uint8Array, size: number): Source => ({
  name: 'test',
  async* open() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
  },
})

/** Everything an import leaves, but for what is random: each subject's records and facts, and what stayed out. */
async function contents(vault: Vault, id = 'one'): Promise<unknown> {
  const people = []
  for await (const subject of vault.subjects()) {
    const decision = await ownAccess(subject)
    const { coded, ...facts } = await vault.facts(decision, subject, factResources)
    people.push(JSON.stringify([(await collect(vault.read(decision, subject))).map(({ text }) => text).sort(), facts, coded.map((fact) => JSON.stringify(fact)).sort()]))
  }
  return { people: people.sort(), findings: await collect(importFindings(vault, id)) }
}

async function importedBy(workers: number, size: number): Promise<{ result: ImportProgress; content: unknown }> {
  const folder = newFolder()
  const { vault, close } = await openPlace(folder)
  const sources = [source(Buffer.from(first), size), source(gzipSync(second), size), source(Buffer.from(document), size)]
  const result = await importRecords(sources, { id: 'one', vault, decision: importDecision(), batchItems: 130, workers })
  const content = await contents(vault)
  await close()
  removeFolder(folder)
  return { result, content }
}

test('any number of threads and any size of chunk give the same records, facts, findings and counts', async () => {
  const expected = await importedBy(0, 1_000_000)
  assert.equal(expected.result.unresolved, lines.filter((line) => line.includes('missing')).length)
  assert.ok(expected.result.quarantined > 40 && expected.result.added > 800)
  await fc.assert(fc.asyncProperty(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 100, max: 30_000 }), async (workers, size) => {
    assert.deepEqual(await importedBy(workers, size), expected)
  }), { numRuns: 5 })
})

test('an import killed again and again, wherever it is, ends as one that was left alone', async () => {
  const { result, content } = await importedBy(0, 1_000_000)
  const folder = newFolder()
  for (const [number, text] of [first, second, document].entries()) writeFileSync(join(folder, `${number}.ndjson`), text)
  const seen: number[] = []
  let kills = 0
  for (let lines = 1; await isKilled(folder, lines, seen); lines = 1 + (lines + 1) % 3) kills++
  assert.ok(kills >= 3)
  const { vault, close } = await openPlace(folder)
  assert.deepEqual(await importRecords(Array.from({ length: 3 }, () => source(Buffer.of(), 1)), { id: 'one', vault, decision: importDecision() }), result)
  assert.deepEqual(await contents(vault), content)
  // Nothing that a process said was stored was read again as new.
  assert.deepEqual(seen, [...seen].sort((a, b) => a - b))
  await close()
  removeFolder(folder)
})

/** Runs the import until it has said so many lines, and kills it; false where it came to its end first. */
function isKilled(folder: string, after: number, seen: number[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [new URL('../testing/killed-import.ts', import.meta.url).pathname, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (said.split('\n').length > after) child.kill('SIGKILL')
    })
    child.on('exit', (_code, signal) => {
      seen.push(...said.split('\n').slice(0, -1).map(Number))
      resolve(signal === 'SIGKILL')
    })
  })
}
