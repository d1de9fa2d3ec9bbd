// Prevents imports that point the wrong way, reach into another package's files, or are not declared where they are used.
import { globSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import type { ICruiseResult } from 'dependency-cruiser'
import { isTest, readImports, roomOf, root, type Import } from './imports.ts'
import { rules } from './dependency-rules.ts'

interface Manifest {
  readonly name: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

/** A manifest by its folder; the repository's own is at ''. */
export type Manifests = ReadonlyMap<string, Manifest>

function readManifests(): Manifests {
  const folders = ['', ...globSync('{packages,adapters,apps}/*/', { cwd: root }).map((folder) => folder.replace(/\/$/, ''))]
  return new Map(folders.map((folder) => [folder, JSON.parse(readFileSync(`${root}${folder}/package.json`, 'utf8')) as Manifest]))
}

const packageOf = (specifier: string): string => specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/')
const isCore = (specifier: string): boolean => specifier.startsWith('node:') || builtinModules.includes(specifier)

/** Another room's file by a relative path. */
function reachingIn({ from, specifier, to }: Import): string | undefined {
  if (!specifier.startsWith('.') || roomOf(to) === undefined || roomOf(from) === roomOf(to)) return undefined
  return `${from} imports ${specifier}: other packages are imported by name, so that what they export by hand is all there is to keep`
}

/** What a file may import by name: its room's dependencies, its room itself, and for tests and tools the development dependencies. */
function declaredFor(from: string, manifests: Manifests): ReadonlySet<string> {
  const room = manifests.get(roomOf(from) ?? '')
  const development = isTest(from) || roomOf(from) === undefined ? [room, manifests.get('')] : []
  return new Set([room?.name ?? '', ...Object.keys(room?.dependencies ?? {}), ...development.flatMap((manifest) => Object.keys(manifest?.devDependencies ?? {}))])
}

/** A package that is used without being declared; `#name` is declared by the room's own `imports`. Files outside rooms (scenarios, benches, tools) may use all of ours. */
function undeclared({ from, specifier }: Import, manifests: Manifests): string | undefined {
  const name = packageOf(specifier)
  if (specifier.startsWith('.') || specifier.startsWith('#') || isCore(specifier) || declaredFor(from, manifests).has(name)) return undefined
  if (roomOf(from) === undefined && name.startsWith('@mhmd/')) return undefined
  return `${from} imports ${name}: declare it in ${join(roomOf(from) ?? '', 'package.json')}${isTest(from) ? ' (devDependencies)' : ''}, or do without`
}

/** What relative and named imports there are that no manifest allows. That nothing is declared in vain is knip's to find. */
export function manifestProblems(imports: readonly Import[], manifests: Manifests): string[] {
  return [...new Set(imports.flatMap((one) => [reachingIn(one), undeclared(one, manifests)].filter((problem) => problem !== undefined)))]
}

/** Imports that break a rule of dependency-rules.ts, each with the rule's reason. */
export function brokenRules({ summary }: ICruiseResult): string[] {
  const reasons = new Map(rules.map((rule) => [rule.name, rule.comment ?? '']))
  return [...new Set(summary.violations.map((violation) => {
    const to = violation.cycle?.map((step) => step.name).join(' -> ') ?? violation.to
    return `${violation.from} -> ${to}\n    ${violation.rule.name}: ${reasons.get(violation.rule.name) ?? ''}`
  }))]
}

if (import.meta.main) {
  const { imports, result } = await readImports({ forbidden: rules })
  const problems = [...brokenRules(result), ...manifestProblems(imports, readManifests())]
  for (const problem of problems) console.log(problem)
  process.exitCode = problems.length > 0 ? 1 : 0
}
