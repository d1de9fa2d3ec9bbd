// Bench: a table released, with the gate: cohort resolved, rows generalised by people or put under pseudonyms, bytes written, opened again and measured. Seeded.
// Usage: npm run bench -- release [PEOPLE …]   People with one to three rows each; default 5,000 and 50,000 (about 10⁴ and 10⁵ rows).
import { cpus, loadavg, totalmem } from 'node:os'
import { deidEngine, releaseTable } from '@mhmd/release'
import { dataset, datasetId, decided, now, personRows, request, secret, sourceOf } from '@mhmd/release/testing'

const given = process.argv.slice(2).map(Number)
const sizes = given.length > 0 ? given : [5000, 50_000]
const variables = ['birth', 'sex', 'place', 'diagnosis', 'onset']

console.log(`machine: ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, load ${loadavg()[0]?.toFixed(1) ?? '?'}`)
console.log('| form | people | rows | bytes | cohort s | release with gate s | peak resident MiB |\n| --- | --- | --- | --- | --- | --- | --- |')
for (const people of sizes) {
  const rows = personRows(people)
  for (const form of ['anonymised', 'pseudonymised'] as const) {
    const asked = { ...request, form, variables }
    const before = performance.now()
    const decision = await decided(asked, rows)
    const resolved = performance.now()
    const outcome = await releaseTable({
      request: asked, decision, dataset: { holder: 'rome', id: datasetId, version: 1, document: dataset }, agreement: 'a', source: sourceOf(rows), engine: deidEngine, secret, earlier: [],
      clock: { now: () => now }, randomness: { bytes: (length) => new Uint8Array(length) },
    })
    const ended = performance.now()
    if (!outcome.released) throw new Error(`held back: ${outcome.rule}`)
    console.log(`| ${form} | ${people} | ${rows.table.rows} | ${outcome.bytes.length} | ${((resolved - before) / 1000).toFixed(2)} | ${((ended - resolved) / 1000).toFixed(2)} | ${Math.round(process.resourceUsage().maxRSS / 1024)} |`)
  }
}
