// Runs the HAPI validator: its libraries fetched once by Maven, one Java process for all resources.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Json } from './mutants.ts'

const here = import.meta.dirname
const libraries = join(here, '../../.cache/fhir-validator-8.8.1')

/** A finding of severity error. `id` is HAPI's own name of the rule. */
export interface HapiFinding {
  readonly id: string
  readonly path: string
  readonly text: string
}

/** Whether Java, Maven and the libraries are there, fetched if need be. */
export function isHapiInstalled(): boolean {
  if (spawnSync('java', ['-version']).status !== 0) return false
  if (existsSync(join(libraries, 'lib/slf4j-nop-2.0.17.jar'))) return true
  console.log('Fetching the HAPI validator 8.8.1 with Maven …')
  return spawnSync('mvn', ['-B', '-ntp', '-q', '-f', join(here, 'pom.xml'), `-Dlibraries=${libraries}`, 'package'], { stdio: ['ignore', 'inherit', 'inherit'] }).status === 0
}

/** The findings for each resource, in order. `profiles` are files of StructureDefinitions to know. */
export async function askHapi(resources: readonly Json[], profiles: readonly string[] = []): Promise<HapiFinding[][]> {
  const java = spawn('java', ['-Xmx3g', '-cp', join(libraries, 'lib/*'), join(here, 'FhirValidator.java'), ...profiles], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise<number | null>((resolve) => java.on('close', resolve))
  const feeding = feed(java.stdin, resources)
  const found: HapiFinding[][] = []
  for await (const line of createInterface({ input: java.stdout })) found.push(JSON.parse(line) as HapiFinding[])
  await feeding
  const code = await ended
  if (code !== 0 || found.length !== resources.length) throw new Error(`the HAPI validator ended with ${String(code)} after ${found.length} of ${resources.length} resources`)
  return found
}

async function feed(input: NodeJS.WritableStream, resources: readonly Json[]): Promise<void> {
  for (const resource of resources) {
    if (!input.write(`${JSON.stringify(resource)}\n`)) await new Promise((resolve) => { input.once('drain', resolve) })
  }
  input.end()
}
