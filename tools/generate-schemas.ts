// Writes the language-neutral JSON Schemas of every document to schemas/; `--check` only compares. Prevents schemas and code from drifting apart.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { documents } from '@mhmd/schema'

const folder = new URL('../schemas/', import.meta.url)
const check = process.argv.includes('--check')

/** The file's text: JSON Schema 2020-12, named by the format it describes. */
export function schemaText(document: { readonly name: string; readonly schema: object }): string {
  return `${JSON.stringify({ $schema: 'https://json-schema.org/draft/2020-12/schema', $id: `urn:mhmd:schema:${document.name}`, title: document.name, ...document.schema }, null, 2)}\n`
}

if (import.meta.main) {
  await mkdir(folder, { recursive: true })
  for (const document of documents) {
    const file = new URL(`${document.name}.schema.json`, folder)
    const text = schemaText(document)
    if (!check) await writeFile(file, text)
    else if ((await readFile(file, 'utf8').catch(() => '')) !== text) {
      console.error(`SCHEMA_OUT_OF_STEP: schemas/${document.name}.schema.json. Run node tools/generate-schemas.ts.`)
      process.exitCode = 1
    }
  }
}
