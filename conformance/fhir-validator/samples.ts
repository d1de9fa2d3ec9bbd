// Resources to judge: of the seed patients, of the reference data where they are, and one with the least content of each type.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { pick } from './mutants.ts'
import type { Json, Random } from './mutants.ts'

export interface Sample {
  readonly name: string
  readonly resource: Json
}

const root = new URL('../..', import.meta.url).pathname
const reference = join(root, '../shared/data/fhir')
const parse = (path: string): Json => JSON.parse((path.endsWith('.gz') ? gunzipSync(readFileSync(path)) : readFileSync(path)).toString()) as Json

/** Up to so many resources of each type, from some bundles of a folder; references between entries name their target's type. */
export function syntheaSamples(folder: string, { perType, random }: { perType: number; random: Random }): Sample[] {
  const byType = new Map<string, Sample[]>()
  for (const path of globSync(join(folder, '**/*.json.gz')).sort()) {
    const entries = parse(path)['entry'] as { fullUrl: string; resource: Json }[]
    const names = new Map(entries.map(({ fullUrl, resource }) => [fullUrl, `${String(resource['resourceType'])}/${String(resource['id'])}`]))
    for (const { resource } of entries) {
      const list = byType.get(String(resource['resourceType'])) ?? []
      byType.set(String(resource['resourceType']), list)
      list.push({ name: `${basename(path)} ${String(resource['resourceType'])}`, resource: JSON.parse(JSON.stringify(resource).replace(/urn:uuid:[0-9a-f-]{36}/g, (urn) => names.get(urn) ?? urn)) as Json })
    }
  }
  for (const { resource } of [...byType.values()].flat()) forgetProfiles(resource)
  return [...byType.values()].flatMap((list) => Array.from({ length: Math.min(perType, list.length) }, () => pick(random, list) as Sample))
}

/** Synthea names profiles of US Core, which neither side has here: HAPI would refuse every resource because of that alone. */
function forgetProfiles(resource: Json): void {
  const meta = resource['meta'] as Json | undefined
  if (meta?.['profile'] === undefined) return
  delete meta['profile']
  if (Object.keys(meta).length === 0) delete resource['meta']
}

export const seedFolder = join(root, 'apps/devnet/seed')
export const syntheaFolder = join(reference, 'synthea-r4')

/** A transaction of a few entries out of a seed bundle, whose references stay inside. */
export function smallBundle(): Json {
  const [path = ''] = globSync(join(seedFolder, '*.json.gz')).sort()
  const bundle = parse(path)
  const entries = bundle['entry'] as { fullUrl: string; resource: Json }[]
  for (const { resource } of entries) forgetProfiles(resource)
  const patient = entries.find(({ resource }) => resource['resourceType'] === 'Patient')
  const others = entries.filter(({ resource }) => resource['resourceType'] === 'Condition' && resource['encounter'] !== undefined).slice(0, 1).map((entry) => {
    const { encounter: _, ...resource } = entry.resource
    return { ...entry, resource }
  })
  return { ...bundle, entry: [patient, ...others] as unknown[] }
}

export const ownExamples = (): Sample[] => globSync(join(root, 'docs/examples/*.json')).map((path) => ({ name: basename(path), resource: parse(path) })).filter(({ resource }) => typeof resource['resourceType'] === 'string')

/** HL7's own examples, empty where the reference data are not there. */
export function hl7Samples(): Sample[] {
  const folder = join(reference, 'hl7-r4-examples')
  if (!existsSync(folder)) return []
  return globSync(join(folder, '*.json')).filter((path) => basename(path) !== 'package.json').sort().map((path) => ({ name: basename(path), resource: parse(path) }))
}
