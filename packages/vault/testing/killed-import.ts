// A process that imports FOLDER/*.ndjson into the vault in FOLDER, on one more thread, to be killed anywhere. Usage: killed-import.ts FOLDER
import { createReadStream, globSync } from 'node:fs'
import { join } from 'node:path'
import { importRecords } from '../src/index.ts'
import { importDecision } from './decisions.ts'
import { openPlace } from './place.ts'

const folder = process.argv[2] ?? ''
const place = await openPlace(folder)
const sources = globSync(join(folder, '*.ndjson')).sort().map((path) => ({ name: 'test', open: () => createReadStream(path, { highWaterMark: 20_000 }) as AsyncIterable<Uint8Array> }))
await importRecords(sources, { id: 'one', vault: place.vault, decision: importDecision(), batchItems: 100, workers: 1, progress: ({ read }) => process.stdout.write(`${read}\n`) })
await place.close()
