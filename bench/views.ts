// Ready views over the devnet's Synthea patients: rows a second from parsed resources, from texts as the vault keeps them, and of the table; beside the `fhirpath` package on one view's paths.
// Usage: npm run bench -- views [--data FOLDER]
import { globSync, readFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { compileView, parseExact, readyViews, viewTable } from '@mhmd/fhir'
import type { CompiledView } from '@mhmd/fhir'
import fhirpath from 'fhirpath'
import r4 from 'fhirpath/fhir-context/r4/index.js'

const at = process.argv.indexOf('--data')
const data = (at < 0 ? undefined : process.argv[at + 1]) ?? new URL('../apps/devnet/seed', import.meta.url).pathname
const files = globSync(join(data, '*.json.gz')).sort().slice(0, 100)
const people = files.map((file, index) => ({ person: `s${index}`, texts: (JSON.parse(gunzipSync(readFileSync(file)).toString()) as { entry: { resource: object }[] }).entry.map(({ resource }) => JSON.stringify(resource)) }))
const SECONDS = 1

/** Runs the work again and again for a second, once before to be warm; gives runs a second. */
function rate(work: () => void): number {
  work()
  const began = performance.now()
  let runs = 0
  do {
    work()
    runs++
  } while (performance.now() - began < 1000 * SECONDS)
  return runs / ((performance.now() - began) / 1000)
}

const rowsOf = (view: CompiledView, resources: readonly unknown[]): number => resources.reduce((sum: number, resource) => sum + view.rowsOf(resource).length, 0)
const thousands = (value: number): string => Math.round(value).toLocaleString('en')

console.log(`machine: ${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, Node ${process.versions.node}; ${files.length} patients, ${thousands(people.reduce((sum, { texts }) => sum + texts.length, 0))} resources`)
for (const [name, definition] of readyViews) {
  const view = compileView(definition)
  const texts = people.flatMap((one) => one.texts.filter((text) => text.startsWith(`{"resourceType":"${view.resource}"`)))
  const resources = texts.map((text) => parseExact(text))
  const rows = rowsOf(view, resources)
  const parsed = rows * rate(() => void rowsOf(view, resources))
  const fromText = rows * rate(() => void rowsOf(view, texts.map((text) => parseExact(text))))
  const began = performance.now()
  await viewTable(view, [{ person: 's', resources }])
  const tabled = rows / ((performance.now() - began) / 1000)
  console.log(`${name}: ${resources.length} resources, ${rows} rows, ${view.columns.length} columns: ${thousands(parsed)} rows/s parsed, ${thousands(fromText)} rows/s from text, ${thousands(tabled)} rows/s into a table; load ${loadavg()[0]?.toFixed(1) ?? ''}`)
}

const conditions = readyViews.get('conditions')
const paths = conditions?.select.flatMap((select) => select.column ?? []).map(({ path }) => path).filter((path) => !path.includes('Key(')) ?? []
const theirs = paths.map((path) => fhirpath.compile(path, r4 as unknown as Parameters<typeof fhirpath.compile>[1]) as (resource: unknown) => unknown[])
const some = people.flatMap((one) => one.texts.filter((text) => text.startsWith('{"resourceType":"Condition"'))).slice(0, 200).map((text) => JSON.parse(text) as unknown)
console.log(`the columns of conditions by fhirpath: ${thousands(some.length * rate(() => { for (const one of some) for (const evaluate of theirs) evaluate(one) }))} rows/s`)
