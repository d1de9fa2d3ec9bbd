// Compares verdicts resource by resource and sums them up in a confusion table.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readProfile, validateResource } from '@mhmd/fhir'
import type { ValidationContext } from '@mhmd/fhir'
import { profileCases, profileDefinitions } from '@mhmd/fhir/testing'
import { explains, isRefusalExplained } from './differences.ts'
import { askHapi, isHapiInstalled } from './hapi.ts'
import type { HapiFinding } from './hapi.ts'
import { kinds, mutate, pick, seeded } from './mutants.ts'
import type { Json, Random } from './mutants.ts'
import { hl7Samples, ownExamples, seedFolder, smallBundle, syntheaFolder, syntheaSamples } from './samples.ts'
import type { Sample } from './samples.ts'

export interface CompareOptions {
  readonly mutants: number
  /** Resources of each type taken from the bundles. */
  readonly perType: number
  readonly seed: number
  /** One in so many of HL7's examples; 1 takes all. */
  readonly hl7Share: number
}

interface Case extends Sample {
  readonly group: string
}

export async function compareVerdicts(options: CompareOptions): Promise<{ passed: number; failed: number; skipped: number }> {
  if (!isHapiInstalled()) {
    console.log('CONFORMANCE_NO_JAVA: this judge needs Java 17 and Maven (Debian: openjdk-17-jdk-headless, maven)')
    return { passed: 0, failed: 0, skipped: 1 }
  }
  const cases = casesOf(options)
  const verdicts = await askHapi(cases.map(({ resource }) => resource), profileFiles)
  const table = new Map<string, Row>()
  let failed = 0
  cases.forEach((one, index) => {
    const hapi = verdicts[index] ?? []
    const problems = [...judge(one, hapi, rowOf(table, one.group)), ...one.group === hl7 ? unlike(one.name, hapi.length > 0) : []]
    for (const problem of problems) console.log(`FAILED ${one.group}, ${one.name}: ${problem}`)
    if (problems.length > 0) failed++
  })
  print(table)
  return { passed: cases.length - failed, failed, skipped: 0 }
}

function casesOf({ mutants, perType, seed, hl7Share }: CompareOptions): Case[] {
  const random = seeded(seed)
  const sound = [...syntheaSamples(seedFolder, { perType, random }), ...ownExamples()]
  const more = syntheaSamples(syntheaFolder, { perType, random })
  const examples = hl7Samples().filter((_, index) => index % hl7Share === 0)
  return [
    ...sound.map((one) => ({ ...one, group: 'seed patients' })), ...more.map((one) => ({ ...one, group: 'Synthea reference' })), ...examples.map((one) => ({ ...one, group: hl7 })),
    ...profileCases.map(({ what, resource }) => ({ name: what, resource, group: 'profiles of vectors/fhir' })),
    ...mutantsOf(sound, mutants, random),
  ]
}

/** So many mutants of all kinds in turn. */
function mutantsOf(sound: readonly Sample[], count: number, random: Random): Case[] {
  const bases = [...sound, ...Array.from({ length: 4 }, () => ({ name: 'bundle', resource: smallBundle() }))]
  const made: Case[] = []
  const names = Object.keys(kinds)
  for (let turn = 0; made.length < count && turn < 200 * count; turn++) {
    const kind = names[turn % names.length] ?? ''
    const fitting = kind.startsWith('bundle') ? bases.filter(({ resource }) => resource['resourceType'] === 'Bundle') : bases
    const base = pick(random, fitting)
    const mutant = base === undefined ? undefined : firstMutant(fitting, kind, random)
    if (mutant !== undefined) made.push(mutant)
  }
  return made
}

/** A kind that doesn't fit one resource may fit another. */
function firstMutant(bases: readonly Sample[], kind: string, random: Random): Case | undefined {
  for (let attempt = 0; attempt < 60; attempt++) {
    const base = pick(random, bases)
    const mutant = base === undefined ? undefined : mutate(base.resource, kind, random)
    if (base !== undefined && mutant !== undefined) return { name: base.name, resource: mutant.resource, group: `mutant: ${kind}` }
  }
  return undefined
}

const profiles = profileDefinitions.map((one) => readProfile(one))
const profileFiles = ['patient', 'observation'].map((name) => join(import.meta.dirname, `../../vectors/fhir/${name}-profile.json`))
const hl7 = 'HL7 examples'
const known = new Set(readFileSync(join(import.meta.dirname, 'hl7-known-failures.txt'), 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('#')))

/** HL7's own examples that break today's rules are listed, and no others. */
const unlike = (name: string, isRefused: boolean): string[] => known.has(name) === isRefused ? [] : [isRefused ? 'HAPI refuses it, and it is not among the known failures' : 'HAPI takes it, although it is among the known failures']

interface Row { both: number; neither: number; onlyHapi: number; onlyOurs: number }

function rowOf(table: Map<string, Row>, group: string): Row {
  const row = table.get(group) ?? { both: 0, neither: 0, onlyHapi: 0, onlyOurs: 0 }
  table.set(group, row)
  return row
}

/** Notes the pair of verdicts and gives the differences that nothing explains. */
function judge({ resource, group }: Case, hapi: readonly HapiFinding[], row: Row): string[] {
  const ours = validateResource(resource, { level: 'full', profiles, ...resolverOf(resource) }).filter(({ severity }) => severity === 'error')
  const pair = hapi.length === 0 ? (ours.length === 0 ? 'neither' : 'onlyOurs') : ours.length === 0 ? 'onlyHapi' : 'both'
  row[pair]++
  if (pair === 'onlyHapi') return hapi.filter((finding) => explains(finding) === undefined).map(({ id, path, text }) => `HAPI alone refuses: ${id} at ${path}: ${text.slice(0, 160)}`)
  if (pair === 'onlyOurs') return ours.filter(({ code, rule }) => !isRefusalExplained(code, group) && !isRefusalExplained(rule ?? code, group)).map(({ path, code, rule }) => `we alone refuse: ${path} ${rule ?? code}`)
  return []
}

/** In a bundle every urn must be another entry's address. */
function resolverOf(resource: Json): Pick<ValidationContext, 'resolve'> {
  if (resource['resourceType'] !== 'Bundle' || !Array.isArray(resource['entry'])) return {}
  const types = new Map((resource['entry'] as Json[]).map((entry) => [entry['fullUrl'], String((entry['resource'] as Json | undefined)?.['resourceType'])]))
  return { resolve: (reference) => types.get(reference) ?? (reference.startsWith('urn:uuid:') ? null : undefined) }
}

function print(table: ReadonlyMap<string, Row>): void {
  console.log(`\n${'group'.padEnd(52)} ${'both refuse'.padStart(12)} ${'both take'.padStart(10)} ${'HAPI alone'.padStart(11)} ${'we alone'.padStart(9)}`)
  const sum: Row = { both: 0, neither: 0, onlyHapi: 0, onlyOurs: 0 }
  for (const [group, row] of table) {
    printRow(group, row)
    for (const name of ['both', 'neither', 'onlyHapi', 'onlyOurs'] as const) sum[name] += row[name]
  }
  printRow('all', sum)
}

const printRow = (group: string, { both, neither, onlyHapi, onlyOurs }: Row): void =>
  console.log(`${group.padEnd(52)} ${String(both).padStart(12)} ${String(neither).padStart(10)} ${String(onlyHapi).padStart(11)} ${String(onlyOurs).padStart(9)}`)
