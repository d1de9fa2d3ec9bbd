import assert from 'node:assert/strict'
import { readFile, readdir } from 'node:fs/promises'
import { test } from 'node:test'
import { documents } from '@mhmd/schema'
import { schemaText } from './generate-schemas.ts'

const folder = new URL('../schemas/', import.meta.url)

test('every document has its JSON Schema in schemas/, in step with the code', async () => {
  for (const document of documents) assert.equal(await readFile(new URL(`${document.name}.schema.json`, folder), 'utf8'), schemaText(document))
})

test('schemas/ holds no schema that no document has', async () => {
  const names = new Set(documents.map((document) => `${document.name}.schema.json`))
  assert.deepEqual((await readdir(folder)).filter((file) => file.endsWith('.schema.json') && !names.has(file)), [])
})
