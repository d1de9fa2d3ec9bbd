// schemathesis over a small network's nodes: everything that their own description allows, and much that it doesn't, with each role's credentials; it holds
// status, media type and answer against the description. Lawful refusals are those that the description names. Every operation must have succeeded at least
// once: here, by a lawful walk before, on people and requests that exist.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { smallNetwork } from '../../tests/support/small-network.ts'
import type { SmallNetwork } from '../../tests/support/small-network.ts'
import { callersOf } from '../support/callers.ts'
import type { Credential } from '../support/callers.ts'
import { walkLawfully } from '../support/lawful-walk.ts'
import type { Walked } from '../support/lawful-walk.ts'

const root = new URL('../..', import.meta.url).pathname
const venv = join(root, '.cache/schemathesis')
const python = join(venv, 'bin/python')
const packages = ['schemathesis==4.32.5', 'cryptography==46.0.3']
/** Of an operation that the caller may not call: the refusal comes before the input is read. */
const REFUSED_EXAMPLES = 5

export interface Asked {
  /** Of each operation that a caller may call. */
  readonly examples: number
  readonly seed: number
  /** Callers whose `role at node` holds this text; all by default. */
  readonly only?: string
  /** Operations whose path holds one of these texts; all by default. */
  readonly paths?: readonly string[]
}

/** What one caller did, and what schemathesis found wrong. */
export interface Judged {
  readonly caller: string
  /** Operations that it may call, and others. */
  readonly operations: readonly [number, number]
  readonly requests: number
  readonly answered: number
  readonly refused: number
  readonly problems: readonly string[]
}

export interface Verdict {
  readonly callers: readonly Judged[]
  readonly operations: number
  /** Those that never succeeded. */
  readonly unreached: readonly string[]
}

/** Undefined where schemathesis can't be installed. `told` hears each caller's result as it comes. */
export async function judgeNodes(asked: Asked, told: (one: Judged) => void = () => undefined): Promise<Verdict | undefined> {
  if (!isInstalled()) return undefined
  const network = await smallNetwork({ withAccessBody: true })
  const folder = mkdtempSync(join(tmpdir(), 'mhmd-schemathesis-'))
  try {
    return await judgeNetwork(network, folder, { asked, told })
  } finally {
    await network.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function isInstalled(): boolean {
  if (spawnSync(python, ['-c', 'import schemathesis, cryptography']).status === 0) return true
  console.log(`Installing ${packages.join(' and ')} into .cache/schemathesis …`)
  if (!existsSync(python) && spawnSync('python3', ['-m', 'venv', venv]).status !== 0) return false
  return spawnSync(python, ['-m', 'pip', 'install', '--quiet', ...packages], { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0
}

async function judgeNetwork(network: SmallNetwork, folder: string, { asked, told }: { asked: Asked; told: (one: Judged) => void }): Promise<Verdict> {
  const walked = await walkLawfully(network)
  const documents = new Map<string, Described>()
  for (const name of ['rome', 'institute', 'accounts', 'access']) documents.set(name, await descriptionOf(network, name, walked))
  const waiting = (await callersOf(network, walked)).filter((credential) => nameOf(credential).includes(asked.only ?? ''))
  const reached = new Set<string>()
  const callers: Judged[] = []
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { notes, problems, operations } = await judgeCaller(next, { url: network.url(next.node), folder, asked, document: documents.get(next.node) as Described })
      for (const [method, path, status] of notes) if (status?.startsWith('2') === true) reached.add(`${method} ${path}`)
      const withStatus = (first: string): number => notes.filter(([, , status]) => status?.startsWith(first) === true).length
      callers.push({ caller: nameOf(next), operations, requests: notes.length, answered: withStatus('2'), refused: withStatus('4'), problems })
      told(callers.at(-1) as Judged)
    }
  }
  await Promise.all([lane(), lane()])
  const patterns = [...documents].flatMap(([node, document]) => operationsOf(document, network.url(node)))
  for (const { name, pattern } of patterns) if (walked.calls.some((call) => pattern.test(call))) reached.add(name)
  const names = new Set(patterns.map(({ name }) => name))
  return { callers, operations: names.size, unreached: [...names].filter((name) => !reached.has(name)) }
}

const nameOf = ({ role, node }: Credential): string => `${role} at ${node}`

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

type Note = readonly (string | undefined)[]
type Place = { readonly url: string; readonly folder: string; readonly asked: Asked; readonly document: Described }
type Found = { readonly notes: readonly Note[]; readonly problems: readonly string[]; readonly operations: readonly [number, number] }

/** Two runs: what the caller may call, in full; the rest, a little. */
async function judgeCaller(credential: Credential, place: Place): Promise<Found> {
  const { paths = [''] } = place.asked
  const all = Object.entries(place.document.paths).filter(([path]) => paths.some((text) => path.includes(text))).flatMap(([, methods]) => Object.values(methods)) as { operationId: string; 'x-mhmd-callers': readonly string[] }[]
  const mayCall = ({ 'x-mhmd-callers': callers }: (typeof all)[number]): boolean => callers.some((caller) => ['anyone', 'public', ...credential.roles].includes(caller))
  const idsOf = (list: typeof all): string[] => list.map(({ operationId }) => operationId).filter((id) => !credential.leaveOut.includes(id))
  const [lawful, others] = [idsOf(all.filter(mayCall)), idsOf(all.filter((one) => !mayCall(one)))]
  const environment = await credential.environment()
  const runs = [await run(environment, place, { ids: lawful, examples: place.asked.examples }), await run(environment, place, { ids: others, examples: Math.min(place.asked.examples, REFUSED_EXAMPLES) })]
  return { notes: runs.flatMap(({ notes }) => notes), problems: runs.flatMap(({ problems }) => problems), operations: [lawful.length, others.length] }
}

async function run(environment: Readonly<Record<string, string>>, { url, folder, asked, document }: Place, { ids, examples }: { ids: readonly string[]; examples: number }): Promise<Pick<Found, 'notes' | 'problems'>> {
  if (ids.length === 0) return { notes: [], problems: [] }
  const at = mkdtempSync(join(folder, 'run-'))
  const [file, notes, config] = ['openapi.json', 'notes.txt', 'schemathesis.toml'].map((name) => join(at, name)) as [string, string, string]
  writeFileSync(file, JSON.stringify(document))
  writeFileSync(notes, '')
  writeFileSync(config, settings)
  const args = ['-m', 'schemathesis.cli', '--config-file', config, 'run', file, '--url', url, '--phases', 'examples,fuzzing', '--max-examples', String(examples), '--seed', String(asked.seed), '--no-shrink', '--continue-on-failure', '--warnings', 'off', '--request-timeout', '20', '--suppress-health-check', 'all', ...ids.flatMap((id) => ['--include-operation-id', id])]
  const child = spawn(python, args, { cwd: at, env: { ...process.env, ...environment, SCHEMATHESIS_HOOKS: join(root, 'conformance/schemathesis-hooks.py'), MHMD_NOTES: notes, PYTHONDONTWRITEBYTECODE: '1', NO_COLOR: '1' }, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { output += chunk.toString() })
  const code = await new Promise<number>((resolve) => child.on('exit', (status) => resolve(status ?? 1)))
  const lines = readFileSync(notes, 'utf8').split('\n').filter((line) => line !== '').map((line) => line.split(' '))
  const failed = new Set(lines.filter(([, , status = '']) => status.startsWith('5') && status !== '503').map((line) => line.join(' ')))
  return { notes: lines, problems: [...(code === 0 ? [] : [output.slice(-12_000)]), ...failed] }
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
