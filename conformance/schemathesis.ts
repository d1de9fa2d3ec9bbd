// Judge: schemathesis 4.32.5 (PyPI) asks a small network's nodes everything that their own description allows, and much that it doesn't,
// with each role's credentials; it holds status, media type and answer against the description. Lawful refusals are those that the
// description names. Every operation must have succeeded at least once: here, by a lawful walk before, on people and requests that exist.
// Usage: npm run conformance -- schemathesis [--examples N] [--seed N]. 200 examples an operation and role are the long run; the default is a
// small sample. Installs schemathesis into .cache/schemathesis on the first run; skips where that can't be.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { smallNetwork } from '../tests/support/small-network.ts'
import type { SmallNetwork } from '../tests/support/small-network.ts'
import { callersOf } from './support/callers.ts'
import type { Credential } from './support/callers.ts'
import { walkLawfully } from './support/lawful-walk.ts'
import type { Walked } from './support/lawful-walk.ts'

const root = new URL('..', import.meta.url).pathname
const venv = join(root, '.cache/schemathesis')
const python = join(venv, 'bin/python')
const packages = ['schemathesis==4.32.5', 'cryptography==46.0.3']
const counts = { passed: 0, failed: 0, skipped: 0 }

function report(what: string, problems: readonly string[]): void {
  counts[problems.length === 0 ? 'passed' : 'failed']++
  console.log(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${what}${problems.map((problem) => `\n       ${problem}`).join('')}`)
}

function isInstalled(): boolean {
  if (spawnSync(python, ['-c', 'import schemathesis, cryptography']).status === 0) return true
  console.log(`Installing ${packages.join(' and ')} into .cache/schemathesis …`)
  if (!existsSync(python) && spawnSync('python3', ['-m', 'venv', venv]).status !== 0) return false
  return spawnSync(python, ['-m', 'pip', 'install', '--quiet', ...packages], { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0
}

type Described = Record<string, any> & { readonly paths: Record<string, Record<string, any>> }

/** The node's own description, with ids that exist as examples of its parameters. */
async function descriptionOf(network: SmallNetwork, name: string, walked: Walked): Promise<Described> {
  const document = await (await fetch(`${network.url(name)}/openapi.json`)).json() as Described
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const operation of Object.values(methods)) {
      for (const parameter of operation['parameters']) Object.assign(parameter, parameter.in === 'path' ? exampleOf(path, parameter.name, walked) : parameter.name === 'seconds' ? atOnce : {})
    }
  }
  return document
}

/** The stream of events ends by itself where it is asked to. */
const atOnce = { required: true, schema: { type: 'string', enum: ['0'] } }

/** By the word before it: `/staff/1/requests/{id}` is asked with a request's id. */
function exampleOf(path: string, name: string, { ids }: Walked): { example?: string } {
  const parts = path.split('/')
  const example = name === 'holder' ? 'rome' : ids[parts[parts.indexOf(`{${name}}`) - 1] ?? '']
  return example === undefined ? {} : { example }
}

/** Operations of a description as patterns of the calls that reach them. */
const operationsOf = ({ paths }: Described, base: string): { name: string; pattern: RegExp }[] => Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => ({
  name: `${method.toUpperCase()} ${path}`, pattern: new RegExp(`^${method.toUpperCase()} ${base}${path.replaceAll('.', '\\.').replace(/\{[^}]+\}/g, '[^/?]+')}(\\?.*)?$`),
})))

interface Judged { readonly output: string; readonly code: number; readonly notes: readonly string[] }

async function judge(network: SmallNetwork, folder: string, { credential, document, examples, seed }: { credential: Credential; document: Described; examples: number; seed: number }): Promise<Judged> {
  const [file, notes, config] = ['openapi.json', 'notes.txt', 'schemathesis.toml'].map((name) => join(folder, `${credential.node}-${credential.role.replaceAll(/[^a-z]/g, '')}-${name}`))
  writeFileSync(file ?? '', JSON.stringify(document))
  writeFileSync(notes ?? '', '')
  writeFileSync(config ?? '', settings)
  const args = ['-m', 'schemathesis.cli', '--config-file', config ?? '', 'run', file ?? '', '--url', network.url(credential.node), '--phases', examples >= 50 ? 'examples,coverage,fuzzing' : 'examples,fuzzing', '--max-examples', String(examples), '--seed', String(seed), '--no-shrink', '--continue-on-failure', '--warnings', 'off', '--request-timeout', '20', '--suppress-health-check', 'all', ...credential.leaveOut.flatMap((id) => ['--exclude-operation-id', id])]
  const child = spawn(python, args, { cwd: folder, env: { ...process.env, ...credential.environment, SCHEMATHESIS_HOOKS: join(root, 'conformance/schemathesis-hooks.py'), MHMD_NOTES: notes ?? '', PYTHONDONTWRITEBYTECODE: '1', NO_COLOR: '1' }, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { output += chunk.toString() })
  const code = await new Promise<number>((resolve) => child.on('exit', (status) => resolve(status ?? 1)))
  return { output, code, notes: readFileSync(notes ?? '', 'utf8').split('\n').filter((line) => line !== '') }
}

/** What the description names as lawful may be answered to any input; only what it calls invalid must be refused. */
const settings = `
[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 409, 413, 415, 429]
[checks.positive_data_acceptance]
enabled = false
[checks.unsupported_method]
enabled = false
[checks.ignored_auth]
enabled = false
`

const { values } = parseArgs({ options: { examples: { type: 'string', default: '3' }, seed: { type: 'string', default: '20260321' } } })
if (!isInstalled()) counts.skipped++
else {
  const network = await smallNetwork()
  const folder = mkdtempSync(join(tmpdir(), 'mhmd-schemathesis-'))
  try {
    const walked = await walkLawfully(network)
    const reached = new Set<string>()
    const documents = new Map<string, Described>()
    for (const name of ['rome', 'institute', 'accounts']) documents.set(name, await descriptionOf(network, name, walked))
    const callers = await callersOf(network, walked)
    const one = async (credential: Credential): Promise<void> => {
      const document = documents.get(credential.node) as Described
      const { output, code, notes } = await judge(network, folder, { credential, document, examples: Number(values.examples), seed: Number(values.seed) })
      for (const [method, path, status] of notes.map((line) => line.split(' '))) if (status?.startsWith('2') === true) reached.add(`${method} ${path}`)
      const failed = notes.filter((line) => / 5\d\d /.test(line) && !/ 503 /.test(line))
      report(`${credential.role} at ${credential.node}: ${notes.length} requests, ${notes.filter((line) => / 2\d\d /.test(line)).length} answered`, [...(code === 0 ? [] : [output.slice(-6000)]), ...new Set(failed)])
    }
    const lane = async (): Promise<void> => {
      for (let next = callers.shift(); next !== undefined; next = callers.shift()) await one(next)
    }
    await Promise.all([lane(), lane()])
    const operations = [...documents].flatMap(([node, document]) => operationsOf(document, network.url(node)))
    for (const { name, pattern } of operations) if (walked.calls.some((call) => pattern.test(call))) reached.add(name)
    const names = new Set(operations.map(({ name }) => name))
    report(`each of the ${names.size} operations has succeeded`, [...names].filter((name) => !reached.has(name)))
  } finally {
    await network.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exitCode = counts.failed > 0 ? 1 : 0
