// Every resource of the shared Synthea bundles, and of HL7's own examples, through reader and validator; HL7's examples known to break their own rules are listed.
// Usage: npm run conformance -- fhir-import [FOLDER]   FOLDER: the reference data, by default ../shared/data/fhir
// Only computes
import { createReadStream, globSync } from 'node:fs'
import { basename, join } from 'node:path'
import { isProblem, readSource, validateResource } from '@mhmd/fhir'
import type { SourceItem } from '@mhmd/fhir'

const folder = process.argv[2] ?? new URL('../../shared/data/fhir', import.meta.url).pathname

/** HL7's examples that break a rule of FHIR R4 4.0.1, each looked at: the reference or missing element is as the issue says. */
const knownBroken: Readonly<Record<string, string>> = {
  'DeviceMetric-example.json': 'parent refers to a DeviceDefinition; a Device must stand there',
  'DeviceUseStatement-example.json': 'reasonReference refers to a Procedure, which may not stand there',
  'Library-zika-virus-intervention-logic.json': 'the address of a value set begins with urn:oid: and goes on with no object identifier',
  'MedicationRequest-medrx0301.json': 'dispenseRequest.performer refers to a Practitioner; an Organization must stand there',
  'Observation-clinical-gender.json': 'performer refers to an Encounter, which may not stand there',
  'Questionnaire-qs1.json': 'items lack the required linkId',
}

const counts = { passed: 0, failed: 0, skipped: 0 }

async function itemsOf(path: string): Promise<SourceItem[]> {
  const items: SourceItem[] = []
  for await (const batch of readSource({ name: basename(path), open: () => createReadStream(path) as AsyncIterable<Uint8Array> })) items.push(...batch)
  return items
}

/** In a bundle every urn must be another entry's address. */
function resolver(items: readonly SourceItem[]): (reference: string) => string | null | undefined {
  const types = new Map(items.map((item) => isProblem(item) ? ['', ''] : [item.fullUrl ?? '', String(item.resource['resourceType'])]))
  return (reference) => types.get(reference) ?? (reference.startsWith('urn:uuid:') ? null : undefined)
}

function judge(path: string, found: readonly string[], { expectBroken }: { expectBroken: boolean }): void {
  if ((found.length > 0) === expectBroken) counts.passed++
  else {
    counts.failed++
    console.log(`FAILED ${basename(path)}: ${found.slice(0, 3).join('; ') || 'accepted, although on the list of broken examples'}`)
  }
}

/** Entries that hold no record to validate: responses, removals, and an example whose repeated addresses are its point. */
const isNoRecord = (code: string): boolean => ['FHIR_MISSING', 'FHIR_BUNDLE_REMOVAL'].includes(code)

const synthea = globSync(join(folder, 'synthea-r4/*.json.gz')).sort()
const examples = globSync(join(folder, 'hl7-r4-examples/*.json')).filter((path) => basename(path) !== 'package.json').sort()
if (synthea.length === 0 || examples.length === 0) {
  console.log(`CONFORMANCE_NO_DATA: no FHIR data in the folder given`)
  console.log('0 passed, 0 failed, 1 skipped')
  process.exit(1)
}
let resources = 0
for (const path of synthea) {
  const items = await itemsOf(path)
  const resolve = resolver(items)
  for (const item of items) {
    resources++
    judge(path, isProblem(item) ? [item.code] : validateResource(item.resource, { resolve }).map((issue) => `${issue.path} ${issue.code}`), { expectBroken: false })
  }
}
for (const path of examples) {
  const found: string[] = []
  for (const item of await itemsOf(path)) found.push(...isProblem(item) && !isNoRecord(item.code) ? [item.code] : isProblem(item) ? [] : validateResource(item.resource).map((issue) => `${issue.path} ${issue.code}`))
  judge(path, found, { expectBroken: basename(path) in knownBroken })
}
console.log(`${resources} resources of ${synthea.length} Synthea bundles, ${examples.length} HL7 examples`)
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exitCode = counts.failed > 0 ? 1 : 0
